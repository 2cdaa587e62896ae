import type { Cryptography } from './cryptography.ts'
import { webCryptography } from './web-crypto.ts'

let driver: Cryptography = webCryptography

/**
 * Says which driver is used from now on: WebCrypto, which every runtime has, unless an entry knows a
 * faster one. They give the same answers, so that nothing else depends on which it is.
 */
export function useCryptography(faster: Cryptography): void {
  driver = faster
}

export const cryptography = (): Cryptography => driver
