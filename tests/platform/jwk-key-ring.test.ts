import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
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

describe('a key ring of JWKs', () => {
  it('signs with the first key of a purpose, and knows the retired ones', async () => {
    const keys = [await signingKey('receipt', 'new'), await signingKey('receipt', 'old')]
    const ring = jwkKeyRing({ keys })
    const [current, retired] = ring.publicKeys('receipt')
    const signature = await ring.sign('receipt', bytes)
    expect([current.kid, retired?.kid]).toEqual(['new', 'old'])
    expect(await verifies(current.jwk, signature, 'signed')).toBe(true)
    expect(retired && (await verifies(retired.jwk, signature, 'signed'))).toBe(false)
  })

  it('never shows a private key', async () => {
    const ring = jwkKeyRing({ keys: [await signingKey('receipt', 'a')] })
    expect(Object.keys(ring.publicKeys('receipt')[0].jwk).sort()).toEqual(['crv', 'kty', 'x', 'y'])
  })

  it('makes the same MAC for the same bytes, and another for others', async () => {
    const k = 'A'.repeat(43)
    const ring = jwkKeyRing({ keys: [{ purpose: 'secrets', kid: 's', kty: 'oct', k }] })
    const mac = await ring.mac('secrets', bytes)
    expect(mac).toHaveLength(32)
    expect(await ring.mac('secrets', bytes)).toEqual(mac)
    expect(await ring.mac('secrets', new Uint8Array(1))).not.toEqual(mac)
  })

  it('has no answer for a purpose without a key', async () => {
    const ring = jwkKeyRing({ keys: [] })
    await expect(ring.sign('receipt', bytes)).rejects.toThrow('no key for the purpose receipt')
    expect(() => ring.publicKeys('receipt')).toThrow('no signing key')
  })

  it('is not made of keys that share a name, or that it cannot use', async () => {
    const key = await signingKey('receipt', 'a')
    expect(() => jwkKeyRing({ keys: [key, { ...key, purpose: 'x' }] })).toThrow('share one kid')
    const short = { purpose: 'secrets', kid: 's', kty: 'oct', k: 'c2hvcnQ' }
    expect(() => jwkKeyRing({ keys: [short] })).toThrow('neither EC P-256 nor a 256-bit secret')
    const { d: _, ...publicOnly } = key
    expect(() => jwkKeyRing({ keys: [publicOnly] })).toThrow('neither EC P-256')
  })
})
