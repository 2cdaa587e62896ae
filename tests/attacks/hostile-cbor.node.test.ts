import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { type Encodable, embed, encodeCbor } from '../../src/credential/cbor-encoder.ts'
import { type Forgery, itemOf, replaced } from '../credential/mdoc-scene.ts'
import { expectRefused, expectVerified } from '../support/forgery.ts'
import { pidDoctype, sharedMdocForger } from '../support/mdoc-forgery.ts'

// CBOR that two parsers read in two ways, or that one of them chokes on. What the reader makes of it is
// the same in both runtimes (tests/credential/cbor.test.ts); here, that all of it is refused over HTTP.

const shared = sharedMdocForger()

const bytes = (...hex: string[]) =>
  Uint8Array.from(Buffer.from(hex.join('').replaceAll(' ', ''), 'hex'))
const times = (count: number, hex: string) => hex.repeat(count)

/** What no reader may take for CBOR, each put in place of a value. */
const unreadable: [string, Uint8Array][] = [
  ['an array without end', bytes('9f 00 ff')],
  ['a map without end', bytes('bf 6161 00 ff')],
  ['bytes without end', bytes('5f 41 00 ff')],
  ['text without end', bytes('7f 61 61 ff')],
  ['an end without a beginning', bytes('ff')],
  ['a key twice', bytes('a2 6161 01 6161 02')],
  ['a key twice, once written longer', bytes('a2 6161 01 7801 61 02')],
  ['a number as a key twice, once written longer', bytes('a2 01 01 1801 02')],
  ['bytes as a key', bytes('a1 4161 00')],
  ['an array as a key', bytes('a1 80 00')],
  ['a fraction as a key', bytes('a1 f93c00 00')],
  ['nesting 17 deep', bytes(times(17, '81'), '00')],
  ['nesting 20,000 deep', bytes(times(20_000, '81'), '00')],
  ['maps 10,000 deep', bytes(times(10_000, 'a1 6161'), '00')],
  ['tags 20,000 deep', bytes(times(20_000, 'd818'), '40')],
  ['ten thousand values', bytes('99 2710', times(10_000, '00'))],
  ['an array of so many that nobody has them', bytes('9b ffffffffffffffff')],
  ['an array of four thousand million', bytes('9a ffffffff')],
  ['a map of four thousand million', bytes('ba ffffffff')],
  ['bytes of four gigabytes', bytes('5a ffffffff')],
  ['text of an exabyte', bytes('7b 0fffffffffffffff')],
  ['an array cut short', bytes('82 00')],
  ['a head that is none', bytes('1c')],
  ['a number beyond 53 bits', bytes('1b 0020000000000000')],
  ['a negative number beyond 53 bits', bytes('3b ffffffffffffffff')],
  ['not a number', bytes('f97e00')],
  ['infinity', bytes('fa 7f800000')],
  ['undefined', bytes('f7')],
  ['a simple value of nobody’s', bytes('f8 20')],
  ['a big number', bytes('c2 41 01')],
  ['a mark that this is CBOR', bytes('d9d9f7 00')],
  ['text that is no UTF-8', bytes('61 ff')],
  ['text with half a character', bytes('63 eda080')],
]

/** Where it is put; where something is signed, it is truly signed. */
const places: [string, (value: Encodable) => Forgery | Promise<Forgery>][] = [
  ['in the response', (value) => ({ response: { more: value } })],
  ['in the mobile security object', (value) => ({ mso: { more: value } })],
  [
    'in the headers that the issuer signed',
    (value) => ({
      issuerProtected: new Map([
        [1, -7],
        [99, value],
      ]),
    }),
  ],
  ['in an element', withElement],
]

/** The honest elements and one more, which the issuer signed with this value. */
async function withElement(elementValue: Encodable): Promise<Forgery> {
  const { item, digest } = await itemOf({ elementValue })
  const { held, mso } = shared.forger
  const [[, digests] = ['', new Map()]] = mso.get('valueDigests') as Map<
    string,
    Map<number, Encodable>
  >
  return {
    nameSpaces: new Map([[pidDoctype, [...held.items.map(({ encoded }) => ({ encoded })), item]]]),
    mso: { valueDigests: new Map([[pidDoctype, new Map([...digests, [100, digest]])]]) },
  }
}

describe.each(places)('%s', (_, put) => {
  it('there may be more than we know', async () => {
    expectVerified(await shared.forger.bend(await put(7)))
  })

  it.each(unreadable)('%s is refused (MDOC-N07)', async (_, encoded) => {
    expectRefused(await shared.forger.bend(await put({ encoded })), 'credential.format')
  })
})

describe('what the device signed', () => {
  it.each(unreadable)('with %s in it is no proof (MDOC-N07)', async (_, encoded) => {
    const forgery = { deviceNameSpaces: new Map([[pidDoctype, { encoded }]]) }
    expectRefused(await shared.forger.bend(forgery), 'key_binding.present')
  })
})

describe('in place of the whole response', () => {
  it.each(unreadable)('%s is refused (MDOC-N07)', async (_, encoded) => {
    const outcome = await shared.forger.bend({}, { alter: () => encodeBase64url(encoded) })
    expectRefused(outcome, 'credential.format')
  })
})

it.each<[string, (payload: Uint8Array) => Uint8Array]>([
  ['without its tag', (payload) => payload.subarray(2)],
  [
    'under another tag',
    (payload) => encodeCbor({ tag: 18, value: { encoded: payload.subarray(2) } }),
  ],
  ['in two layers', (payload) => encodeCbor(embed({ encoded: payload }))],
  ['with a byte behind it', (payload) => Uint8Array.of(...payload, 0)],
  [
    'with a byte behind it inside',
    (payload) => encodeCbor({ tag: 24, value: Uint8Array.of(...payload, 0) }),
  ],
  ['as nothing', () => new Uint8Array()],
])('a mobile security object %s is none (MDOC-N07)', async (_, change) => {
  const honest = encodeCbor(embed(replaced(shared.forger.mso)))
  expectVerified(await shared.forger.bend({ payload: honest }))
  const { result, ...outcome } = await shared.forger.bend({ payload: change(honest) })
  expect(result.report?.checks.find(({ outcome }) => outcome === 'fail')?.id).toMatch(
    /^credential\.(format|claims)$/,
  )
  expect(outcome.status).toBe(400)
})

it('the costliest answer that fits costs no more than a moment (MDOC-N07)', async () => {
  // As many values as there may be, in as many elements as there may be, none of which anybody signed.
  const item = embed(
    new Map<string, Encodable>([
      ['digestID', 0],
      ['random', new Uint8Array(32)],
      ['elementIdentifier', 'x'],
      ['elementValue', Array.from({ length: 8 }, () => 'text')],
    ]),
  )
  const nameSpaces = new Map([[pidDoctype, Array.from({ length: 490 }, () => item)]])
  const started = performance.now()
  const outcome = await shared.forger.bend({ nameSpaces })
  expect(performance.now() - started).toBeLessThan(2000)
  expectRefused(outcome, 'credential.disclosures')
})
