import { describe, expect, it } from 'vitest'
import { judge } from '../../src/trust/judge.ts'
import { compileSnapshot } from '../../src/trust/snapshot.ts'
import { at, base, grantsOf, known, pid, question, recognition, seconds, status } from './world.ts'

const whole = [...base, ...grantsOf(base)]
const target = { type: 'recognition', id: 'sg-vn' } as const
const facts = known(whole, [status(target, 'suspended', seconds('2026-05-01T00:00:00Z'))])

describe('compileSnapshot', () => {
  it('answers alike in whatever order the facts come', () => {
    const again = { ...recognition, version: 2, validFrom: seconds('2026-03-01T00:00:00Z') }
    const all = [...facts, { ...again, position: 1 }]
    const orders = [all, all.toReversed(), all.toSorted((a, b) => (a.type < b.type ? -1 : 1))]
    const months = ['2026-02-01', '2026-04-01', '2026-06-01', '2028-01-01']
    const answers = orders.map((order) => {
      const snapshot = compileSnapshot(order, 1)
      return months.map((month) => {
        const on = new Date(month)
        return [
          judge({ ...question, at: on }, snapshot),
          snapshot.recognitionsAt(on),
          snapshot.permitted('bank-SG', 'bank-kyc', on),
          snapshot.countries,
        ]
      })
    })
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('knows nothing that was learnt after its position', () => {
    expect(compileSnapshot(facts, 1).status(target, at)).toBe('suspended')
    expect(compileSnapshot(facts, 0).status(target, at)).toBe('granted')
    expect(compileSnapshot(facts, -1).countries).toEqual([])
  })

  it('is not in any state of trust by itself', () => {
    const nothing = compileSnapshot([], -1)
    expect(judge(question, nothing).findings.some(({ outcome }) => outcome === 'pass')).toBe(false)
    expect(nothing.status(target, at)).toBe('pending')
  })
})

describe('lookups', () => {
  const snapshot = compileSnapshot(facts, 1)

  it('lists the anchors of one use that are in force, entity included', () => {
    const ids = snapshot.anchors('issuer_ca', at).map(({ id }) => id)
    expect(ids.sort()).toEqual(['anchor-LA', 'anchor-SG', 'anchor-VN'])
    expect(snapshot.anchors('reader_ca', at)).toEqual([])
    expect(snapshot.anchors('issuer_ca', new Date('2027-01-01T00:00:00Z'))).toEqual([])
    const later = [status({ type: 'entity', id: 'authority-VN' }, 'suspended')]
    const without = compileSnapshot(known(whole, later), 1).anchors('issuer_ca', at)
    expect(without.map(({ id }) => id)).not.toContain('anchor-VN')
  })

  it('finds a relying party by its identifier or by its short name, and nobody else', () => {
    const id = 'https://rp.example/bank-SG'
    expect(snapshot.relyingParty(id)).toMatchObject({ id, country: 'SG' })
    expect(snapshot.relyingParty('bank-SG')).toMatchObject({ id })
    expect(snapshot.relyingParty('issuer-SG')).toBeUndefined()
    expect(snapshot.relyingParty('__proto__')).toBeUndefined()
  })

  it('does not guess between two relying parties of the same short name', () => {
    const [, , , bank] = whole
    if (bank?.type !== 'entity') throw new Error('the world has changed')
    const two = [...whole, { ...bank, id: 'https://other.example/bank-SG' }]
    expect(compileSnapshot(known(two), 1).relyingParty('bank-SG')).toBeUndefined()
  })

  it('permits the lesser of what the party and the purpose allow', () => {
    expect(snapshot.permitted('bank-SG', 'bank-kyc', at)).toEqual([
      { credentialType: pid, paths: [['name'], ['address', 'country']] },
    ])
  })

  it.each([
    ['for a purpose it does not hold', [], 'bank-SG', 'payment'],
    ['for a purpose nobody knows', [], 'bank-SG', 'other'],
    ['to a party nobody knows', [], 'bank-XX', 'bank-kyc'],
    ['to a suspended party', [{ type: 'entity', id: 'https://rp.example/bank-SG' }], 'bank-SG'],
    ['on a suspended authority', [{ type: 'entity', id: 'authority-SG' }], 'bank-SG'],
    ['on a suspended permission', [{ type: 'authorization', id: 'request-bank' }], 'bank-SG'],
  ] as const)('permits nothing %s', (_, targets, party, purpose = 'bank-kyc') => {
    const later = targets.map((each) => status(each, 'suspended'))
    expect(compileSnapshot(known(whole, later), 1).permitted(party, purpose, at)).toBeUndefined()
  })

  it('permits nothing on the word of another state’s authority', () => {
    const foreign = whole.map((fact) =>
      fact.type === 'authorization' && fact.id === 'request-bank'
        ? { ...fact, authority: 'authority-VN' }
        : fact,
    )
    const found = compileSnapshot(known(foreign), 1).permitted('bank-SG', 'bank-kyc', at)
    expect(found).toBeUndefined()
  })
})
