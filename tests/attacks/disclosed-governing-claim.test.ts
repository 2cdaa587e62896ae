import { expect, it } from 'vitest'
import { disclosure, expectRefused, sharedForger } from '../support/forgery.ts'
import { failed, origin } from '../support/gateway.ts'

const shared = sharedForger()

const list = { status_list: { uri: `${origin}/status-lists/1`, idx: 1 } }

it.each<[string, unknown]>([
  ['iss', `${origin}/issuers/vn`],
  ['exp', 4_102_444_800],
  ['nbf', 0],
  ['status', list],
  ['aka_vcts', ['urn:gerbang:age:1']],
  ['vct#integrity', 'sha256-AAAA'],
])(
  'what governs a credential is signed in the open: %s disclosed (VC-N03)',
  async (name, value) => {
    const { text, digest } = await disclosure(name, value)
    const ends = name === 'exp' ? list : undefined
    const claims = { [name]: undefined, _sd: [...shared.forger.honest.digests, digest] }
    const more = ends && { status: ends }
    const outcome = await shared.forger.attack({
      claims: { ...claims, ...more },
      disclosures: [text],
    })
    expectRefused(outcome, 'credential.claims')
  },
)

it('nor is the holder’s key for the holder to show (VC-N03)', async () => {
  const { text, digest } = await disclosure('cnf', { jwk: shared.forger.holder.publicJwk })
  const claims = { cnf: undefined, _sd: [...shared.forger.honest.digests, digest] }
  const outcome = await shared.forger.attack({ claims, disclosures: [text] })
  expectRefused(outcome, 'credential.claims', 'key_binding.signature')
})

it.each<[string, (digest: string) => Record<string, unknown>]>([
  ['status', (digest) => ({ status: { _sd: [digest] } })],
  [
    'a status list',
    (digest) => ({ status: { status_list: { uri: `${origin}/status-lists/1`, _sd: [digest] } } }),
  ],
  ['aka_vcts', (digest) => ({ aka_vcts: [{ '...': digest }] })],
])('nor is any part of it hidden: of %s (VC-N03)', async (_, claims) => {
  const { digest } = await disclosure('idx', 7)
  expectRefused(await shared.forger.attack({ claims: claims(digest) }), 'credential.claims')
})

it('nor any part of the holder’s key (VC-N03)', async () => {
  const { text, digest } = await disclosure('jwk', shared.forger.holder.publicJwk)
  const outcome = await shared.forger.attack({
    claims: { cnf: { _sd: [digest] } },
    disclosures: [text],
  })
  expect(outcome.status).toBe(400)
  expect(failed(outcome.result)).toEqual(['credential.claims', 'key_binding.signature'])
})
