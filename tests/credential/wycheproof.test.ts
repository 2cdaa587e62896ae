import type { JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { decryptJwe, keyPairFromSeed } from '../../src/credential/jwe.ts'
import { type Jws, parseJws } from '../../src/credential/jws.ts'
import { agreementKeyOf } from '../support/agreement-key.ts'
import { byEachDriver } from '../support/drivers.ts'
import { isSignedBy } from '../support/is-signed-by.ts'
import { hasVectors, jsonVector } from '../support/vectors.ts'

type SignatureGroup = {
  publicKey: { uncompressed: string }
  tests: { tcId: number; comment: string; msg: string; sig: string; result: string }[]
}

describe.skipIf(!hasVectors)('Wycheproof ECDSA P-256 SHA-256 P1363', () => {
  const { testGroups } = hasVectors
    ? jsonVector<{ testGroups: SignatureGroup[] }>(
        'wycheproof/ecdsa_secp256r1_sha256_p1363_test.json',
      )
    : { testGroups: [] }
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
  /** The uncompressed point is 04, x, y. */
  const jwkOf = (point: Uint8Array): JWK => ({
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.slice(1, 33)),
    y: encodeBase64url(point.slice(33)),
  })
  const cases = testGroups.flatMap(({ publicKey, tests }) =>
    tests.map((test) => ({ ...test, jwk: jwkOf(bytes(publicKey.uncompressed)) })),
  )

  byEachDriver(() => {
    it.each(cases)('$tcId $comment: $result', async ({ jwk, msg, sig, result }) => {
      const jws: Jws = {
        header: { alg: 'ES256' },
        payload: new Uint8Array(),
        signature: bytes(sig),
        signingInput: bytes(msg),
      }
      expect(await isSignedBy(jws, jwk)).toBe(result === 'valid')
    })
  })
})

describe.skipIf(!hasVectors)('Wycheproof JSON Web Encryption', () => {
  type Test = { tcId: number; comment: string; jwe: string; pt?: string; result: string }
  const { testGroups } = hasVectors
    ? jsonVector<{ testGroups: { private: JWK; tests: Test[] }[] }>(
        'wycheproof/json_web_encryption_test.json',
      )
    : { testGroups: [] }
  const encs = ['A128GCM', 'A256GCM']
  const cases = testGroups.flatMap(({ private: key, tests }) =>
    tests.map((test) => ({ ...test, key, alg: String(key.alg), accepted: isOurs(key, test) })),
  )

  /** What HAIP 1.0 5 has us announce: ECDH-ES on P-256, and two content encryptions. */
  function isOurs({ kty, crv, alg }: JWK, { jwe, result }: Test): boolean {
    if (kty !== 'EC' || crv !== 'P-256' || alg !== 'ECDH-ES' || result !== 'valid') return false
    const header = Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString()
    return encs.includes(JSON.parse(header).enc)
  }

  /** Their key as it is, for whatever it is: ours where none can be made of it. */
  const keyOf = async (jwk: JWK) =>
    jwk.crv === 'P-256'
      ? agreementKeyOf(jwk)
      : (await keyPairFromSeed(new Uint8Array(32))).privateKey

  it('two of them are for us', () => {
    expect(cases.filter(({ accepted }) => accepted).map(({ tcId }) => tcId)).toEqual([76, 78])
  })

  byEachDriver(() => {
    it.each(cases)('VP-N06: $tcId $comment, $alg: $accepted', async (test) => {
      const plaintext = await decryptJwe(test.jwe, await keyOf(test.key), { encs })
      const expected = test.accepted ? test.pt : undefined
      expect(plaintext && Buffer.from(plaintext).toString('hex')).toBe(expected)
    })
  })
})

describe.skipIf(!hasVectors)('Wycheproof JSON Web Key', () => {
  type KeySet = { keys: JWK[] }
  type Test = { tcId: number; comment: string; jws: string }
  const { testGroups } = hasVectors
    ? jsonVector<{ testGroups: { private: KeySet; public?: KeySet; tests: Test[] }[] }>(
        'wycheproof/json_web_key_test.json',
      )
    : { testGroups: [] }
  const cases = testGroups.flatMap(({ private: secret, public: open = secret, tests }) =>
    tests.map((test) => ({ ...test, keys: open.keys })),
  )
  const verify = (compact: string, key: JWK) => isSignedBy(parseJws(compact), key)

  it.each(cases)('SDJ-N01: $tcId $comment: false', async ({ jws, keys }) => {
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) expect(await verify(jws, key)).toBe(false)
  })

  it('but the key that they were made of is good, until it says so of itself', async () => {
    const misused = cases.find(({ tcId }) => tcId === 21)
    const [key] = misused?.keys ?? []
    expect(key?.use).toBe('enc')
    expect(await verify(misused?.jws ?? '', { ...key, use: 'sig' } as JWK)).toBe(true)
  })
})
