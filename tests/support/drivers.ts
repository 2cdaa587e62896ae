import { afterAll, beforeAll, describe } from 'vitest'
import { useCryptography } from '../../src/credential/crypto.ts'
import { webCryptography } from '../../src/credential/web-crypto.ts'
import { inflateByStream, useInflate } from '../../src/credential/zlib.ts'
import { nodeCryptography } from '../../src/platform/crypto.node.ts'
import { inflateAtOnce } from '../../src/platform/zlib.node.ts'

/** What installs the drivers of Node, and those that every runtime has. In workerd a twin is loaded. */
export const drivers: Record<string, () => void> = {
  Node() {
    useCryptography(nodeCryptography)
    useInflate(inflateAtOnce)
  },
  'what every runtime has'() {
    useCryptography(webCryptography)
    useInflate(inflateByStream)
  },
}

/** Makes the same claims of each driver, and afterwards installs the one that serves here. */
export function byEachDriver(claims: () => void): void {
  describe.each(Object.entries(drivers))('by %s', (_, use) => {
    beforeAll(use)
    afterAll(() => Object.values(drivers)[0]?.())
    claims()
  })
}
