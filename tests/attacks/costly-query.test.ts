import { beforeAll, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { matchCredential } from '../../src/presentation/dcql-evaluate.ts'

// A relying party and an issuer that work together: the widest query over the largest credential that
// both are let through. What grows with claims, claim sets and values at once would take minutes.
const claims = [
  ...Array.from({ length: 62 }, (_, i) => ({
    id: `c${i}`,
    path: ['many', null, null, null, i % 2 === 0 ? null : 0],
    values: Array.from({ length: 64 }, (_, value) => `v${value}`),
  })),
  { id: 'absent', path: ['absent'] },
]
const query = {
  id: 'q',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['t'] },
  claims,
  claim_sets: Array.from({ length: 16 }, () => claims.map(({ id }) => id)),
}
let shown: JsonObject
beforeAll(() => {
  shown = { many: [[[Array.from({ length: 9990 }, () => '')]]] }
})

it('the widest query over the largest credential is matched in bounded time', () => {
  const candidate = { format: 'dc+sd-jwt', type: 't', authorityKeyIds: [], claims: shown }
  const { findings } = matchCredential(query, candidate)
  expect(findings.find(({ check }) => check === 'query.claims')?.outcome).toBe('fail')
}, 2000)
