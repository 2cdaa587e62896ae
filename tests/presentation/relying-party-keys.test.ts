import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { hashOfApiKey, keyPairOfApiKey } from '../../src/presentation/relying-party-keys.ts'
import { openResult, sealResult } from '../../src/presentation/sealed-result.ts'

const createdAt = new Date('2026-11-21T10:00:00Z')
const relyingParty = 'http://localhost:8787/relying-parties/bank-sg'

async function keyOf(apiKey: string) {
  const keyHash = (await hashOfApiKey(apiKey)) ?? ''
  const { publicJwk } = await keyPairOfApiKey(apiKey)
  return { keyHash, relyingParty, publicJwk, createdAt }
}

const [first, second, third] = [1, 2, 3].map((n) => encodeBase64url(new Uint8Array(32).fill(n)))

describe('a result is sealed to API keys', () => {
  it('and each of them opens it, and no other', async () => {
    const result = { 'pid-sd-jwt': [{ claims: { name: 'Nguyễn Thị An' } }] }
    const sealed = await sealResult(result, [await keyOf(first ?? ''), await keyOf(second ?? '')])
    expect(JSON.stringify(sealed)).not.toContain('Nguy')
    expect(await openResult(sealed, first ?? '')).toEqual(result)
    expect(await openResult(sealed, second ?? '')).toEqual(result)
    expect(await openResult(sealed, third ?? '')).toBeUndefined()
  })

  it('so that the box of another is of no use', async () => {
    const [box] = await sealResult({ a: 1 }, [await keyOf(first ?? '')])
    const stolen = { keyHash: (await hashOfApiKey(second ?? '')) ?? '', jwe: box?.jwe ?? '' }
    expect(await openResult([stolen], second ?? '')).toBeUndefined()
  })
})

describe('an API key', () => {
  it.each([
    '',
    'short',
    'A'.repeat(42),
    'A'.repeat(44),
    `${'A'.repeat(42)}=`,
    `${'A'.repeat(42)}B`,
  ])('has 256 bits in base64url: %j has not', async (apiKey) => {
    expect(await hashOfApiKey(apiKey)).toBeUndefined()
  })
})
