import { afterAll, beforeAll, describe } from 'vitest'
import { useCryptography } from '../../src/credential/crypto.ts'
import { webCryptography } from '../../src/credential/web-crypto.ts'
import { nodeCryptography } from '../../src/platform/crypto.node.ts'

/** What installs each driver of cryptography that there is here. In workerd its twin is loaded. */
export const drivers: Record<string, () => void> = {
  'node:crypto': () => useCryptography(nodeCryptography),
  WebCrypto: () => useCryptography(webCryptography),
}

/** Makes the same claims of each driver, and afterwards installs the one that serves here. */
export function byEachDriver(claims: () => void): void {
  describe.each(Object.entries(drivers))('by %s', (_, use) => {
    beforeAll(use)
    afterAll(() => Object.values(drivers)[0]?.())
    claims()
  })
}
