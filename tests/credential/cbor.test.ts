import { cborDecode, cborEncode } from '@owf/mdoc'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cbor, decodeCbor } from '../../src/credential/cbor.ts'
import { type Encodable, encodeCbor } from '../../src/credential/cbor-encoder.ts'
import { cborOf, jsonOf } from '../../src/credential/cbor-json.ts'
import { isJsonObject, type Json } from '../../src/credential/json.ts'

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (hex: string) => fromHex(hex)
const map = (...entries: [string | number, Cbor][]) => new Map(entries)

/** What we write, and so read: RFC 8949 appendix A, as far as it has a use here. */
const examples: [string, Cbor][] = [
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['18ff', 255],
  ['190100', 256],
  ['1903e8', 1000],
  ['19ffff', 65_535],
  ['1a00010000', 65_536],
  ['1a000f4240', 1_000_000],
  ['1affffffff', 0xffff_ffff],
  ['1b0000000100000000', 0x1_0000_0000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['1b001fffffffffffff', Number.MAX_SAFE_INTEGER],
  ['3b001ffffffffffffe', Number.MIN_SAFE_INTEGER],
  ['20', -1],
  ['3863', -100],
  ['3903e7', -1000],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['40', bytes('')],
  ['4401020304', bytes('01020304')],
  ['60', ''],
  ['6449455446', 'IETF'],
  ['62225c', '"\\'],
  ['62c3bc', 'ü'],
  ['63e6b0b4', '水'],
  ['64f0908591', '𐅑'],
  ['80', []],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  [
    '98190102030405060708090a0b0c0d0e0f101112131415161718181819',
    Array.from({ length: 25 }, (_, i) => i + 1),
  ],
  ['a0', map()],
  ['a201020304', map([1, 2], [3, 4])],
  ['a26161016162820203', map(['a', 1], ['b', [2, 3]])],
  ['826161a161626163', ['a', map(['b', 'c'])]],
]

describe('CBOR', () => {
  it.each(examples)('%s is read, and written so', (hex, value) => {
    expect(decodeCbor(fromHex(hex))).toEqual({ ok: true, value })
    expect(toHex(encodeCbor(value as Encodable))).toBe(hex)
  })

  it.each<[string, string, Cbor]>([
    ['a number longer than needed', '1b0000000000000001', 1],
    ['a length longer than needed', '5900020102', bytes('0102')],
    ['a map with a head of 16 bits', 'b90001616101', map(['a', 1])],
    ['a half-precision float', 'f93e00', { float: 1.5 }],
    ['the smallest half-precision float', 'f90001', { float: 2 ** -24 }],
    ['a negative one', 'f9c400', { float: -4 }],
    ['a single-precision float', 'fa47c35000', { float: 100_000 }],
    ['a double-precision float', 'fbc010666666666666', { float: -4.1 }],
    ['minus zero, as zero', 'f98000', { float: 0 }],
    ['text that begins with a byte order mark', '64efbbbf61', '\ufeffa'],
    ['keys beyond ASCII', 'a262c3bc0163e6b0b402', map(['ü', 1], ['水', 2])],
    ['a key of 23 bytes', `a177${'61'.repeat(23)}01`, map(['a'.repeat(23), 1])],
    ['a key of 24 bytes', `a17818${'61'.repeat(24)}01`, map(['a'.repeat(24), 1])],
    ['a key of 300 bytes', `a179012c${'61'.repeat(300)}01`, map(['a'.repeat(300), 1])],
    ['a key whose head is longer than needed', 'a178016101', map(['a', 1])],
    ['a key as text and as integer', 'a201616161316162', map([1, 'a'], ['1', 'b'])],
  ])('reads %s', (_, hex, value) => {
    expect(decodeCbor(fromHex(hex))).toEqual({ ok: true, value })
  })

  it('keeps the bytes of a tagged item as they came, and writes them so', () => {
    const spelled = 'd9001859000101'
    const read = decodeCbor(fromHex(`82${spelled}f6`))
    const tagged = { tag: 24, value: fromHex('01'), encoded: fromHex(spelled) }
    expect(read).toEqual({ ok: true, value: [tagged, null] })
    expect(toHex(encodeCbor(read.ok ? read.value : null))).toBe(`82${spelled}f6`)
  })

  it('is written in one order, whatever the order of what is given', () => {
    const keys = ['b', 'aa', 10, -1, 100, '', 'a']
    const inOrder = new Map(keys.map((key) => [key, null]))
    const reversed = new Map(keys.reverse().map((key) => [key, null]))
    expect(toHex(encodeCbor(inOrder))).toBe(toHex(encodeCbor(reversed)))
    // RFC 8949 4.2.1: integers, negative ones, text; the shorter first.
    expect(toHex(encodeCbor(inOrder))).toBe('a70af61864f620f660f66161f66162f6626161f6')
  })

  it.each([1.5, 2 ** 53, Number.NaN])('is not written for the number %d', (number) => {
    expect(() => encodeCbor(number)).toThrow(RangeError)
  })
})

describe('CBOR is refused', () => {
  it.each<[string, string, RegExp]>([
    ['nothing', '', /ends/],
    ['a number cut short', '19ff', /ends/],
    ['bytes cut short', '4401', /ends/],
    ['text cut short', '6461', /ends/],
    ['a key cut short', 'a16461', /ends/],
    ['an array cut short', '8201', /ends/],
    ['a map without its last value', 'a101', /ends/],
    ['a tag of nothing', 'd818', /ends/],
    ['a float cut short', 'fb00', /ends/],
    ['bytes of four gigabytes', '5affffffff00', /ends/],
    ['bytes of more than there are', '5b00000000ffffffff00', /ends/],
    ['an array of four billion', '9affffffff00', /ends/],
    ['a map of four billion', 'baffffffff0000', /1,000 keys/],
    ['an array of 2^60', '9b1000000000000000', /53 bits/],
    ['two items', '0000', /belong to nothing/],
    ['an item and a break', '00ff', /belong to nothing/],
    ['a break', 'ff', /simple/],
    ['bytes of indefinite length', '5f4101ff', /definite/],
    ['text of indefinite length', '7f6161ff', /definite/],
    ['an array of indefinite length', '9f01ff', /definite/],
    ['a map of indefinite length', 'bf0101ff', /definite/],
    ['a reserved head', '1c', /definite/],
    ['a reserved length', '5e', /definite/],
    ['a key twice', 'a201020103', /twice/],
    ['a key twice, spelled in two ways', 'a20102180103', /twice/],
    ['a text key twice', 'a2616101616102', /twice/],
    ['a key that is a float', 'a1f93c0001', /keys/],
    ['a key that is bytes', 'a1410101', /keys/],
    ['a key that is true', 'a1f501', /keys/],
    ['a key that is an array', 'a18001', /keys/],
    ['a key that is a tag', 'a1c0616101', /keys/],
    ['text that is no UTF-8', '61ff', /UTF-8/],
    ['a key that is no UTF-8', 'a161ff01', /UTF-8/],
    ['overlong UTF-8', '62c080', /UTF-8/],
    ['a surrogate', '63eda080', /UTF-8/],
    ['long text that is no UTF-8', `7828${'61'.repeat(39)}ff`, /UTF-8/],
    ['an integer of 54 bits', '1b0020000000000000', /53 bits/],
    ['a negative one', '3b001fffffffffffff', /53 bits/],
    ['the largest integer', '1bffffffffffffffff', /53 bits/],
    ['a big number', 'c249010000000000000000', /tag/],
    ['a time in seconds', 'c11a514b67b0', /tag/],
    ['the tag of CBOR itself', 'd9d9f700', /tag/],
    ['not a number', 'f97e00', /finite/],
    ['infinity', 'f97c00', /finite/],
    ['infinity in double precision', 'fbfff0000000000000', /finite/],
    ['undefined', 'f7', /simple/],
    ['a simple value', 'e0', /simple/],
    ['a simple value of a byte', 'f820', /simple/],
    ['false, as a simple value of a byte', 'f814', /simple/],
  ])('%s', (_, hex, sentence) => {
    const read = decodeCbor(fromHex(hex))
    expect(read.ok || read.error).toMatch(sentence)
  })

  it('when it nests more than 16 deep', () => {
    const nested = (depth: number) => fromHex(`${'81'.repeat(depth)}00`)
    expect(decodeCbor(nested(16)).ok).toBe(true)
    expect(decodeCbor(nested(17)).ok).toBe(false)
    for (const head of ['81', 'c0', 'd818', 'a100']) {
      const read = decodeCbor(fromHex(`${head.repeat(100_000)}00`))
      expect(read.ok || read.error).toMatch(/16 deep/)
    }
  })

  it('when a map has more than 1,000 keys', () => {
    const map = (size: number) =>
      encodeCbor(new Map(Array.from({ length: size }, (_, i) => [i, 0])))
    expect(decodeCbor(map(1000)).ok).toBe(true)
    const read = decodeCbor(map(1001))
    expect(read.ok || read.error).toMatch(/1,000 keys/)
  })

  it('when it holds more than 10,000 items, in all that is counted together', () => {
    const zeros = (count: number) => encodeCbor(Array(count).fill(0))
    expect(decodeCbor(zeros(9999)).ok).toBe(true)
    expect(decodeCbor(zeros(10_000)).ok).toBe(false)
    const named = new Map(Array.from({ length: 999 }, (_, i) => [`n${i}`, 0]))
    expect(decodeCbor(encodeCbor(Array(5).fill(named))).ok).toBe(true)
    expect(decodeCbor(encodeCbor(Array(6).fill(named))).ok).toBe(false)
    const tally = { values: 0 }
    expect(decodeCbor(zeros(5000), tally).ok).toBe(true)
    expect(decodeCbor(zeros(5000), tally).ok).toBe(false)
  })
})

const anyJson = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json)
const hasNumbers = (value: Json, isTaken: (number: number) => boolean): boolean => {
  if (typeof value === 'number') return isTaken(value)
  return (
    typeof value !== 'object' ||
    value === null ||
    Object.values(value).every((member) => hasNumbers(member, isTaken))
  )
}
/** Larger integers the library reads as big ones. */
const small = (value: Json) => hasNumbers(value, (number) => (number | 0) === number)

/** Objects as the library wants them. */
function asMaps(json: Json): unknown {
  if (Array.isArray(json)) return json.map(asMaps)
  if (!isJsonObject(json)) return json
  return new Map(Object.entries(json).map(([name, value]) => [name, asMaps(value)]))
}

describe('whatever is given', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const read = decodeCbor(encodeCbor(cborOf(value)))
        expect(read.ok && canonicalize(jsonOf(read.value))).toBe(canonicalize(value))
      }),
    )
  })

  it('is read as another library writes it, and written as that reads it', () => {
    fc.assert(
      fc.property(anyJson.filter(small), (value) => {
        const theirs = decodeCbor(Uint8Array.from(cborEncode(asMaps(value))))
        expect(theirs.ok && encodeCbor(theirs.value)).toEqual(encodeCbor(cborOf(value)))
        expect(cborDecode(encodeCbor(cborOf(value)))).toEqual(asMaps(value))
      }),
    )
  })

  it('bytes at random throw nothing, and are what they are when they are read', () => {
    const raw = fc.uint8Array({ maxLength: 40 })
    const tilted = fc.array(
      fc.constantFrom(0, 1, 0x41, 0x61, 0x81, 0x82, 0xa1, 0xd8, 0x18, 0xc0, 0xf6),
    )
    fc.assert(
      fc.property(fc.oneof(raw, tilted), (octets) => {
        const read = decodeCbor(Uint8Array.from(octets))
        if (read.ok) jsonOf(read.value)
        else expect(read.error).toMatch(/\.$/)
      }),
      { numRuns: 2000 },
    )
  })
})
