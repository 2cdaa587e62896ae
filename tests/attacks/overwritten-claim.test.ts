import { beforeAll, it } from 'vitest'
import { createForger, disclosure, expectRefused, type Forger } from '../support/forgery.ts'
import { testGateway } from '../support/gateway.ts'

let forger: Forger
beforeAll(async () => {
  forger = await createForger(await testGateway())
})

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
    const claims = { _sd: [...forger.honest.digests, digest] }
    const outcome = await forger.attack({ claims, disclosures: [text] })
    expectRefused(outcome, 'credential.disclosures')
  },
)

it('nor of another disclosure (SDJ-N08)', async () => {
  const { text, digest } = await disclosure('name', 'Somebody Else')
  const claims = { _sd: [...forger.honest.digests, digest] }
  const outcome = await forger.attack({ claims, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})

it('nor of a claim further down (SDJ-N08)', async () => {
  const { text, digest } = await disclosure('assurance_level', 'level 2 / authentication 4')
  const verification = { assurance_level: 'none at all', _sd: [digest] }
  const outcome = await forger.attack({ claims: { verification }, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})
