import { describe } from 'vitest'
import { useCryptography } from '../../src/credential/crypto.ts'
import { webCryptography } from '../../src/credential/web-crypto.ts'

/** On Workers there is one. */
export const drivers: Record<string, () => void> = {
  WebCrypto: () => useCryptography(webCryptography),
}

export const byEachDriver = (claims: () => void): void => {
  describe('by WebCrypto', claims)
}
