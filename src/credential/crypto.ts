import type { Cryptography } from './cryptography.ts'
import { webCryptography } from './web-crypto.ts'

let driver = opaque(webCryptography)

/**
 * Says which driver is used from now on: WebCrypto, which every runtime has, unless an entry knows a
 * faster one. They give the same answers, so that nothing else depends on which it is.
 */
export function useCryptography<V, S, A, M>(faster: Cryptography<V, S, A, M>): void {
  driver = opaque(faster)
}

export const cryptography = (): Cryptography => driver

/** Nobody looks into a key, nor makes one but by the driver. */
function opaque<V, S, A, M>(made: Cryptography<V, S, A, M>): Cryptography {
  return made as unknown as Cryptography
}
