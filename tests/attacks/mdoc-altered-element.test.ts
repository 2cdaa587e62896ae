import { describe, it } from 'vitest'
import { type Encodable, embed } from '../../src/credential/cbor-encoder.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { type Forgery, itemOf } from '../credential/mdoc-scene.ts'
import { expectRefused, expectVerified } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'
import { pidDoctype, sharedMdocForger } from '../support/mdoc-forgery.ts'

const shared = sharedMdocForger()
const refusedAt = 'credential.disclosures'

it.each<[string, Lies]>([
  ['an altered element (VER-12)', { alterDisclosure: true }],
  ['an element that nobody signed', { extraDisclosure: true }],
  ['an element in another namespace', { moveDisclosure: 'org.iso.18013.5.1' }],
  ['an element twice', { duplicateDisclosure: true }],
])('a wallet that shows %s is refused (MDOC-N02)', async (_, lies) => {
  expectRefused(await attack(shared.gateway, lies, 'pid-mdoc'), refusedAt)
})

describe('what the issuer signed stands where, and as, it was signed', () => {
  /** The honest elements and one more, whose digest the issuer signed under these names. */
  async function signedAs(
    member: Record<string, Encodable>,
    { name = pidDoctype, id = 100 }: { name?: string; id?: number } = {},
  ): Promise<Forgery> {
    const { item, digest } = await itemOf(member)
    const { items } = shared.forger.held
    const digests = shared.forger.mso.get('valueDigests') as Map<string, Map<number, Encodable>>
    const [honest = new Map()] = digests.values()
    return {
      nameSpaces: new Map([[pidDoctype, [...items.map(({ encoded }) => ({ encoded })), item]]]),
      mso: {
        valueDigests:
          name === pidDoctype
            ? new Map([[pidDoctype, new Map([...honest, [id, digest]])]])
            : new Map([
                [pidDoctype, honest],
                [name, new Map([[id, digest]])],
              ]),
      },
    }
  }

  it('so that what it did sign is good', async () => {
    expectVerified(await shared.forger.bend(await signedAs({})))
  })

  it.each<[string, () => Promise<Forgery>]>([
    ['under another digestID', () => signedAs({}, { id: 101 })],
    ['in another namespace', () => signedAs({}, { name: 'org.iso.18013.5.1' })],
    ['with the name of another element', () => signedAs({ elementIdentifier: 'name' })],
    ['without enough random bytes', () => signedAs({ random: new Uint8Array(15) })],
    ['with a name that is no text', () => signedAs({ elementIdentifier: 7 })],
    ['with a digestID that is none', () => signedAs({ digestID: -1 })],
    ['with a value that JSON cannot tell', () => signedAs({ elementValue: new Map([[1, 2]]) })],
  ])('%s it is refused (MDOC-N02)', async (_, forgery) => {
    expectRefused(await shared.forger.bend(await forgery()), refusedAt)
  })

  it('and by its very bytes: written otherwise, it is another (MDOC-N02)', async () => {
    const [first, ...rest] = shared.forger.held.items.map(({ encoded }) => encoded)
    if (!first) throw new Error('there is no element')
    // The same tag 24, with its number in two bytes instead of one.
    const other = Uint8Array.of(0xd9, 0, 24, ...first.subarray(2))
    const items = [other, ...rest].map((encoded) => ({ encoded }))
    const outcome = await shared.forger.bend({ nameSpaces: new Map([[pidDoctype, items]]) })
    expectRefused(outcome, refusedAt)
  })

  it.each<[string, string, (item: Uint8Array) => Encodable]>([
    ['without its tag', 'credential.format', (item) => item.subarray(2)],
    ['under another tag', 'credential.format', (item) => ({ tag: 18, value: item.subarray(2) })],
    ['as the map itself', 'credential.format', () => new Map([['digestID', 0]])],
    ['in two layers', refusedAt, (item) => embed({ encoded: item })],
  ])('no element is one %s (MDOC-N02)', async (_, check, change) => {
    const [{ encoded } = { encoded: new Uint8Array() }] = shared.forger.held.items
    const nameSpaces = new Map([[pidDoctype, [change(encoded)]]])
    expectRefused(await shared.forger.bend({ nameSpaces }), check)
  })
})
