import { it } from 'vitest'
import { disclosure, expectRefused, type Forgery, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

type Disclosure = Awaited<ReturnType<typeof disclosure>>

it.each<[string, (sex: Disclosure, digests: string[]) => Forgery | Promise<Forgery>]>([
  [
    'at the top',
    ({ text, digest }, digests) => ({
      claims: { _sd: [...digests, digest, digest] },
      disclosures: [text],
    }),
  ],
  [
    'nested',
    ({ text, digest }, digests) => ({
      claims: { _sd: [...digests, digest], address: { _sd: [digest] } },
      disclosures: [text],
    }),
  ],
  [
    'inside another disclosure',
    async ({ text, digest }, digests) => {
      const address = await disclosure('address', { _sd: [digest] })
      return {
        claims: { _sd: [...digests, digest, address.digest] },
        disclosures: [text, address.text],
      }
    },
  ],
  [
    'in an array',
    async (_, digests) => {
      const element = await disclosure('vi')
      return {
        claims: { _sd: digests, languages: [{ '...': element.digest }, { '...': element.digest }] },
        disclosures: [element.text],
      }
    },
  ],
  [
    'of what nobody shows',
    ({ digest }, digests) => ({ claims: { _sd: [...digests, digest, digest] } }),
  ],
  [
    'of what nobody shows, in an array',
    ({ digest }, digests) => ({
      claims: { _sd: [...digests, digest], languages: [{ '...': digest }] },
    }),
  ],
])('no digest occurs twice in a credential: %s (SDJ-N05, VER-16)', async (_, forge) => {
  const forgery = await forge(await disclosure('sex', 2), shared.forger.honest.digests)
  expectRefused(await shared.forger.attack(forgery), 'credential.disclosures')
})

it('nor does a disclosure in a presentation (SDJ-N05)', async () => {
  const { text, digest } = await disclosure('sex', 2)
  const claims = { _sd: [...shared.forger.honest.digests, digest] }
  const outcome = await shared.forger.attack({ claims, disclosures: [text, text] })
  expectRefused(outcome, 'credential.disclosures')
})
