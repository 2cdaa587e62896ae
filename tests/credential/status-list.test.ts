import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { parseJsonObject } from '../../src/credential/json.ts'
import { parseJws } from '../../src/credential/jws.ts'
import { statusOf } from '../../src/credential/registered-claims.ts'
import { parseSdJwt, revealClaims } from '../../src/credential/sd-jwt.ts'
import {
  packStatuses,
  readStatus,
  type StatusBits,
  signStatusListToken,
  verifyStatusListToken,
} from '../../src/credential/status-list.ts'
import { deflate, inflate } from '../../src/credential/zlib.ts'
import { authority, certifiedSigner, signer, signWith } from '../support/certificates.ts'
import { isSignedBy } from '../support/is-signed-by.ts'
import { signAny } from '../support/raw-jws.ts'
import { hasVectors, jsonVector, vector } from '../support/vectors.ts'
import { at, now } from './scene.ts'

const uri = 'https://issuer.example/status/1'

let issuer: Awaited<ReturnType<typeof certifiedSigner>>
beforeAll(async () => {
  issuer = await certifiedSigner()
})

const bitsOfStatus = fc.constantFrom<StatusBits[]>(1, 2, 4, 8)

describe('packStatuses and readStatus', () => {
  it('give back each status where it was put', () => {
    fc.assert(
      fc.property(bitsOfStatus, fc.array(fc.nat(255), { maxLength: 50 }), (bits, values) => {
        const statuses = values.map((value) => value % 2 ** bits)
        const list = packStatuses(statuses.length, bits, statuses.entries())
        expect(statuses.map((_, idx) => readStatus(list, bits, idx))).toEqual(statuses)
      }),
    )
  })

  it('lets the last word on an index stand, and leaves its neighbours alone', () => {
    const list = packStatuses(4, 2, [
      [0, 3],
      [1, 3],
      [2, 3],
      [1, 1],
    ])
    expect([0, 1, 2, 3].map((idx) => readStatus(list, 2, idx))).toEqual([3, 1, 3, 0])
  })

  it.each([-1, 1.5, 16, Number.NaN, 2 ** 60])('TSL-N02: has no status at %d', (idx) => {
    expect(readStatus(new Uint8Array(2), 1, idx)).toBeUndefined()
  })

  it.each<[number, number]>([
    [8, 1],
    [-1, 1],
    [0, 2],
    [0, -1],
    [0.5, 1],
  ])('throws on index %d with status %d of one bit', (idx, value) => {
    expect(() => packStatuses(8, 1, [[idx, value]])).toThrow(RangeError)
  })
})

describe.skipIf(!hasVectors)('Token Status List vectors', () => {
  type Encoding = {
    bits: StatusBits
    size: number
    statuses: { idx: number; status: number }[]
    json: { lst: string }
  }

  it.each([1, 2, 4, 8])('appendix C, %d bits', async (bits) => {
    const vector = jsonVector<Encoding>(`token-status-list/encoding-${bits}bit.json`)
    const list = await inflate(decodeBase64url(vector.json.lst) ?? new Uint8Array(), 1 << 21)
    const entries = vector.statuses.map(({ idx, status }) => [idx, status] as const)
    const packed = packStatuses(vector.size, vector.bits, entries)
    expect(Buffer.from(packed).equals(list ?? new Uint8Array())).toBe(true)
    for (const [idx, status] of entries) expect(readStatus(packed, vector.bits, idx)).toBe(status)
  })

  type Small = { bits: StatusBits; byte_array_hex: string; statuses: number[]; lst: string }
  const { examples } = hasVectors
    ? jsonVector<{ examples: Small[] }>('token-status-list/small-examples.json')
    : { examples: [] }
  it.each(examples)('section 4, $bits bits', async ({ bits, byte_array_hex, statuses, lst }) => {
    const list = packStatuses(statuses.length, bits, statuses.entries())
    expect(Buffer.from(list).toString('hex')).toBe(byte_array_hex)
    expect(await inflate(decodeBase64url(lst) ?? new Uint8Array(), 100)).toEqual(list)
    expect(await inflate(await deflate(list), 100)).toEqual(list)
  })
})

describe.skipIf(!hasVectors)('the Status List Token of 5.1', () => {
  const published = () => vector('token-status-list/status-list-token.jwt.txt')
  type Decoded = { payload: { sub: string; iat: number; exp: number; status_list: object } }
  const { payload } = hasVectors
    ? jsonVector<Decoded>('token-status-list/status-list-token.decoded.json')
    : { payload: { sub: uri, iat: 0, exp: 1, status_list: {} } }
  const then = () => ({ uri: payload.sub, at: new Date(payload.iat * 1000) })

  it('is signed as published, and without x5c is refused (HAIP-N03)', async () => {
    const { status_list_token_signing_jwk_test_only: jwk } = jsonVector<{
      status_list_token_signing_jwk_test_only: JWK
    }>('token-status-list/keys.json')
    const jws = parseJws(published())
    const { d, ...publicJwk } = jwk
    expect(await isSignedBy(jws, publicJwk)).toBe(true)
    const verified = await verifyStatusListToken(published(), { ...then(), anchors: [] })
    expect(verified.ok || verified.error).toMatch(/x5c/)
  })

  it('with x5c is read, and says of the credential of 6.2 that it is revoked (TSL-N01)', async () => {
    const during = { notBefore: new Date(0), notAfter: new Date('2040-01-01') }
    const root = await authority('Root', during)
    const leaf = await signer('Signer', { ...during, by: root })
    const header = { typ: 'statuslist+jwt', alg: 'ES256', x5c: [leaf.der] }
    const claims = parseJsonObject(parseJws(published())?.payload ?? '')
    const resigned = await signAny(header, claims, signWith(leaf.keys))
    const anchors = [{ id: 'root', certificate: root.der }]
    const verified = await verifyStatusListToken(resigned, { ...then(), anchors })
    if (!verified.ok) return expect.unreachable(verified.error)
    const credential = parseSdJwt(vector('token-status-list/referenced-token.sd-jwt.txt'))
    const referring = credential.ok ? parseJsonObject(credential.value.jws.payload) : undefined
    expect(statusOf(referring ?? {})).toEqual({ uri: payload.sub, idx: 0 })
    expect(readStatus(verified.value.list, verified.value.bits, 0)).toBe(1)
    expect(readStatus(verified.value.list, verified.value.bits, 1)).toBe(0)
  })

  it('the credential of 6.2 is as published', async () => {
    const parsed = parseSdJwt(vector('token-status-list/referenced-token.sd-jwt.txt'))
    if (!parsed.ok) return expect.unreachable(parsed.error)
    const { referenced_sd_jwt_issuer_public_jwk: jwk } = jsonVector<{
      referenced_sd_jwt_issuer_public_jwk: JWK
    }>('token-status-list/keys.json')
    expect(await isSignedBy(parsed.value.jws, jwk)).toBe(true)
    const issued = parseJsonObject(parsed.value.jws.payload) ?? {}
    const { processed_payload: value } = jsonVector<{ processed_payload: object }>(
      'token-status-list/referenced-token.sd-jwt.decoded.json',
    )
    expect(await revealClaims(issued, parsed.value.disclosures)).toEqual({ ok: true, value })
  })
})

describe('a status list token', () => {
  const list = packStatuses(16, 2, [
    [3, 1],
    [9, 2],
  ])
  const policy = () => ({ uri, at, anchors: [issuer.anchor] })
  const honest = () => ({
    sub: uri,
    iat: now,
    exp: now + 3600,
    ttl: 60,
    status_list: { bits: 2, lst: encodeBase64url(deflateSync(list)) },
  })
  const token = (header: object = {}, claims: object = {}) =>
    signAny(
      JSON.parse(
        JSON.stringify({ typ: 'statuslist+jwt', alg: 'ES256', x5c: issuer.x5c, ...header }),
      ),
      { ...honest(), ...claims },
      issuer.sign,
    )

  it('is signed by us so that we accept it (TSL-I03)', async () => {
    const draft = {
      uri,
      bits: 2 as const,
      list,
      issuedAt: at,
      expiresAt: new Date(+at + 1e6),
      ttl: 60,
    }
    const signed = await signStatusListToken(draft, issuer, issuer.sign)
    expect(await verifyStatusListToken(signed, policy())).toEqual({
      ok: true,
      value: {
        bits: 2,
        list,
        x5c: issuer.x5c,
        issuedAt: at,
        expiresAt: draft.expiresAt,
        ttl: 60,
      },
    })
    expect(parseJws(signed)?.header).toMatchObject({ typ: 'statuslist+jwt', kid: 'signer-1' })
  })

  it('needs neither exp nor ttl', async () => {
    const verified = await verifyStatusListToken(
      await token({}, { exp: undefined, ttl: undefined }),
      policy(),
    )
    expect(verified.ok && Object.keys(verified.value).sort()).toEqual([
      'bits',
      'issuedAt',
      'list',
      'x5c',
    ])
  })

  const lst = (bytes: Uint8Array) => ({ status_list: { bits: 2, lst: encodeBase64url(bytes) } })
  it.each<[id: string, what: string, header: object, claims: object, sentence: RegExp]>([
    ['TSL-N03', 'typ JWT', { typ: 'JWT' }, {}, /typ/],
    ['TSL-N03', 'the typ of a credential', { typ: 'dc+sd-jwt' }, {}, /typ/],
    ['TSL-N04', 'the list of another uri', {}, { sub: `${uri}0` }, /sub/],
    ['TSL-N04', 'no sub', {}, { sub: undefined }, /sub/],
    ['TSL-N05', 'expired', {}, { exp: now }, /exp/],
    ['TSL-N05', 'exp as string', {}, { exp: '9' }, /exp/],
    ['TSL-N05', 'of the future', {}, { iat: now + 61 }, /future/],
    ['TSL-N05', 'not valid yet', {}, { nbf: now + 61 }, /nbf/],
    ['TSL-N05', 'no iat', {}, { iat: undefined }, /iat/],
    ['TSL-N05', 'ttl zero', {}, { ttl: 0 }, /ttl/],
    ['TSL-N05', 'ttl negative', {}, { ttl: -1 }, /ttl/],
    ['TSL-N05', 'ttl as string', {}, { ttl: '60' }, /ttl/],
    ['TSL-N05', 'exp past the calendar', {}, { exp: 1e300 }, /exp/],
    ['TSL-N05', 'iat before the epoch', {}, { iat: -1e300 }, /iat/],
    ['TSL-N05', 'iat as string', {}, { iat: String(now) }, /iat/],
    ['TSL-N06', '3 bits', {}, { status_list: { ...honest().status_list, bits: 3 } }, /bits/],
    ['TSL-N06', '16 bits', {}, { status_list: { ...honest().status_list, bits: 16 } }, /bits/],
    [
      'TSL-N06',
      'bits as string',
      {},
      { status_list: { ...honest().status_list, bits: '2' } },
      /bits/,
    ],
    ['TSL-N06', 'lst that is no base64url', {}, { status_list: { bits: 2, lst: 'a+b=' } }, /zlib/],
    ['TSL-N06', 'gzip', {}, lst(gzipSync(list)), /zlib/],
    ['TSL-N06', 'raw deflate', {}, lst(deflateRawSync(list)), /zlib/],
    ['TSL-N06', 'a truncated stream', {}, lst(deflateSync(list).subarray(0, -5)), /zlib/],
    ['TSL-N06', 'a wrong checksum', {}, lst(deflateSync(list).fill(0, 8)), /zlib/],
    [
      'TSL-N06',
      'bytes behind the stream',
      {},
      lst(Buffer.concat([deflateSync(list), Buffer.of(0)])),
      /zlib/,
    ],
    [
      'TSL-N06',
      'another stream behind it',
      {},
      lst(Buffer.concat([deflateSync(list), deflateSync(list)])),
      /zlib/,
    ],
    ['TSL-N06', 'nothing', {}, lst(Buffer.of()), /zlib/],
    ['TSL-N06', 'a header alone', {}, lst(Buffer.of(0x78, 0x9c)), /zlib/],
    ['TSL-N06', 'all but the checksum', {}, lst(deflateSync(list).subarray(0, -4)), /zlib/],
    ['TSL-N06', 'lst as array', {}, { status_list: { bits: 2, lst: [1, 0] } }, /zlib/],
    ['TSL-N06', 'no status_list', {}, { status_list: undefined }, /status_list/],
    ['TSL-N06', 'status_list as array', {}, { status_list: [] }, /status_list/],
    ['TSL-N07', 'alg none', { alg: 'none' }, {}, /alg/],
    ['TSL-N07', 'HMAC', { alg: 'HS256' }, {}, /alg/],
    ['TSL-N03', 'no typ', { typ: undefined }, {}, /typ/],
    ['TSL-N03', 'the media type', { typ: 'application/statuslist+jwt' }, {}, /typ/],
    ['HAIP-N03', 'no x5c', { x5c: undefined }, {}, /x5c/],
  ])('%s: is refused: %s', async (_, __, header, claims, sentence) => {
    const verified = await verifyStatusListToken(await token(header, claims), policy())
    expect(verified.ok || verified.error).toMatch(sentence)
  })

  it('TSL-N07: is refused when its signer leads to no anchor of this issuer', async () => {
    const stranger = await certifiedSigner()
    const verified = await verifyStatusListToken(await token(), {
      ...policy(),
      anchors: [stranger.anchor],
    })
    expect(verified.ok || verified.error).toMatch(/no trust anchor/)
  })

  it('TSL-N07: is refused when another key signed', async () => {
    const stranger = await certifiedSigner()
    const verified = await verifyStatusListToken(await token({ x5c: stranger.x5c }), {
      ...policy(),
      anchors: [stranger.anchor],
    })
    expect(verified.ok || verified.error).toMatch(/not signed/)
  })

  it('TSL-V06: is refused when it would unpack to more than the bound', async () => {
    const bomb = await token({}, lst(deflateSync(new Uint8Array(20_000_000))))
    const verified = await verifyStatusListToken(bomb, policy())
    expect(verified.ok || verified.error).toMatch(/bounded/)
    expect((await verifyStatusListToken(await token(), { ...policy(), maxBytes: 3 })).ok).toBe(
      false,
    )
    expect((await verifyStatusListToken(await token(), { ...policy(), maxBytes: 4 })).ok).toBe(true)
  })

  it('is refused when it is longer than a list within the bound can be', async () => {
    const padded = await token({}, { padding: 'x'.repeat(70_000) })
    expect((await verifyStatusListToken(padded, { ...policy(), maxBytes: 4 })).ok).toBe(false)
    expect((await verifyStatusListToken(padded, policy())).ok).toBe(true)
  })

  it.each(['', 'x', '<html></html>', 'e30.e30.AA'])('TSL-N08: is not %j', async (noise) => {
    expect((await verifyStatusListToken(noise, policy())).ok).toBe(false)
  })
})
