import { describe, expect, it } from 'vitest'
import type { Fact, StatusEvent } from '../../src/trust/facts.ts'
import { judge } from '../../src/trust/judge.ts'
import type { TrustQuestion } from '../../src/trust/question.ts'
import { compileSnapshot } from '../../src/trust/snapshot.ts'
import {
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

function decide(change: Partial<TrustQuestion> = {}, later: readonly Fact[] = [], facts = whole) {
  return judge({ ...question, ...change }, compileSnapshot(known(facts, later), 1))
}
const outcomes = (decision: ReturnType<typeof decide>) =>
  Object.fromEntries(decision.findings.map(({ check, outcome }) => [check, outcome]))
const failures = (decision: ReturnType<typeof decide>) =>
  decision.findings.filter(({ outcome }) => outcome === 'fail')
const failed = (decision: ReturnType<typeof decide>) => failures(decision).map(({ check }) => check)

/** The world with one fact left out, its grant left in. */
const without = (gone: (fact: Fact) => boolean) => whole.filter((fact) => !gone(fact))
const replaced = <T extends Fact['type']>(type: T, id: string, change: object) =>
  whole.map((fact) =>
    fact.type === type && 'id' in fact && fact.id === id ? { ...fact, ...change } : fact,
  )

describe('a citizen of Viet Nam at a bank in Singapore', () => {
  it('is accepted, with every link named', () => {
    const decision = decide()
    expect(outcomes(decision)).toEqual({
      'trust.anchor': 'pass',
      'trust.issuer': 'pass',
      'trust.recognition': 'pass',
      'assurance.proofing': 'pass',
      'assurance.authn': 'pass',
    })
    expect(decision).toMatchObject({
      issuer: { id: 'issuer-VN', country: 'VN' },
      assurance: { proofing: 'high', authn: 'high', national: 'level 2 / authentication 4' },
      recognition: { id: 'sg-vn', agreement: recognition.agreement },
    })
  })

  it('gets the same checks in the same order, whatever happens', () => {
    const checks = decide().findings.map(({ check }) => check)
    const lost = { anchor: 'nobody', relyingParty: 'nobody', purpose: 'nothing', issuer: undefined }
    expect(decide(lost).findings.map(({ check }) => check)).toEqual(checks)
  })
})

describe('each link by itself', () => {
  const links: [StatusEvent['target'], string, string][] = [
    [{ type: 'trust_anchor', id: 'anchor-VN' }, 'trust.anchor', 'The anchor of VN'],
    [{ type: 'entity', id: 'authority-VN' }, 'trust.anchor', 'The authority of VN'],
    [{ type: 'entity', id: 'issuer-VN' }, 'trust.issuer', 'The issuer'],
    [{ type: 'authorization', id: 'issue-VN' }, 'trust.issuer', 'Its authorization'],
    [{ type: 'recognition', id: 'sg-vn' }, 'trust.recognition', 'Recognition sg-vn'],
  ]

  describe.each(links)('%o', (target, check, subject) => {
    it.each(['suspended', 'withdrawn', 'pending'] as const)('%s: refused from then on', (to) => {
      const later = [status(target, to, seconds('2026-05-01T00:00:00Z'))]
      expect(failed(decide({}, later))).toEqual([check])
      expect(failures(decide({}, later))[0]?.detail).toContain(subject)
      expect(failures(decide({}, later))[0]?.detail).toContain(` ${to}`)
      expect(failed(decide({ at: new Date('2026-04-30T23:59:59Z') }, later))).toEqual([])
      expect(failed(decide({ at: new Date('2026-05-01T00:00:00Z') }, later))).toEqual([check])
    })

    it('never granted: refused', () => {
      const notGranted = without(
        (fact) =>
          fact.type === 'status' &&
          fact.target.type === target.type &&
          fact.target.id === target.id,
      )
      expect(failed(decide({}, [], notGranted))).toEqual([check])
    })
  })

  it.each([
    ['trust_anchor', 'anchor-VN', 'trust.anchor'],
    ['authorization', 'issue-VN', 'trust.issuer'],
    ['recognition', 'sg-vn', 'trust.recognition'],
  ] as const)('%s %s is good in its window only', (type, id, check) => {
    const [from, to] = [seconds('2026-03-01T00:00:00Z'), seconds('2026-04-01T00:00:00Z')]
    const facts = replaced(type, id, { validFrom: from, validTo: to })
    const on = (text: string) => failures(decide({ at: new Date(text) }, [], facts))
    expect(on('2026-02-28T23:59:59.999Z')).toMatchObject([
      { check, detail: expect.stringContaining('not yet valid') },
    ])
    expect(on('2026-03-01T00:00:00Z')).toEqual([])
    expect(on('2026-03-31T23:59:59.999Z')).toEqual([])
    expect(on('2026-04-01T00:00:00Z')).toMatchObject([
      { check, detail: expect.stringContaining('expired') },
    ])
  })
})

describe('what is missing is named', () => {
  it.each<[string, Partial<TrustQuestion>, string, string]>([
    ['an anchor nobody entered', { anchor: 'other' }, 'trust.anchor', 'no issuer anchor'],
    ['an issuer nobody entered', { issuer: 'x' }, 'trust.issuer', 'not in the registry'],
    ['an issuer that differs by a slash', { issuer: 'issuer-VN/' }, 'trust.issuer', 'not in the'],
    ['an issuer of another state', { issuer: 'issuer-SG' }, 'trust.issuer', 'belongs to SG'],
    ['an entity that is no issuer', { issuer: 'authority-VN' }, 'trust.issuer', 'not in the'],
    ['another prototype', { issuer: '__proto__' }, 'trust.issuer', 'not in the registry'],
    ['a statement without a pair', { national: 'level 3' }, 'trust.recognition', 'no pair'],
    ['a purpose it is not for', { purpose: 'other' }, 'trust.recognition', 'The purpose'],
    ['an unknown relying party', { relyingParty: 'x' }, 'trust.recognition', 'The relying party'],
  ])('%s', (_, change, check, detail) => {
    expect(failures(decide(change))[0]).toMatchObject({
      check,
      detail: expect.stringContaining(detail),
    })
  })

  it('a credential type that the issuer is not authorised for, nor recognised', () => {
    const decision = decide({ credentialType: 'urn:gerbang:age:1' })
    expect(failures(decision).map(({ check, detail }) => [check, detail])).toEqual([
      ['trust.issuer', expect.stringContaining('not authorised for this credential type')],
      ['trust.recognition', expect.stringContaining('not of this type')],
      ['assurance.proofing', expect.stringContaining('unrated')],
      ['assurance.authn', expect.stringContaining('unrated')],
    ])
  })

  it('a purpose that the recognition does not cover', () => {
    const facts = replaced('recognition', 'sg-vn', { purposes: ['payment'] })
    expect(failures(decide({}, [], facts))[0]).toMatchObject({
      check: 'trust.recognition',
      detail: expect.stringContaining('not of this type for bank-kyc'),
    })
  })

  it('an anchor that may not stand behind issuers, and nothing is judged from it', () => {
    const facts = replaced('trust_anchor', 'anchor-VN', { use: 'reader_ca' })
    expect(outcomes(decide({}, [], facts))).toEqual({
      'trust.anchor': 'fail',
      'trust.issuer': 'skip',
      'trust.recognition': 'skip',
      'assurance.proofing': 'skip',
      'assurance.authn': 'skip',
    })
  })

  it('an anchor that is not an authority’s, and nothing is judged from it', () => {
    const facts = replaced('trust_anchor', 'anchor-VN', { entity: 'issuer-VN' })
    const decision = decide({}, [], facts)
    expect(failures(decision)).toMatchObject([
      { check: 'trust.anchor', detail: expect.stringContaining('to a national authority') },
    ])
    expect(outcomes(decision)).toMatchObject({ 'trust.issuer': 'skip' })
  })

  it('an authorization by somebody else than the authority of the anchor', () => {
    const facts = replaced('authorization', 'issue-VN', { authority: 'authority-LA' })
    expect(failed(decide({}, [], facts))).toEqual(['trust.issuer'])
  })
})

describe('a credential that names no issuer', () => {
  const second: Fact[] = [
    entity('second', 'VN', 'issuer'),
    {
      type: 'authorization',
      id: 'issue-second',
      version: 1,
      authority: 'authority-VN',
      subject: 'second',
      action: 'issue',
      resource: pid,
      validFrom: 0,
    },
  ]
  const both = [...whole, ...second, ...grantsOf(second)]

  it('is that of the only issuer of its anchor', () => {
    expect(decide({ issuer: undefined })).toMatchObject({ issuer: { id: 'issuer-VN' } })
    expect(failed(decide({ issuer: undefined }))).toEqual([])
  })

  it('is nobody’s where there are two', () => {
    expect(failed(decide({ issuer: undefined }, [], both))).toEqual(['trust.issuer'])
  })

  it('is that of the one that is still authorised', () => {
    const gone = [status({ type: 'authorization', id: 'issue-second' }, 'withdrawn')]
    expect(decide({ issuer: undefined }, gone, both).issuer?.id).toBe('issuer-VN')
  })

  it('tells why the only one is refused', () => {
    const gone = [status({ type: 'authorization', id: 'issue-VN' }, 'suspended')]
    expect(failures(decide({ issuer: undefined }, gone))[0]?.detail).toContain('suspended')
  })
})

describe('recognition', () => {
  it('has a direction: that SG recognises VN says nothing of the other way', () => {
    const citizenOfSingapore = {
      anchor: 'anchor-SG',
      issuer: 'issuer-SG',
      national: 'loa:2',
      relyingParty: 'https://rp.example/bank-VN',
    }
    expect(failures(decide(citizenOfSingapore))[0]).toMatchObject({
      check: 'trust.recognition',
      detail: expect.stringContaining('VN does not recognise credentials of SG'),
    })
  })

  it('does not travel: SG recognises VN, VN recognises LA, SG does not recognise LA', () => {
    const citizenOfLaos = { anchor: 'anchor-LA', issuer: 'issuer-LA', national: undefined }
    expect(failed(decide({ ...citizenOfLaos, purpose: 'payment' }))).toEqual(['trust.recognition'])
    const relyingParty = 'https://rp.example/bank-VN'
    expect(failed(decide({ ...citizenOfLaos, relyingParty, purpose: 'payment' }))).toEqual([])
  })

  it('is that of its newest version that has begun', () => {
    const from = seconds('2026-05-01T00:00:00Z')
    const narrower = { ...recognition, version: 2, purposes: ['payment'], validFrom: from }
    expect(failed(decide({ at: new Date('2026-04-30T00:00:00Z') }, [narrower]))).toEqual([])
    expect(failed(decide({}, [narrower]))).toContain('trust.recognition')
  })

  it('does not fall back to an older version when the newest is over', () => {
    const over = { ...recognition, version: 2, validTo: seconds('2026-02-01T00:00:00Z') }
    expect(failed(decide({}, [over]))).toEqual(['trust.recognition'])
  })
})

describe('of several agreements, the one that suffices', () => {
  const newer = { validFrom: seconds('2026-05-01T00:00:00Z') }
  const second = (change: object): Fact[] => {
    const facts = [{ ...recognition, ...newer, id: 'sg-vn-2', ...change }]
    return [...facts, ...grantsOf(facts)]
  }

  it.each<[string, object]>([
    ['has no pair for the statement', { levels: [] }],
    ['caps lower', { maxAuthn: 'low' }],
    ['maps lower', { levels: [{ ...recognition.levels[0], proofing: 'low' }] }],
    ['is for another purpose', { purposes: ['payment'] }],
  ])('a newer one that %s takes nothing away', (_, change) => {
    const decision = decide({}, second(change))
    expect(failed(decision)).toEqual([])
    expect(decision.recognition).toMatchObject({ id: 'sg-vn' })
  })

  it('a newer one that says more is used', () => {
    const facts = replaced('recognition', 'sg-vn', { maxAuthn: 'low' })
    expect(failed(decide({}, [], facts))).toEqual(['assurance.authn'])
    expect(decide({}, second({}), facts)).toMatchObject({ recognition: { id: 'sg-vn-2' } })
    expect(failed(decide({}, second({}), facts))).toEqual([])
  })

  it('enough in both dimensions goes before more in one', () => {
    const facts = replaced('recognition', 'sg-vn', { maxProofing: 'high', maxAuthn: 'low' })
    const even = second({ maxProofing: 'substantial', maxAuthn: 'substantial' })
    expect(failed(decide({}, even, facts))).toEqual([])
  })

  it('one that is suspended is no match for one in force, whatever it says', () => {
    const facts = replaced('recognition', 'sg-vn', { maxAuthn: 'low' })
    const suspended = [...second({}), status({ type: 'recognition', id: 'sg-vn-2' }, 'suspended')]
    expect(failed(decide({}, suspended, facts))).toEqual(['assurance.authn'])
  })

  it('an authorization that is capped takes nothing from one that is not', () => {
    const issue = whole.find((fact) => fact.type === 'authorization' && fact.id === 'issue-VN')
    const capped = { ...issue, ...newer, id: 'issue-VN-2', maxAuthn: 'low' } as Fact
    expect(failed(decide({}, [capped, ...grantsOf([capped])]))).toEqual([])
    const facts = replaced('authorization', 'issue-VN', { maxAuthn: 'low' })
    const wider = { ...issue, ...newer, id: 'issue-VN-2' } as Fact
    expect(failed(decide({}, [], facts))).toEqual(['assurance.authn'])
    expect(failed(decide({}, [wider, ...grantsOf([wider])], facts))).toEqual([])
  })
})

describe('versions count from when they begin', () => {
  const may = seconds('2026-05-01T00:00:00Z')
  const [april, june] = [new Date('2026-04-30T23:59:59Z'), new Date('2026-06-01T00:00:00Z')]
  const next = (type: Fact['type'], of: (fact: Fact) => boolean, change: object) => {
    const found = whole.find((fact) => fact.type === type && of(fact))
    return { ...found, version: 2, validFrom: may, ...change } as Fact
  }

  it('a purpose that asks for more does not rule the past, nor for less the present', () => {
    const isKyc = (fact: Fact) => 'code' in fact && fact.code === 'bank-kyc'
    const low = { national: 'level 1 / authentication 1' }
    const lenient = next('purpose', isKyc, { minProofing: 'low', minAuthn: 'low' })
    expect(failed(decide({ ...low, at: april }, [lenient]))).not.toEqual([])
    expect(failed(decide({ ...low, at: june }, [lenient]))).toEqual([])
    const over = next('purpose', isKyc, { validTo: may + 1 })
    expect(failed(decide({ at: april }, [over]))).toEqual([])
    expect(failed(decide({ at: june }, [over]))).toEqual(['trust.recognition'])
  })

  it('a state’s own levels do not rule the past', () => {
    const isVn = (fact: Fact) => 'country' in fact && fact.country === 'VN'
    const unrated = next('jurisdiction', isVn, { levels: [] })
    const home = { relyingParty: 'https://rp.example/bank-VN' }
    expect(failed(decide({ ...home, at: april }, [unrated]))).toEqual([])
    expect(failed(decide({ ...home, at: june }, [unrated]))).toEqual([
      'assurance.proofing',
      'assurance.authn',
    ])
  })
})

describe('assurance', () => {
  it.each<[string, object, object, object]>([
    ['the recognition', { maxProofing: 'low' }, {}, { proofing: 'low', authn: 'high' }],
    ['the other dimension', { maxAuthn: 'low' }, {}, { proofing: 'high', authn: 'low' }],
    ['the issuer', {}, { maxAuthn: 'substantial' }, { proofing: 'high', authn: 'substantial' }],
    ['both, the lower', { maxAuthn: 'substantial' }, { maxAuthn: 'low' }, { authn: 'low' }],
  ])('is capped by %s', (_, byRecognition, byIssuer, expected) => {
    const facts = whole.map((fact) => {
      if (fact.type === 'recognition') return { ...fact, ...byRecognition }
      return fact.type === 'authorization' ? { ...fact, ...byIssuer } : fact
    })
    expect(decide({}, [], facts).assurance).toMatchObject(expected)
  })

  it('never raises by a cap', () => {
    const decision = decide({ national: 'level 1 / authentication 1' })
    expect(decision.assurance).toMatchObject({ proofing: 'low', authn: 'low' })
    expect(failed(decision)).toEqual(['assurance.proofing', 'assurance.authn'])
  })

  it('keeps its dimensions apart', () => {
    expect(failed(decide({ national: 'level 2 / authentication 1' }))).toEqual(['assurance.authn'])
  })

  it('unrated is refused where a level is asked, and only there', () => {
    expect(decide({ national: undefined }).assurance).toEqual({
      proofing: 'unrated',
      authn: 'unrated',
      national: null,
    })
    expect(failed(decide({ national: undefined }))).toEqual([
      'assurance.proofing',
      'assurance.authn',
    ])
    expect(outcomes(decide({ national: undefined, purpose: 'payment' }))).toMatchObject({
      'trust.recognition': 'pass',
      'assurance.proofing': 'skip',
      'assurance.authn': 'skip',
    })
  })

  it('quotes no statement of an outsider', () => {
    const details = decide({ national: 'SECRET', issuer: 'SECRET', credentialType: 'SECRET' })
    expect(JSON.stringify(details.findings)).not.toContain('SECRET')
  })
})

describe('at home', () => {
  const home = { relyingParty: 'https://rp.example/bank-VN' }

  it('no recognition is needed and the state’s own levels count', () => {
    const decision = decide(home)
    expect(outcomes(decision)).toMatchObject({ 'trust.recognition': 'skip' })
    expect(failed(decision)).toEqual([])
    expect(decision).toMatchObject({
      recognition: null,
      assurance: { proofing: 'high', authn: 'substantial' },
    })
  })

  it('the issuer is judged all the same', () => {
    const later = [status({ type: 'entity', id: 'issuer-VN' }, 'suspended')]
    expect(failed(decide(home, later))).toEqual(['trust.issuer'])
  })

  it('unrated stays refused where a level is asked', () => {
    const laos = {
      anchor: 'anchor-LA',
      issuer: 'issuer-LA',
      relyingParty: 'https://rp.example/bank-LA',
    }
    expect(failed(decide(laos))).toEqual(['assurance.proofing', 'assurance.authn'])
    expect(failed(decide({ ...laos, purpose: 'payment' }))).toEqual([])
  })
})
