import { describe, it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { disclosure, expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

const shared = sharedForger()

it.each<[string, Lies]>([
  ['an extra one', { extraDisclosure: true }],
  ['one sent twice', { duplicateDisclosure: true }],
])('a disclosure that nothing calls for is refused: %s (SDJ-N04, SDJ-N05)', async (_, lies) => {
  expectRefused(await attack(shared.gateway, lies), 'credential.disclosures')
})

describe('of what is nested in each other', () => {
  /** An address that is hidden, and in it a city that is hidden. */
  async function nested() {
    const city = await disclosure('locality', 'Hue')
    const address = await disclosure('address', { country: 'VN', _sd: [city.digest] })
    return { city, address, claims: { _sd: [...shared.forger.honest.digests, address.digest] } }
  }

  it('the parent may come with its child, or alone', async () => {
    const { city, address, claims } = await nested()
    const texts = [city.text, address.text]
    expectVerified(await shared.forger.attack({ claims, disclosures: texts }))
    expectVerified(await shared.forger.attack({ claims, disclosures: [address.text] }))
  })

  it('a child does not come without its parent (SDJ-N04)', async () => {
    const { city, claims } = await nested()
    const outcome = await shared.forger.attack({ claims, disclosures: [city.text] })
    expectRefused(outcome, 'credential.disclosures')
  })

  it('nor does one that holds its own digest (SDJ-N04)', async () => {
    // No digest can be inside what it is the digest of; this is as near as one comes.
    const inner = await disclosure('inner', 1)
    const outer = await disclosure('outer', { _sd: [inner.digest] })
    const outcome = await shared.forger.attack({ disclosures: [inner.text, outer.text] })
    expectRefused(outcome, 'credential.disclosures')
  })
})
