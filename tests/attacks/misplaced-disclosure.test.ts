import { it } from 'vitest'
import { disclosure, expectRefused, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

it('an element of an array has no place among claims (SDJ-N09)', async () => {
  const { text, digest } = await disclosure('vi')
  const claims = { _sd: [...shared.forger.honest.digests, digest] }
  const outcome = await shared.forger.attack({ claims, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})

it('a claim has no place in an array (SDJ-N09)', async () => {
  const { text, digest } = await disclosure('sex', 2)
  const claims = { languages: [{ '...': digest }] }
  const outcome = await shared.forger.attack({ claims, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})

it('nor has either of them further down (SDJ-N09)', async () => {
  const element = await disclosure('vi')
  const address = await disclosure('address', { _sd: [element.digest] })
  const claims = { _sd: [...shared.forger.honest.digests, address.digest] }
  const outcome = await shared.forger.attack({ claims, disclosures: [address.text, element.text] })
  expectRefused(outcome, 'credential.disclosures')
})
