import { deflateSync, gzipSync } from 'node:zlib'
import type { JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url } from '../../src/credential/base64url.ts'
import { decodeCbor, isCborMap, isTagged } from '../../src/credential/cbor.ts'
import { type Encodable, encodeCbor, mapOf } from '../../src/credential/cbor-encoder.ts'
import { parseCoseSign1, verifyCoseSign1, x5chainHeader } from '../../src/credential/cose.ts'
import { cryptography } from '../../src/credential/crypto.ts'
import { packStatuses, readStatus } from '../../src/credential/status-list.ts'
import { signStatusListCwt, verifyStatusListCwt } from '../../src/credential/status-list-cwt.ts'
import { certifiedSigner } from '../support/certificates.ts'
import { hasVectors, jsonVector, vector } from '../support/vectors.ts'
import { sign1 } from './mdoc-scene.ts'
import { at, now } from './scene.ts'

const uri = 'https://issuer.example/status/1'

let issuer: Awaited<ReturnType<typeof certifiedSigner>>
beforeAll(async () => {
  issuer = await certifiedSigner()
})

const list = packStatuses(16, 2, [
  [3, 1],
  [9, 2],
])
const policy = () => ({ uri, at, anchors: [issuer.anchor] })

type Claims = Record<number, Encodable | undefined>
type Made = {
  claims?: Claims
  headers?: Claims
  others?: Claims
  wrap?: (sign1: Encodable) => Encodable
}

const numbered = (members: Claims): ReadonlyMap<number, Encodable> =>
  new Map(
    Object.entries(members).flatMap(([n, v]) => (v === undefined ? [] : [[Number(n), v] as const])),
  )

/** A token with something made otherwise, truly signed. */
async function token({ claims, headers, others, wrap = tagged }: Made = {}) {
  const payload = numbered({
    2: uri,
    4: now + 3600,
    6: now,
    65533: mapOf({ bits: 2, lst: deflateSync(list) }),
    65534: 60,
    ...claims,
  })
  const signed = await sign1(
    numbered({ 1: -7, 16: 'application/statuslist+cwt', ...headers }),
    numbered({ 33: x5chainHeader(issuer.x5c), ...others }),
    encodeCbor(payload),
    issuer.sign,
  )
  return encodeCbor(wrap(signed))
}
const tagged = (value: Encodable) => ({ tag: 18, value })

describe('a status list token in CWT form', () => {
  it('is signed by us so that we accept it (TSL-I04)', async () => {
    const expiresAt = new Date(+at + 1e6)
    const draft = { uri, bits: 2 as const, list, issuedAt: at, expiresAt, ttl: 60 }
    const signed = await signStatusListCwt(draft, issuer, issuer.sign)
    expect(await verifyStatusListCwt(signed, policy())).toEqual({
      ok: true,
      value: { bits: 2, list, x5c: issuer.x5c, issuedAt: at, expiresAt, ttl: 60 },
    })
  })

  it('may have its certificates protected, and needs neither exp nor ttl', async () => {
    const moved = { headers: { 33: x5chainHeader(issuer.x5c) }, others: { 33: undefined } }
    const verified = await verifyStatusListCwt(
      await token({ ...moved, claims: { 4: undefined, 65534: undefined } }),
      policy(),
    )
    expect(verified.ok && Object.keys(verified.value).sort()).toEqual([
      'bits',
      'issuedAt',
      'list',
      'x5c',
    ])
  })

  const lst = (bytes: Encodable, bits: Encodable = 2) => ({ 65533: mapOf({ bits, lst: bytes }) })
  it.each<[id: string, what: string, made: Made, sentence: RegExp]>([
    ['TSL-N03', 'no type', { headers: { 16: undefined } }, /type/],
    ['TSL-N03', 'the type of the JWT form', { headers: { 16: 'statuslist+jwt' } }, /type/],
    [
      'TSL-N03',
      'an unprotected type',
      { headers: { 16: undefined }, others: { 16: 'application/statuslist+cwt' } },
      /type/,
    ],
    ['TSL-N04', 'the list of another uri', { claims: { 2: `${uri}0` } }, /sub/],
    ['TSL-N04', 'no sub', { claims: { 2: undefined } }, /sub/],
    ['TSL-N05', 'expired', { claims: { 4: now } }, /exp/],
    ['TSL-N05', 'exp as text', { claims: { 4: '9' } }, /exp/],
    ['TSL-N05', 'exp as bytes', { claims: { 4: new Uint8Array(1) } }, /exp/],
    ['TSL-N05', 'exp as a signature', { claims: { 4: { tag: 18, value: 9 } } }, /exp/],
    ['TSL-N05', 'of the future', { claims: { 6: now + 61 } }, /future/],
    ['TSL-N05', 'not valid yet', { claims: { 5: now + 61 } }, /nbf/],
    ['TSL-N05', 'no iat', { claims: { 6: undefined } }, /iat/],
    ['TSL-N05', 'iat as a signature', { claims: { 6: { tag: 18, value: 9 } } }, /iat/],
    ['TSL-N05', 'nbf as a signature', { claims: { 5: { tag: 18, value: 9 } } }, /nbf/],
    ['TSL-N05', 'ttl zero', { claims: { 65534: 0 } }, /ttl/],
    ['TSL-N06', '3 bits', { claims: lst(deflateSync(list), 3) }, /bits/],
    ['TSL-N06', 'lst as text', { claims: lst('eNpjAAAAAQAB') }, /zlib/],
    ['TSL-N06', 'gzip', { claims: lst(gzipSync(list)) }, /zlib/],
    ['TSL-N06', 'no list', { claims: { 65533: undefined } }, /status_list/],
    ['TSL-N06', 'a list that is no map', { claims: { 65533: [] } }, /status_list/],
    ['TSL-N07', 'another algorithm', { headers: { 1: -35 } }, /alg/],
    [
      'TSL-N07',
      'an unprotected algorithm',
      { headers: { 1: undefined }, others: { 1: -7 } },
      /alg/,
    ],
    ['HAIP-N03', 'no x5chain', { others: { 33: undefined } }, /x5chain/],
    ['TSL-I04', 'no tag', { wrap: (value) => value }, /tag 18/],
    ['TSL-I04', 'another tag', { wrap: (value) => ({ tag: 24, value }) }, /tag 18/],
    [
      'TSL-I04',
      'the tag of a CWT',
      { wrap: (value) => ({ tag: 61, value: tagged(value) }) },
      /tag 18/,
    ],
    ['TSL-I04', 'no signature at all', { wrap: () => tagged([]) }, /tag 18/],
  ])('%s: is refused: %s', async (_, __, made, sentence) => {
    const verified = await verifyStatusListCwt(await token(made), policy())
    expect(verified.ok || verified.error).toMatch(sentence)
  })

  it('TSL-N07: is refused when another key signed, or leads to no anchor of this issuer', async () => {
    const stranger = await certifiedSigner()
    const anchors = [stranger.anchor]
    const signed = await verifyStatusListCwt(await token(), { ...policy(), anchors })
    expect(signed.ok || signed.error).toMatch(/no trust anchor/)
    const stolen = await token({ others: { 33: x5chainHeader(stranger.x5c) } })
    const verified = await verifyStatusListCwt(stolen, { ...policy(), anchors })
    expect(verified.ok || verified.error).toMatch(/not signed/)
  })

  it('TSL-V06: is refused when it is, or would unpack to, more than the bound', async () => {
    const bomb = await token({ claims: lst(deflateSync(new Uint8Array(20_000_000))) })
    const verified = await verifyStatusListCwt(bomb, policy())
    expect(verified.ok || verified.error).toMatch(/bounded/)
    expect((await verifyStatusListCwt(await token(), { ...policy(), maxBytes: 3 })).ok).toBe(false)
    expect((await verifyStatusListCwt(await token(), { ...policy(), maxBytes: 4 })).ok).toBe(true)
    const padded = await token({ claims: { 9: 'x'.repeat(70_000) } })
    expect((await verifyStatusListCwt(padded, { ...policy(), maxBytes: 4 })).ok).toBe(false)
    expect((await verifyStatusListCwt(padded, policy())).ok).toBe(true)
  })

  it('cut short anywhere, or with any byte changed, is refused and throws nothing', async () => {
    const whole = await token()
    // Whose certificates, and in what spelling, is not signed.
    const x5chain = encodeCbor(x5chainHeader(issuer.x5c))
    const from = Buffer.from(whole).indexOf(x5chain) - 4
    for (let i = 0; i < whole.length; i++) {
      expect((await verifyStatusListCwt(whole.slice(0, i), policy())).ok).toBe(false)
      if (i >= from && i < from + 4) continue
      const altered = whole.with(i, (whole[i] ?? 0) ^ 1)
      expect((await verifyStatusListCwt(altered, policy())).ok, `byte ${i}`).toBe(false)
    }
  })
})

describe.skipIf(!hasVectors)('the Status List Token of 5.2', () => {
  const published = () =>
    new Uint8Array(Buffer.from(vector('token-status-list/status-list-token.cwt.hex'), 'hex'))
  const then = { uri: 'https://example.com/statuslists/1', at: new Date(1_686_920_170_000) }

  function parts() {
    const tally = { values: 0 }
    const outer = decodeCbor(published(), tally)
    const value = outer.ok && isTagged(outer.value, 18) ? outer.value.value : null
    const sign1 = parseCoseSign1(value, tally)
    if (!sign1.ok || !sign1.value.payload) throw new Error('the vector cannot be read')
    return { sign1: sign1.value, payload: sign1.value.payload }
  }

  it('is signed as published, and without x5chain is refused (HAIP-N03)', async () => {
    const { status_list_token_signing_jwk_test_only: jwk } = jsonVector<{
      status_list_token_signing_jwk_test_only: JWK
    }>('token-status-list/keys.json')
    const coordinate = (text = '') => decodeBase64url(text) ?? new Uint8Array()
    const point = Uint8Array.from([...coordinate(jwk.x), ...coordinate(jwk.y)])
    const key = await cryptography().verifyingKey('P-256', point)
    const { sign1, payload } = parts()
    expect(key && (await verifyCoseSign1(sign1, key, payload))).toBe(true)
    const verified = await verifyStatusListCwt(published(), { ...then, anchors: [] })
    expect(verified.ok || verified.error).toMatch(/x5chain/)
  })

  it('with x5chain is read', async () => {
    const claims = decodeCbor(parts().payload)
    if (!claims.ok || !isCborMap(claims.value)) return expect.unreachable()
    const resigned = await token({ claims: Object.fromEntries(claims.value) })
    const verified = await verifyStatusListCwt(resigned, { ...policy(), uri: then.uri })
    if (!verified.ok) return expect.unreachable(verified.error)
    const { bits, list: read, ttl } = verified.value
    const first = readStatus(read, bits, 0)
    expect({ bits, ttl, first }).toEqual({ bits: 1, ttl: 43_200, first: 1 })
  })
})
