import { describe, expect, it } from 'vitest'
import type { Fact } from '../../src/trust/facts.ts'
import { judge } from '../../src/trust/judge.ts'
import { compileSnapshot } from '../../src/trust/snapshot.ts'
import {
  at,
  base,
  entity,
  grantsOf,
  known,
  pid,
  question,
  recognition,
  seconds,
  status,
} from './world.ts'

const whole = [...base, ...grantsOf(base)]
const bank = entity('https://rp.example/bank-SG', 'SG', 'relying_party')
const target = { type: 'recognition', id: 'sg-vn' } as const
const facts = known(whole, [status(target, 'suspended', seconds('2026-05-01T00:00:00Z'))])

describe('compileSnapshot', () => {
  it('answers alike in whatever order the facts come', () => {
    const again = { ...recognition, version: 2, validFrom: seconds('2026-03-01T00:00:00Z') }
    const renamed = { ...bank, version: 2, name: { en: 'New' }, validFrom: again.validFrom }
    const all = [...facts, { ...again, position: 1 }, { ...renamed, position: 1 }]
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
          snapshot.relyingParties(on),
          snapshot.countries.map((country) => snapshot.country(country, on)),
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
    expect(snapshot.relyingParty(id, at)).toMatchObject({ id, country: 'SG' })
    expect(snapshot.relyingParty('bank-SG', at)).toMatchObject({ id })
    expect(snapshot.relyingParty('issuer-SG', at)).toBeUndefined()
    expect(snapshot.relyingParty('__proto__', at)).toBeUndefined()
  })

  it('does not guess between two relying parties of the same short name', () => {
    const two = [...whole, { ...bank, id: 'https://other.example/bank-SG' }]
    expect(compileSnapshot(known(two), 1).relyingParty('bank-SG', at)).toBeUndefined()
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

  it('permits what all permissions in force give together, whichever is newest', () => {
    const [first] = whole.filter((fact) => fact.type === 'authorization' && fact.claims)
    const narrower = { ...first, id: 'request-2', claims: [], validFrom: seconds('2026-05-01') }
    const more = [narrower, ...grantsOf([narrower as Fact])] as Fact[]
    expect(compileSnapshot(known(whole, more), 1).permitted('bank-SG', 'bank-kyc', at)).toEqual(
      snapshot.permitted('bank-SG', 'bank-kyc', at),
    )
  })
})

describe('what is in force comes first', () => {
  const newer = { ...recognition, id: 'z', validFrom: seconds('2026-05-01T00:00:00Z') }
  const both = [...whole, newer]
  const order = (later: readonly Fact[]) =>
    compileSnapshot(known(both, later), 1)
      .recognitions('SG', 'VN', at)
      .map(({ fact, standing }) => [fact.id, standing])

  it('before what began later and is not', () => {
    expect(order([])).toEqual([
      ['sg-vn', 'granted'],
      ['z', 'pending'],
    ])
  })

  it('and of two in force the one that began last', () => {
    expect(order(grantsOf([newer]))).toEqual([
      ['z', 'granted'],
      ['sg-vn', 'granted'],
    ])
  })
})

describe('versions', () => {
  const may = seconds('2026-05-01T00:00:00Z')
  const april = new Date('2026-04-30T23:59:59Z')
  const later = [
    { ...bank, version: 2, name: { en: 'New' }, redirectUris: ['https://new'], validFrom: may },
  ]
  const changed = compileSnapshot(known(whole, later), 1)

  it('a relying party is called, and sends browsers, as of the instant asked about', () => {
    expect(changed.relyingParty('bank-SG', april)).toEqual({ ...bank, position: 0 })
    expect(changed.relyingParty('bank-SG', at)).toMatchObject(later[0] ?? {})
    expect(changed.relyingParties(april).map(({ version }) => version)).toEqual([1, 1, 1])
    expect(changed.relyingParties(at).map(({ version }) => version)).toEqual([1, 2, 1])
  })

  it('is nobody before it begins', () => {
    const before = new Date('2025-12-31T23:59:59Z')
    expect(changed.relyingParty('bank-SG', before)).toBeUndefined()
    expect(changed.relyingParties(before)).toEqual([])
    expect(changed.country('SG', before)).toBeUndefined()
    expect(changed.purposes(before)).toEqual([])
  })

  it('a purpose is over when its window is, and then nothing is permitted for it', () => {
    expect(changed.purposes(at).map(({ code }) => code)).toEqual(['bank-kyc', 'payment'])
    const over = new Date('2027-01-01T00:00:00Z')
    expect(changed.purpose('bank-kyc', over)).toBeUndefined()
  })

  it('a purpose as it was rules what was permitted then', () => {
    const purpose = base.find((fact) => fact.type === 'purpose')
    const wider = { ...purpose, version: 2, validFrom: may, claims: [] } as Fact
    const snapshot = compileSnapshot(known(whole, [wider]), 1)
    expect(snapshot.permitted('bank-SG', 'bank-kyc', april)).toHaveLength(1)
    expect(snapshot.permitted('bank-SG', 'bank-kyc', at)).toEqual([])
  })
})
