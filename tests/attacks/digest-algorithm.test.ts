import { expect, it } from 'vitest'
import { expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

it('sha-256 may be said, and need not be', async () => {
  const outcome = await shared.forger.attack({ claims: { _sd_alg: 'sha-256' } })
  expectVerified(outcome)
  const { claims } = outcome.result.credentials?.['pid-sd-jwt']?.[0] ?? {}
  expect(Object.keys(claims ?? {})).not.toContain('_sd_alg')
})

it.each<[string, unknown]>([
  ['md5', 'md5'],
  ['sha-1', 'sha-1'],
  ['SHA-256 in the wrong case', 'SHA-256'],
  ['a name nobody knows', 'sha-999'],
  ['nothing', ''],
  ['null', null],
  ['a list', ['sha-256']],
])('the digests are sha-256: %s is refused (SDJ-N10)', async (_, algorithm) => {
  const outcome = await shared.forger.attack({ claims: { _sd_alg: algorithm } })
  expectRefused(outcome, 'credential.disclosures')
})

it('_sd_alg stands at the top, and nowhere further down (SDJ-N10)', async () => {
  const outcome = await shared.forger.attack({
    claims: { address: { _sd_alg: 'sha-256', _sd: [] } },
  })
  expectRefused(outcome, 'credential.disclosures')
})
