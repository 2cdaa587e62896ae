import { describe, expect, it } from 'vitest'
import { verificationRecords } from '../../src/presentation/verification-record.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { compileSnapshot } from '../../src/trust/snapshot.ts'
import { base, grantsOf, known, at as now, seconds } from '../trust/world.ts'

const day = 24 * 60 * 60 * 1000
const before = new Date('2025-01-01T00:00:00Z')

/** The registry in which bank-kyc demands as many days, from the first of March on. */
const registry = (retentionDays: number) => {
  const facts: Fact[] = base.map((fact) =>
    fact.type === 'purpose' && fact.code === 'bank-kyc'
      ? { ...fact, retentionDays, validFrom: seconds('2026-03-01T00:00:00Z') }
      : fact,
  )
  return compileSnapshot(known([...facts, ...grantsOf(facts)]), 0)
}

const recordOf = (retentionDays: number, change: { at?: Date; purpose?: string } = {}) => {
  const [record] = verificationRecords(
    {
      ...{ verdict: 'v', at: now, now, challengeBy: 'relying_party', outcome: 'refused' },
      ...{ relyingParty: 'https://rp.example/bank-SG', purpose: 'bank-kyc', presentations: [] },
      ...change,
    },
    registry(retentionDays),
  )
  if (!record) throw new Error('no record')
  return { days: (record.forgetAt.getTime() - now.getTime()) / day, country: record.country }
}

describe('a record is kept for', () => {
  it.each<[string, number, number]>([
    ['as long as the purpose demands', 1825, 1825],
    ['at least 30 days', 1, 30],
  ])('%s', (_, demanded, days) => {
    expect(recordOf(demanded)).toEqual({ days, country: 'SG' })
  })

  it('no less where it was judged as of a time before the purpose, or the relying party', () => {
    for (const at of [new Date('2026-02-01T00:00:00Z'), before]) {
      expect(recordOf(1825, { at })).toEqual({ days: 1825, country: 'SG' })
    }
  })

  it('30 days where nobody knows the purpose', () => {
    expect(recordOf(1825, { purpose: 'unknown' })).toEqual({ days: 30, country: 'SG' })
  })
})
