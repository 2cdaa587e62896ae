import { createHmac, hkdfSync } from 'node:crypto'
import { base64url, exportJWK, generateKeyPair, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import { jwkKeyRing, type PurposeJwk } from '../../src/platform/jwk-key-ring.ts'

async function signingKey(purpose: string, kid: string): Promise<PurposeJwk> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(privateKey)), purpose, kid, x5c: ['MIIB'] }
}
const verifies = async (jwk: JWK, signature: Uint8Array<ArrayBuffer>, data: string) => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk as JsonWebKey, algorithm, false, ['verify'])
  return crypto.subtle.verify(algorithm, key, signature, new TextEncoder().encode(data))
}
const bytes = new TextEncoder().encode('signed')
const macPurposes = ['person-token', 'pairwise', 'response-encryption', 'nonce', 'sandbox'] as const

describe('a key ring of JWKs', () => {
  it('signs with the first key of a purpose, and knows the retired ones', async () => {
    const keys = [await signingKey('receipt', 'new'), await signingKey('receipt', 'old')]
    const ring = jwkKeyRing({ keys }, cryptography())
    const [current, retired] = ring.publicKeys('receipt')
    const signature = await ring.sign('receipt', bytes)
    expect([current.kid, retired?.kid]).toEqual(['new', 'old'])
    expect(await verifies(current.jwk, signature, 'signed')).toBe(true)
    expect(retired && (await verifies(retired.jwk, signature, 'signed'))).toBe(false)
  })

  it('keeps retired keys with their time, and does not need their private halves', async () => {
    const { d: _, ...old } = await signingKey('receipt', 'old')
    const { d: __, ...lost } = await signingKey('receipt', 'lost')
    const revoked = { revoked_at: 150, reason: 'superseded' }
    const current = { ...(await signingKey('receipt', 'new')), iat: 200 }
    const ring = jwkKeyRing(
      {
        keys: [current, { ...old, iat: 100, exp: 200 }, { ...lost, revoked }],
      },
      cryptography(),
    )
    expect(ring.publicKeys('receipt')).toMatchObject([
      { kid: 'new', iat: 200 },
      { kid: 'old', iat: 100, exp: 200 },
      { kid: 'lost', revoked },
    ])
    expect(Object.keys(ring.publicKeys('receipt')[0])).not.toContain('exp')
  })

  it('does not sign with a key that has an end, or no private half', async () => {
    const key = await signingKey('receipt', 'a')
    const { d: _, ...publicOnly } = key
    const revoked = { revoked_at: 1 }
    expect(() => jwkKeyRing({ keys: [{ ...key, exp: 1 }] }, cryptography())).toThrow('has an end')
    expect(() => jwkKeyRing({ keys: [{ ...key, revoked }] }, cryptography())).toThrow('has an end')
    expect(() => jwkKeyRing({ keys: [publicOnly] }, cryptography())).toThrow('no private half')
  })

  it('never shows a private key', async () => {
    const ring = jwkKeyRing({ keys: [await signingKey('receipt', 'a')] }, cryptography())
    expect(Object.keys(ring.publicKeys('receipt')[0].jwk).sort()).toEqual(['crv', 'kty', 'x', 'y'])
  })

  const secret = (purpose: string, kid: string, fill: number): PurposeJwk => {
    const k = base64url.encode(new Uint8Array(32).fill(fill))
    return { purpose, kid, kty: 'oct', k }
  }

  it('makes the same MAC for the same bytes, and another for others', async () => {
    const ring = jwkKeyRing({ keys: [secret('secrets', 's', 1)] }, cryptography())
    const mac = await ring.mac('nonce', bytes)
    expect(mac).toHaveLength(32)
    expect(await ring.mac('nonce', bytes)).toEqual(mac)
    expect(await ring.mac('nonce', new Uint8Array(1))).not.toEqual(mac)
  })

  it('derives a key of its own for each purpose, by HKDF-SHA-256', async () => {
    const ring = jwkKeyRing({ keys: [secret('secrets', 's', 1)] }, cryptography())
    const key = hkdfSync('sha256', new Uint8Array(32).fill(1), '', 'pairwise', 32)
    const expected = createHmac('sha256', new Uint8Array(key)).update(bytes).digest()
    expect(Buffer.from(await ring.mac('pairwise', bytes)).equals(expected)).toBe(true)
    const macs = macPurposes.map(async (purpose) => String(await ring.mac(purpose, bytes)))
    expect(new Set(await Promise.all(macs)).size).toBe(macPurposes.length)
  })

  it('takes a secret of more than 256 bits whole', async () => {
    const long = new Uint8Array(64).fill(7)
    const key = { purpose: 'nonce', kid: 'n', kty: 'oct', k: base64url.encode(long) }
    const expected = createHmac('sha256', long).update(bytes).digest()
    const mac = await jwkKeyRing({ keys: [key] }, cryptography()).mac('nonce', bytes)
    expect(Buffer.from(mac).equals(expected)).toBe(true)
  })

  it('gives one purpose a new key without moving the others', async () => {
    const before = jwkKeyRing({ keys: [secret('secrets', 's', 1)] }, cryptography())
    const keys = [secret('secrets', 's', 1), secret('nonce', 'n', 2), secret('nonce', 'old', 3)]
    const after = jwkKeyRing({ keys }, cryptography())
    for (const purpose of macPurposes) {
      const same =
        String(await after.mac(purpose, bytes)) === String(await before.mac(purpose, bytes))
      expect(same).toBe(purpose !== 'nonce')
      expect(before.macKeyId(purpose)).toBe('s')
      expect(after.macKeyId(purpose)).toBe(purpose === 'nonce' ? 'n' : 's')
    }
    const own = createHmac('sha256', new Uint8Array(32).fill(2)).update(bytes).digest()
    expect(Buffer.from(await after.mac('nonce', bytes)).equals(own)).toBe(true)
  })

  it('has no answer for a purpose without a key', async () => {
    const ring = jwkKeyRing({ keys: [] }, cryptography())
    await expect(ring.sign('receipt', bytes)).rejects.toThrow('no key for the purpose receipt')
    expect(() => ring.publicKeys('receipt')).toThrow('no signing key')
    await expect(ring.mac('nonce', bytes)).rejects.toThrow('no key for the purpose secrets')
  })

  it('is not made of keys that share a name, or that it cannot use', async () => {
    const key = await signingKey('receipt', 'a')
    expect(() => jwkKeyRing({ keys: [key, { ...key, purpose: 'x' }] }, cryptography())).toThrow(
      'share one kid',
    )
    const short = { purpose: 'secrets', kid: 's', kty: 'oct', k: 'c2hvcnQ' }
    expect(() => jwkKeyRing({ keys: [short] }, cryptography())).toThrow(
      'neither EC P-256 nor a 256-bit secret',
    )
    const misspelt = { ...short, k: `${'A'.repeat(43)}=` }
    expect(() => jwkKeyRing({ keys: [misspelt] }, cryptography())).toThrow(
      'neither EC P-256 nor a 256-bit secret',
    )
    const { x: _, ...halfAPoint } = key
    expect(() => jwkKeyRing({ keys: [key, { ...halfAPoint, kid: 'b' }] }, cryptography())).toThrow(
      'neither EC P-256',
    )
  })
})
