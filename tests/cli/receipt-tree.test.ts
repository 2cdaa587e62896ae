import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { receiptTree } from '../../src/cli/receipt-tree.ts'
import type { Receipt } from '../../src/presentation/verify-receipt.ts'

const presentation = (
  query_id: string,
  issuer: string | null,
): Receipt['presentations'][number] => ({
  query_id,
  sha256: 'A'.repeat(43),
  type: null,
  issuer,
  recognition: null,
  assurance: null,
})
const receipt: Receipt = {
  iss: 'https://gateway.example',
  jti: 'j',
  iat: 1_795_507_200,
  at: 1_763_971_200,
  outcome: 'refused',
  purpose: 'bank-kyc',
  relying_party: 'https://gateway.example/relying-parties/bank-sg',
  challenge_by: 'relying_party',
  ledger_position: 7,
  transaction_data_hashes: ['H'.repeat(43)],
  checks: [
    { id: 'response.shape', outcome: 'pass' },
    { id: 'credential.format', outcome: 'pass' },
    { id: 'credential.format', outcome: 'fail' },
    { id: 'credential.of_old', outcome: 'skip' },
  ],
  presentations: [
    presentation('pid', 'https://issuer.example\u001b[2J'),
    presentation('age', null),
  ],
}
const treeOf = (key = {}) => stripVTControlCharacters(receiptTree(receipt, { kid: 'k', ...key }))

it('a receipt of several presentations tells what came of each', () => {
  const tree = treeOf()
  expect(tree).toMatch(/^GOOD receipt of REFUSED\n/)
  expect(tree).toMatch(/─ pid\n.*credential\n.*✔ format {2}A compact SD-JWT/)
  expect(tree).toMatch(
    /─ age\n.*credential\n.*✘ format .*\[RFC 9901 4; OpenID4VP 1\.0 B\.2\.5\]\n.*→ Present/,
  )
  expect(tree).toMatch(/transaction +H{43}\n/)
  expect(tree).toMatch(/as of +2025-11-24T08:00:00Z\n/)
  expect(tree).toMatch(/challenge by +the relying party/)
  expect(tree).toMatch(/○ of_old +This version knows no such check\.\n/)
  expect(tree).toContain('https://issuer.example\uFFFD[2J')
})

it('a receipt tells when its key was in use', () => {
  const revoked = { revoked_at: 1_800_000_000, reason: 'superseded' }
  expect(treeOf({ iat: 1_790_000_000, exp: 1_800_000_000, revoked })).toMatch(
    /in use +since 2026-09-21T14:13:20Z, until 2027-01-15T08:00:00Z, revoked at 2027-01-15T08:00:00Z\n/,
  )
})
