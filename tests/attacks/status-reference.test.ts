import { beforeAll, expect, it } from 'vitest'
import { createForger, expectRefused, expectVerified, type Forger } from '../support/forgery.ts'
import { origin, type TestGateway, testGateway } from '../support/gateway.ts'

type Reference = { uri: string; idx: number }

let gateway: TestGateway
let forger: Forger
let own: Reference
beforeAll(async () => {
  gateway = await testGateway()
  forger = await createForger(gateway)
  own = await issuedTo('vn-nguyen-thi-an')
})

/** The status list and index of a credential that was issued here. */
async function issuedTo(persona: string): Promise<Reference> {
  const wallet = await gateway.citizen(persona)
  const { status } = (wallet.credentials()[0]?.claims ?? {}) as {
    status?: { status_list: Reference }
  }
  if (!status) throw new Error('the credential has no status')
  return status.status_list
}

it('a reference to an entry of one’s own is good', async () => {
  expectVerified(await forger.attack({ claims: { status: { status_list: own } } }))
})

it.each<[string, unknown]>([
  ['nothing', {}],
  ['null', null],
  ['a string', 'valid'],
  ['another mechanism', { status_assertion: { credential_hash_alg: 'sha-256' } }],
  [
    'another mechanism beside it',
    { status_list: { uri: `${origin}/status-lists/1`, idx: 0 }, other: {} },
  ],
  ['a list of lists', { status_list: [{ uri: `${origin}/status-lists/1`, idx: 0 }] }],
])('status refers to a status list: %s does not (HAIP-N05)', async (_, status) => {
  expectRefused(await forger.attack({ claims: { status } }), 'credential.claims')
})

it.each<[string, unknown]>([
  ['missing', undefined],
  ['negative', -1],
  ['a fraction', 1.5],
  ['a string', '1'],
  ['null', null],
  ['beyond all integers', 2 ** 53],
  ['beyond all numbers of ours', 1e300],
])('an index is a whole number from zero: %s (TSL-N02)', async (_, idx) => {
  const claims = { status: { status_list: { uri: own.uri, idx } } }
  expectRefused(await forger.attack({ claims }), 'credential.claims')
})

it.each<[string, unknown]>([
  ['missing', undefined],
  ['no URI', 'list 1'],
  ['a list', [`${origin}/status-lists/1`]],
])('and its list has a URI: %s (TSL-N02)', async (_, uri) => {
  const claims = { status: { status_list: { uri, idx: own.idx } } }
  expectRefused(await forger.attack({ claims }), 'credential.claims')
})

it.each<[string, (at: typeof own) => Partial<typeof own>]>([
  ['an index that the list does not have', () => ({ idx: 2 ** 40 })],
  ['a list that is not there', ({ uri }) => ({ uri: `${uri}9` })],
])('whose entry cannot be found is refused: %s (TSL-N02)', async (_, change) => {
  const claims = { status: { status_list: { ...own, ...change(own) } } }
  expectRefused(await forger.attack({ claims }), 'status.list')
})

it('a list of another state’s says nothing of one’s own (TSL-N07)', async () => {
  const status = { status_list: await issuedTo('sg-lim-hui-min') }
  expectRefused(await forger.attack({ claims: { status } }), 'status.list')
})

it('where there is neither exp nor status it would never end', async () => {
  const outcome = await forger.attack({ claims: { exp: undefined } })
  expectRefused(outcome, 'credential.validity')
  expect(
    outcome.result.report?.checks.find(({ id }) => id === 'credential.validity')?.detail,
  ).toMatch(/never end/)
})
