import { expect, it } from 'vitest'
import { recognitionsAsOf } from '../../src/registry/recognitions.ts'
import { compileSnapshot } from '../../src/trust/snapshot.ts'
import { at, base, grantsOf, known, seconds, status } from '../trust/world.ts'

const suspension = status(
  { type: 'recognition', id: 'sg-vn' },
  'suspended',
  seconds('2026-05-01T00:00:00Z'),
)
const facts = known([...base, ...grantsOf(base)], [suspension])
const snapshot = compileSnapshot(facts, 1)

it('for the position of the snapshot at hand, no fact is looked at', () => {
  const view = recognitionsAsOf({ snapshot, facts: [] }, { at, known: 1 })
  expect(view.matrix).toEqual({
    LA: { SG: [], VN: [] },
    SG: { LA: [], VN: [] },
    VN: { LA: ['vn-la'], SG: [] },
  })
  expect(view.recognitions.map(({ standing }) => standing)).toEqual(['suspended', 'granted'])
})

it('for an earlier one, those that were known then', () => {
  const view = recognitionsAsOf({ snapshot, facts }, { at, known: 0 })
  expect(view).toMatchObject({ known: 0, matrix: { SG: { VN: ['sg-vn'] } } })
})

it('both ways give the same answer', () => {
  const later = compileSnapshot(facts, 2)
  const compiled = recognitionsAsOf({ snapshot: later, facts }, { at, known: 1 })
  expect(compiled).toEqual(recognitionsAsOf({ snapshot, facts }, { at, known: 1 }))
})
