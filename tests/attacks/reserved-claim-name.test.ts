import { it } from 'vitest'
import { disclosure, expectRefused, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

it.each<[string, unknown]>([
  ['_sd', ['AAAA']],
  ['...', 'AAAA'],
  ['_sd_alg', 'sha-256'],
])('no disclosed claim is called %s (SDJ-N07, VER-16)', async (name, value) => {
  const { text, digest } = await disclosure(name, value)
  const claims = { _sd: [...shared.forger.honest.digests, digest] }
  const outcome = await shared.forger.attack({ claims, disclosures: [text] })
  expectRefused(outcome, 'credential.disclosures')
})

it.each<[string, Record<string, unknown>]>([
  ['three dots as a claim', { '...': 'AAAA' }],
  ['three dots in an object', { address: { '...': 'AAAA' } }],
  ['three dots with something beside', { languages: [{ '...': 'AAAA', and: 1 }] }],
  ['three dots that are no string', { languages: [{ '...': 7 }] }],
  ['_sd that is no array', { address: { _sd: 'AAAA' } }],
  ['_sd with what is no string', { address: { _sd: [7] } }],
  ['_sd with an object', { address: { _sd: [{ '...': 'AAAA' }] } }],
])('nor does the payload use these names for anything else: %s (SDJ-N07)', async (_, claims) => {
  expectRefused(await shared.forger.attack({ claims }), 'credential.disclosures')
})
