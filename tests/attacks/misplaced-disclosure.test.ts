import { beforeAll, it } from 'vitest'
import { createForger, disclosure, expectRefused, type Forger } from '../support/forgery.ts'
import { testGateway } from '../support/gateway.ts'

let forger: Forger
beforeAll(async () => {
  forger = await createForger(await testGateway())
})

it('an element of an array has no place among claims (SDJ-N09)', async () => {
  const { text, digest } = await disclosure('vi')
  const claims = { _sd: [...forger.honest.digests, digest] }
  const outcome = await forger.attack({ claims, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})

it('a claim has no place in an array (SDJ-N09)', async () => {
  const { text, digest } = await disclosure('sex', 2)
  const claims = { languages: [{ '...': digest }] }
  const outcome = await forger.attack({ claims, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})

it('nor has either of them further down (SDJ-N09)', async () => {
  const element = await disclosure('vi')
  const address = await disclosure('address', { _sd: [element.digest] })
  const claims = { _sd: [...forger.honest.digests, address.digest] }
  const outcome = await forger.attack({ claims, disclosures: [address.text, element.text] })
  expectRefused(outcome, 'credential.disclosures')
})
