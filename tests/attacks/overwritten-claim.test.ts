import { it } from 'vitest'
import { disclosure, expectRefused, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

it.each<[string, unknown]>([
  ['exp', 4_102_444_800],
  ['vct', 'urn:gerbang:age:1'],
  ['cnf', {}],
  ['issuing_country', 'SG'],
  ['verification', { assurance_level: 'high' }],
])(
  'a disclosure does not take the place of a signed claim: %s (SDJ-N08, VER-16)',
  async (name, value) => {
    const { text, digest } = await disclosure(name, value)
    const claims = { _sd: [...shared.forger.honest.digests, digest] }
    const outcome = await shared.forger.attack({ claims, disclosures: [text] })
    expectRefused(outcome, 'credential.disclosures')
  },
)

it('nor of another disclosure (SDJ-N08)', async () => {
  const { text, digest } = await disclosure('name', 'Somebody Else')
  const claims = { _sd: [...shared.forger.honest.digests, digest] }
  const outcome = await shared.forger.attack({ claims, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})

it('nor of a claim further down (SDJ-N08)', async () => {
  const { text, digest } = await disclosure('assurance_level', 'level 2 / authentication 4')
  const verification = { assurance_level: 'none at all', _sd: [digest] }
  const outcome = await shared.forger.attack({ claims: { verification }, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})
