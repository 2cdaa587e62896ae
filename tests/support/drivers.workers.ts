import { describe } from 'vitest'
import { useCryptography } from '../../src/credential/crypto.ts'
import { webCryptography } from '../../src/credential/web-crypto.ts'
import { inflateByStream, useInflate } from '../../src/credential/zlib.ts'

/** On Workers there is one. */
export const drivers: Record<string, () => void> = {
  'what every runtime has'() {
    useCryptography(webCryptography)
    useInflate(inflateByStream)
  },
}

export const byEachDriver = (claims: () => void): void => {
  describe('by what every runtime has', claims)
}
