import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { reportTree } from '../../src/cli/report-tree.ts'

const check = (id: string, outcome: string, detail: string) => ({
  id,
  outcome,
  detail,
  spec: 'RFC 1',
  remedy: outcome === 'fail' ? 'Do better.' : null,
})
const treeOf = (outcome: string, ...checks: ReturnType<typeof check>[]) =>
  stripVTControlCharacters(reportTree({ outcome, checks }))

it('checks stand under their subject, and what failed shows its remedy', () => {
  const tree = treeOf(
    'refused',
    check('response.shape', 'pass', 'An object.'),
    check('key_binding.nonce', 'fail', 'Another nonce.'),
    check('key_binding.time', 'skip', 'Not judged: no proof.'),
    check('response.transaction_data', 'skip', 'None.'),
  )
  expect(tree).toBe(`REFUSED
├─ response
│  ├─ ✔ shape             An object. [RFC 1]
│  └─ ○ transaction_data  None. [RFC 1]
└─ key binding
   ├─ ✘ nonce  Another nonce. [RFC 1]
   │           → Do better.
   └─ ○ time   Not judged: no proof. [RFC 1]`)
})

it('the checks of several credentials stand under their credential, without saying it again', () => {
  const tree = treeOf(
    'verified',
    check('response.shape', 'pass', 'pid: is not a label here.'),
    check('credential.format', 'pass', 'pid: An SD-JWT.'),
    check('status.value', 'pass', 'pid: Valid.'),
    check('credential.format', 'pass', 'pid: Another SD-JWT.'),
    check('status.value', 'pass', 'pid: Valid.'),
    check('credential.format', 'pass', 'age: An SD-JWT.'),
    check('status.value', 'skip', 'age: It has none.'),
    check('query.credentials', 'pass', 'All there.'),
  )
  expect(tree).toBe(`VERIFIED
├─ response
│  └─ ✔ shape  pid: is not a label here. [RFC 1]
├─ query
│  └─ ✔ credentials  All there. [RFC 1]
├─ pid
│  ├─ credential
│  │  └─ ✔ format  An SD-JWT. [RFC 1]
│  └─ status
│     └─ ✔ value  Valid. [RFC 1]
├─ pid
│  ├─ credential
│  │  └─ ✔ format  Another SD-JWT. [RFC 1]
│  └─ status
│     └─ ✔ value  Valid. [RFC 1]
└─ age
   ├─ credential
   │  └─ ✔ format  An SD-JWT. [RFC 1]
   └─ status
      └─ ○ value  It has none. [RFC 1]`)
})

it('what others wrote cannot move the cursor or turn the line around', () => {
  const hostile = '\u001b[2J\u0007\u202e\u2028\n'
  const tree = reportTree({
    outcome: hostile,
    checks: [
      { id: `a.${hostile}`, outcome: 'fail', detail: hostile, spec: hostile, remedy: hostile },
    ],
  })
  const lines = stripVTControlCharacters(tree).split('\n')
  expect(lines).toHaveLength(4)
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
})
