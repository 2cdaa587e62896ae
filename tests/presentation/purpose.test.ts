import { describe, expect, it } from 'vitest'
import type { CredentialQuery } from '../../src/presentation/dcql.ts'
import { surplusNames } from '../../src/presentation/purpose.ts'

const permitted = [{ credentialType: 'urn:gerbang:pid:1', paths: [['name'], ['address']] }]
const pid: CredentialQuery = {
  id: 'pid',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:gerbang:pid:1'] },
}
const name = { claims: [{ path: ['name'] }] }

describe('what is asked for is held to what is permitted', () => {
  it.each<[string, CredentialQuery, string | undefined]>([
    ['a type that is', pid, undefined],
    ['a claim that is', { ...pid, ...name }, undefined],
    ['a claim below one that is', { ...pid, claims: [{ path: ['address', 'city'] }] }, undefined],
    ['a claim that is not', { ...pid, claims: [{ path: ['sex'] }] }, 'sex of urn:gerbang:pid:1'],
    [
      'one of two types that is not',
      { ...pid, meta: { vct_values: ['urn:gerbang:pid:1', 'urn:other'] } },
      'any urn:other',
    ],
  ])('%s', (_, query, expected) => {
    expect(surplusNames({ query: { credentials: [query] } }, permitted)).toBe(expected)
  })
})

describe('what cannot be told to be permitted is beyond what is', () => {
  const untold = 'pid, whose credential type cannot be told'

  it.each<[string, CredentialQuery, string]>([
    ['an SD-JWT VC of no type', { ...pid, ...name, meta: {} }, untold],
    ['an mdoc of no type', { ...pid, ...name, format: 'mso_mdoc', meta: {} }, untold],
    ['an mdoc that says the type of another format', { ...pid, format: 'mso_mdoc' }, untold],
    ['a format that we do not know', { ...pid, ...name, format: 'jwt_vc_json' }, untold],
    [
      'an mdoc of a type that is not permitted',
      { id: 'mdoc', format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } },
      'any org.iso.18013.5.1.mDL',
    ],
    [
      'an mdoc that is called like a type, with an element that looks like part of a claim',
      {
        id: 'mdoc',
        format: 'mso_mdoc',
        meta: { doctype_value: 'urn:gerbang:pid:1' },
        claims: [{ path: ['address', 'city'] }],
      },
      'address.city of doctype urn:gerbang:pid:1',
    ],
  ])('%s', (_, query, expected) => {
    expect(surplusNames({ query: { credentials: [query] } }, permitted)).toBe(expected)
    const beside = { ...pid, id: 'beside' }
    expect(surplusNames({ query: { credentials: [beside, query] } }, permitted)).toBe(expected)
  })
})
