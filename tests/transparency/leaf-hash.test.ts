import { expect, it } from 'vitest'
import { leafHash } from '../../src/transparency/leaf-hash.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

it('the hash of the empty leaf is that of RFC 9162 implementations', async () => {
  expect(hex(await leafHash(new Uint8Array()))).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  )
})

it('a leaf hashes differently from its bytes alone', async () => {
  const leaf = new TextEncoder().encode('leaf')
  const bare = new Uint8Array(await crypto.subtle.digest('SHA-256', leaf))
  expect(hex(await leafHash(leaf))).not.toBe(hex(bare))
})
