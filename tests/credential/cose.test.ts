import { beforeAll, describe, expect, it } from 'vitest'
import type { Cbor } from '../../src/credential/cbor.ts'
import { decodeCbor } from '../../src/credential/cbor.ts'
import { type Encodable, encodeCbor } from '../../src/credential/cbor-encoder.ts'
import {
  coseKeyOf,
  coseKeyPoint,
  parseCoseSign1,
  signCoseSign1,
  verifyCoseSign1,
} from '../../src/credential/cose.ts'
import { cryptography } from '../../src/credential/crypto.ts'
import type { VerifyingKey } from '../../src/credential/cryptography.ts'
import { type EcPublicJwk, pointOf } from '../../src/credential/jwk.ts'
import type { Sign } from '../../src/credential/jws.ts'
import { signer, signWith } from '../support/certificates.ts'
import { sign1 } from './mdoc-scene.ts'

type Headers = ReadonlyMap<number, Encodable>

const payload = new TextEncoder().encode('what is signed')
const es256: Headers = new Map([[1, -7]])
const none: Headers = new Map()

let publicJwk: EcPublicJwk
let key: VerifyingKey
let sign: Sign

beforeAll(async () => {
  const { keys } = await signer('Somebody')
  sign = signWith(keys)
  const { x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
  publicJwk = { kty: 'EC', crv: 'P-256', x, y } as EcPublicJwk
  const made = await cryptography().verifyingKey('P-256', pointOf(publicJwk))
  if (!made) throw new Error('no key')
  key = made
})

/** As it is read by who receives it. */
function received(value: Encodable): Cbor {
  const read = decodeCbor(encodeCbor(value))
  if (!read.ok) throw new Error(read.error)
  return read.value
}
const parse = (value: Encodable) => parseCoseSign1(received(value), { values: 0 })

async function isVerified(value: Encodable, signed = payload) {
  const sign1 = parse(value)
  if (!sign1.ok) throw new Error(sign1.error)
  return verifyCoseSign1(sign1.value, key, signed)
}

describe('a COSE_Sign1', () => {
  it('that we sign is verified, its payload in it or not', async () => {
    const sign1 = await signCoseSign1({ payload }, sign)
    expect(await isVerified(sign1)).toBe(true)
    const read = parse(await signCoseSign1({ payload, detached: true }, sign))
    expect(read.ok && read.value.payload).toBeNull()
    expect(read.ok && (await verifyCoseSign1(read.value, key, payload))).toBe(true)
  })

  it('says ES256 whatever the headers bring', async () => {
    const protectedHeaders = new Map([[1, -8]])
    expect(await isVerified(await signCoseSign1({ protectedHeaders, payload }, sign))).toBe(true)
  })

  it.each<[string, Headers, Headers, boolean]>([
    ['ES256', es256, none, true],
    ['ESP256', new Map([[1, -9]]), none, true],
    ['headers that nobody knows', new Map([...es256, [99, 1]]), new Map([[98, 1]]), true],
    ['no algorithm', none, none, false],
    ['an algorithm that nobody signed', none, es256, false],
    ['another algorithm', new Map([[1, -35]]), none, false],
    ['an algorithm by name', new Map([[1, 'ES256']]), none, false],
  ])('with %s: verified is %4$s', async (_, headers, others, expected) => {
    expect(await isVerified(await sign1(headers, others, payload, sign))).toBe(expected)
  })

  it.each<[string, (parts: Encodable[]) => Encodable[]]>([
    ['other headers', (parts) => parts.with(0, encodeCbor(new Map([[1, -9]])))],
    ['its headers spelled otherwise', (parts) => parts.with(0, Uint8Array.of(0xa1, 0x18, 1, 0x26))],
    ['no signature', (parts) => parts.with(3, new Uint8Array())],
    ['a signature of zeros', (parts) => parts.with(3, new Uint8Array(64))],
    ['a signature cut short', (parts) => parts.with(3, (parts[3] as Uint8Array).subarray(0, 63))],
    ['more than a signature', (parts) => parts.with(3, new Uint8Array([...(parts[3] as []), 0]))],
  ])('with %s is not verified', async (_, change) => {
    const honest = [...(await sign1(es256, none, payload, sign))]
    expect(await isVerified(honest)).toBe(true)
    expect(await isVerified(change(honest))).toBe(false)
  })

  it('is not verified over another payload', async () => {
    const value = await sign1(es256, none, payload, sign)
    expect(await isVerified(value, payload.slice(1))).toBe(false)
  })

  it.each<[string, Headers, Headers, RegExp]>([
    ['crit', new Map<number, Encodable>([...es256, [2, [1]]]), none, /crit/],
    ['crit that nobody signed', es256, new Map([[2, [1]]]), /crit/],
    ['one both protected and not', es256, new Map([[1, -7]]), /both/],
    ['two that differ', es256, new Map([[1, -8]]), /both/],
  ])('is refused for its headers: %s', async (_, headers, others, sentence) => {
    const read = parse(await sign1(headers, others, payload, sign))
    expect(read.ok || read.error).toMatch(sentence)
  })

  it.each<[string, Encodable]>([
    ['no array', 'a'],
    ['three parts', [new Uint8Array(), new Map(), null]],
    ['five parts', [new Uint8Array(), new Map(), null, new Uint8Array(64), null]],
    ['protected headers that are a map', [new Map(), new Map(), null, new Uint8Array(64)]],
    ['protected headers with a list in them', [Uint8Array.of(0x80), new Map(), null, payload]],
    ['protected headers and more', [Uint8Array.of(0xa0, 0), new Map(), null, payload]],
    ['no unprotected headers', [new Uint8Array(), null, null, new Uint8Array(64)]],
    ['a payload that is text', [new Uint8Array(), new Map(), 'a', new Uint8Array(64)]],
    ['no signature', [new Uint8Array(), new Map(), null, null]],
    ['a tag', { tag: 18, value: [new Uint8Array(), new Map(), null, new Uint8Array(64)] }],
  ])('is refused: %s', (_, value) => {
    expect(parse(value).ok).toBe(false)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['an empty map', Uint8Array.of(0xa0)],
  ])('may have no protected headers, said by %s', (_, headers) => {
    const read = parse([headers, new Map(), null, new Uint8Array(64)])
    expect(read.ok && read.value.protectedHeaders.size).toBe(0)
  })
})

describe('the point of a COSE_Key', () => {
  const pointWith = (members: [number, Encodable][]) =>
    coseKeyPoint(received(new Map<number, Encodable>([...coseKeyOf(publicJwk), ...members])))

  it.each<[string, [number, Encodable][]]>([
    ['by itself', []],
    ['with an id', [[2, new Uint8Array(1)]]],
    ['for ES256', [[3, -7]]],
    ['for ESP256', [[3, -9]]],
  ])('is read %s', (_, members) => {
    expect(pointWith(members)).toEqual(pointOf(publicJwk))
  })

  it.each<[string, [number, Encodable][]]>([
    ['of another kind', [[1, 1]]],
    ['on another curve', [[-1, 2]]],
    ['that is private', [[-4, new Uint8Array(32)]]],
    ['for another algorithm', [[3, -35]]],
    ['for an algorithm that is text', [[3, '-7']]],
    ['for a list of algorithms', [[3, [-7]]]],
    ['that is compressed', [[-3, true]]],
    ['with a coordinate too short', [[-2, new Uint8Array(31)]]],
  ])('is not read of a key %s', (_, members) => {
    expect(pointWith(members)).toBeUndefined()
  })

  it('is not read of what is no map', () => {
    expect(coseKeyPoint(received([1, 2]))).toBeUndefined()
    expect(coseKeyPoint(undefined)).toBeUndefined()
  })
})
