import { describe, expect, it } from 'vitest'
import { checks } from '../../src/presentation/checks.ts'
import { describeFailures, renderReport } from '../../src/presentation/report.ts'
import { fail, pass, skip } from '../../src/result.ts'

const report = renderReport('refused', [
  pass('credential.signature', 'Signed.'),
  fail('key_binding.nonce', 'Another nonce.'),
  skip('query.values', 'None asked for.'),
])

it('a report names rule and outcome of each check, and the remedy of what failed', () => {
  expect(report).toEqual({
    outcome: 'refused',
    checks: [
      {
        id: 'credential.signature',
        outcome: 'pass',
        detail: 'Signed.',
        spec: checks['credential.signature'].spec,
        remedy: null,
      },
      {
        id: 'key_binding.nonce',
        outcome: 'fail',
        detail: 'Another nonce.',
        spec: 'OpenID4VP 1.0 14.2',
        remedy: checks['key_binding.nonce'].remedy,
      },
      {
        id: 'query.values',
        outcome: 'skip',
        detail: 'None asked for.',
        spec: checks['query.values'].spec,
        remedy: null,
      },
    ],
  })
})

it('the wallet hears of the first failures, with remedies', () => {
  expect(describeFailures(report)).toBe(
    `key_binding.nonce (OpenID4VP 1.0 14.2): Another nonce. ${checks['key_binding.nonce'].remedy}`,
  )
  const many = renderReport(
    'refused',
    Array.from({ length: 5 }, () => fail('query.type', 'Other.')),
  )
  expect(describeFailures(many)).toMatch(/2 more failed\.$/)
})

describe('every check of the catalogue', () => {
  it.each(Object.entries(checks))(
    '%s says what must hold, by which clause, and a remedy fit for OAuth',
    (id, entry) => {
      expect(id).toMatch(/^[a-z_]+\.[a-z_]+$/)
      // RFC 6749 5.2: what an error_description may hold.
      expect(entry.rule).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+\.$/)
      expect(entry.spec).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
      expect(entry.remedy).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+\.$/)
    },
  )
})
