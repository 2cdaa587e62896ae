import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { type CredentialQuery, type DcqlQuery, parseDcql } from '../../src/presentation/dcql.ts'
import {
  type Candidate,
  matchCredential,
  matchCredentialSets,
} from '../../src/presentation/dcql-evaluate.ts'
import type { ClaimPath } from '../../src/trust/facts.ts'
import { hasVectors, jsonVector } from '../support/vectors.ts'

const query: CredentialQuery = {
  id: 'pid',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:gerbang:pid:1', 'urn:gerbang:pid:2'] },
  claims: [{ path: ['name'] }, { path: ['address', 'country'] }],
}
const shown: JsonObject = {
  name: 'An',
  address: { country: 'VN' },
  nationalities: ['VN', 'FR'],
  age_over_18: true,
  sex: 2,
}
const candidate: Candidate = {
  format: 'dc+sd-jwt',
  type: 'urn:gerbang:pid:1',
  authorityKeyIds: ['aki-1', 'aki-2'],
  claims: shown,
}

const failures = (asked: CredentialQuery, shownBy: Candidate) =>
  matchCredential(asked, shownBy)
    .findings.filter(({ outcome }) => outcome === 'fail')
    .map(({ check }) => check)

describe('a credential is what a query asks for', () => {
  it.each<[string, Partial<CredentialQuery>, Partial<Candidate>, string[]]>([
    ['as it is', {}, {}, []],
    ['of the second type', {}, { type: 'urn:gerbang:pid:2' }, []],
    ['but of another type', {}, { type: 'urn:gerbang:age:1' }, ['query.type']],
    ['but of another format', {}, { format: 'mso_mdoc' }, ['query.type']],
    ['but without a claim', {}, { claims: { name: 'An' } }, ['query.claims']],
    [
      'but with a text for an object',
      {},
      { claims: { name: 'An', address: 'VN' } },
      ['query.claims'],
    ],
    ...[{ a: {} }, [[]], [''], '  ', { a: { b: null } }].map(
      (name): [string, Partial<CredentialQuery>, Partial<Candidate>, string[]] => [
        `but with a husk for a claim: ${JSON.stringify(name)}`,
        {},
        { claims: { ...shown, name } },
        ['query.claims'],
      ],
    ),
    ['without any claims', { claims: undefined }, { claims: {} }, []],
    [
      'of one of the authorities',
      { trusted_authorities: [{ type: 'aki', values: ['aki-0', 'aki-2'] }] },
      {},
      [],
    ],
    [
      'but of none of the authorities',
      { trusted_authorities: [{ type: 'aki', values: ['aki-3'] }] },
      {},
      ['query.authorities'],
    ],
    [
      'but its authority cannot be told',
      { trusted_authorities: [{ type: 'openid_federation', values: ['aki-1'] }] },
      {},
      ['query.authorities'],
    ],
    ['with a value asked for', { claims: [{ path: ['sex'], values: [1, 2] }] }, {}, []],
    [
      'but with none of the values',
      { claims: [{ path: ['sex'], values: [1] }] },
      {},
      ['query.values'],
    ],
    [
      'but with a value of another type',
      { claims: [{ path: ['sex'], values: ['2'] }] },
      {},
      ['query.values'],
    ],
    [
      'with a value among several',
      { claims: [{ path: ['nationalities', null], values: ['FR'] }] },
      {},
      [],
    ],
    ['with a truth asked for', { claims: [{ path: ['age_over_18'], values: [true] }] }, {}, []],
    [
      'but not true',
      { claims: [{ path: ['age_over_18'], values: [false] }] },
      {},
      ['query.values'],
    ],
  ])('%s', (_, asked, presented, expected) => {
    expect(failures({ ...query, ...asked }, { ...candidate, ...presented })).toEqual(expected)
  })

  it('and a report names what is missing, and never a value', () => {
    const { findings } = matchCredential(
      { ...query, claims: [{ path: ['address', 'street'] }, { path: ['name'], values: ['Eve'] }] },
      candidate,
    )
    const details = findings.map(({ detail }) => detail).join()
    expect(details).toContain('address.street')
    expect(details).not.toMatch(/Eve|An\b/)
  })
})

describe('a husk is not shown', () => {
  it.each<[string, JsonObject[string]]>([
    ['an object whose members were all withheld', {}],
    ['an array without elements', []],
    ['null', null],
    ['an empty text', ''],
  ])('%s', (_, address) => {
    const asked = { ...query, claims: [{ path: ['address'] }] }
    const claims = { ...shown, address }
    expect(failures(asked, { ...candidate, claims })).toEqual(['query.claims'])
  })

  it.each<[string, JsonObject[string]]>([
    ['an object with a member', { country: 'VN' }],
    ['a no', false],
    ['a zero', 0],
  ])('but %s is', (_, address) => {
    const asked = { ...query, claims: [{ path: ['address'] }] }
    const claims = { ...shown, address }
    expect(failures(asked, { ...candidate, claims })).toEqual([])
  })
})

describe('of several claim sets the first that is shown counts', () => {
  const claims = ['a', 'b', 'c'].map((id) => ({ id, path: [id] }))
  const alternatives = { ...query, claims, claim_sets: [['a', 'b'], ['c']] }

  it.each<[string, JsonObject, ClaimPath[], string[]]>([
    ['the first', { a: 1, b: 2 }, [['a'], ['b']], []],
    ['the second', { c: 3 }, [['c']], []],
    ['the first of both, and no more', { a: 1, b: 2, c: 3 }, [['a'], ['b']], []],
    ['the second, without half of the first', { a: 1, c: 3 }, [['c']], []],
    ['none', { b: 2 }, [['a'], ['b']], ['query.claims']],
  ])('%s', (_, claims, paths, failed) => {
    const presented = { ...candidate, claims }
    expect(matchCredential(alternatives, presented).paths).toEqual(paths)
    expect(failures(alternatives, presented)).toEqual(failed)
  })
})

describe('the credentials that matched make up an answer', () => {
  const credentials = ['a', 'b', 'c', 'nice'].map((id) => ({ ...query, id }))
  const sets: DcqlQuery = {
    credentials,
    credential_sets: [{ options: [['a'], ['b', 'c']] }, { options: [['nice']], required: false }],
  }
  const asked = (...ids: string[]) => ({
    credentials: credentials.filter(({ id }) => ids.includes(id)),
  })

  it.each<[string, DcqlQuery, string[], 'pass' | 'fail', string[]]>([
    ['all of them', asked('a', 'b'), ['a', 'b'], 'pass', ['a', 'b']],
    ['but one is missing', asked('a', 'b'), ['a'], 'fail', []],
    ['by the first option', sets, ['a'], 'pass', ['a']],
    ['by the second option', sets, ['b', 'c'], 'pass', ['b', 'c']],
    ['with half of the second option', sets, ['b', 'nice'], 'fail', ['nice']],
    ['with what is not required', sets, ['a', 'nice'], 'pass', ['a', 'nice']],
    ['by the first option, and no more is needed', sets, ['a', 'b', 'c'], 'pass', ['a']],
  ])('%s', (_, query, matched, outcome, needed) => {
    const result = matchCredentialSets(query, new Set(matched))
    expect(result.finding).toMatchObject({ check: 'query.credentials', outcome })
    expect([...result.needed]).toEqual(needed)
  })
})

describe.skipIf(!hasVectors)('an example of OpenID4VP 1.0 is answered', () => {
  it('by either of its alternatives', () => {
    const parsed = parseDcql(
      hasVectors ? jsonVector('openid4vp/dcql/credentials_alternatives.json') : {},
    )
    if (!parsed.ok) throw new Error(parsed.error)
    const outcome = (...ids: string[]) =>
      matchCredentialSets(parsed.value, new Set(ids)).finding.outcome
    expect(outcome('other_pid')).toBe('pass')
    expect(outcome('pid_reduced_cred_1', 'pid_reduced_cred_2')).toBe('pass')
    expect(outcome('pid_reduced_cred_1', 'nice_to_have')).toBe('fail')
  })
})
