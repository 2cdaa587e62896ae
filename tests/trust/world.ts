import type { Entity, Fact, KnownFact, Recognition, StatusEvent } from '../../src/trust/facts.ts'
import type { TrustQuestion } from '../../src/trust/question.ts'

export const pid = 'urn:gerbang:pid:1'
export const seconds = (text: string) => Date.parse(text) / 1000
export const at = new Date('2026-06-01T00:00:00Z')
export const validFrom = seconds('2026-01-01T00:00:00Z')
const validTo = seconds('2027-01-01T00:00:00Z')

export const recognition: Recognition = {
  type: 'recognition',
  id: 'sg-vn',
  version: 1,
  recogniser: 'SG',
  recognised: 'VN',
  credentialTypes: [pid],
  purposes: ['bank-kyc', 'payment'],
  levels: [
    { national: 'level 2 / authentication 4', proofing: 'high', authn: 'high' },
    { national: 'level 1 / authentication 1', proofing: 'low', authn: 'low' },
    { national: 'level 2 / authentication 1', proofing: 'high', authn: 'low' },
  ],
  maxProofing: 'high',
  maxAuthn: 'high',
  transferBases: ['consent'],
  legalBasis: 'sandbox',
  agreement: 'urn:gerbang:agreement:sandbox:sg-vn',
  validFrom,
  validTo,
}

const jurisdiction = (country: string, national?: string): Fact => ({
  type: 'jurisdiction',
  country,
  version: 1,
  name: { en: country },
  bloc: 'ASEAN',
  levels: national ? [{ national, proofing: 'high', authn: 'substantial' }] : [],
  validFrom,
})

export const entity = (
  id: string,
  country: string,
  role: 'authority' | 'issuer' | 'relying_party',
): Entity => ({ type: 'entity', id, version: 1, country, role, name: { en: id }, validFrom })

const state = (country: string, national?: string): Fact[] => [
  jurisdiction(country, national),
  entity(`authority-${country}`, country, 'authority'),
  entity(`issuer-${country}`, country, 'issuer'),
  entity(`https://rp.example/bank-${country}`, country, 'relying_party'),
  {
    type: 'trust_anchor',
    id: `anchor-${country}`,
    entity: `authority-${country}`,
    use: 'issuer_ca',
    certificate: 'AAAA',
    validFrom,
    validTo,
  },
  {
    type: 'authorization',
    id: `issue-${country}`,
    version: 1,
    authority: `authority-${country}`,
    subject: `issuer-${country}`,
    action: 'issue',
    resource: pid,
    validFrom,
    validTo,
  },
]

/** Singapore recognises Viet Nam, Viet Nam recognises Laos; Laos states no levels. */
export const base: Fact[] = [
  ...state('SG', 'loa:2'),
  ...state('VN', 'level 2 / authentication 4'),
  ...state('LA'),
  {
    type: 'purpose',
    code: 'bank-kyc',
    version: 1,
    title: { en: 'Opening an account' },
    claims: [{ credentialType: pid, paths: [['name'], ['address', 'country']] }],
    minProofing: 'substantial',
    minAuthn: 'substantial',
    legalBases: ['consent'],
    retentionDays: 1,
    validFrom,
    validTo,
  },
  {
    type: 'purpose',
    code: 'payment',
    version: 1,
    title: { en: 'Paying' },
    claims: [{ credentialType: pid, paths: [['person_token']] }],
    legalBases: ['consent'],
    retentionDays: 1,
    validFrom,
    validTo,
  },
  {
    type: 'authorization',
    id: 'request-bank',
    version: 1,
    authority: 'authority-SG',
    subject: 'https://rp.example/bank-SG',
    action: 'request',
    resource: 'urn:gerbang:purpose:bank-kyc',
    claims: [{ credentialType: pid, paths: [['name'], ['address'], ['sex']] }],
    validFrom,
    validTo,
  },
  recognition,
  { ...recognition, id: 'vn-la', recogniser: 'VN', recognised: 'LA', levels: [] },
]

export const status = (
  target: StatusEvent['target'],
  to: StatusEvent['status'],
  effectiveFrom = validFrom,
  reason: StatusEvent['reason'] = 'initial',
): StatusEvent => ({ type: 'status', target, status: to, effectiveFrom, reason })

/** Every fact that can have a status, granted from the beginning. */
export const grantsOf = (facts: readonly Fact[]): StatusEvent[] =>
  facts.flatMap((fact) =>
    fact.type === 'jurisdiction' || fact.type === 'purpose' || fact.type === 'status'
      ? []
      : [status({ type: fact.type, id: fact.id }, 'granted')],
  )

/** Facts as entry 0 told them, later ones as entry 1 did. */
export const known = (facts: readonly Fact[], later: readonly Fact[] = []): KnownFact[] => [
  ...facts.map((fact) => ({ ...fact, position: 0 })),
  ...later.map((fact) => ({ ...fact, position: 1 })),
]

/** A citizen of Viet Nam at a bank in Singapore. */
export const question: TrustQuestion = {
  at,
  anchor: 'anchor-VN',
  issuer: 'issuer-VN',
  credentialType: pid,
  national: 'level 2 / authentication 4',
  relyingParty: 'https://rp.example/bank-SG',
  purpose: 'bank-kyc',
}
