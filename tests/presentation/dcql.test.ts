import { describe, expect, it } from 'vitest'
import { parseDcql } from '../../src/presentation/dcql.ts'
import { hasVectors, jsonVector } from '../support/vectors.ts'

const examples = [
  ...['claims_alternatives', 'complex_mdoc', 'credentials_alternatives', 'multi_credentials'],
  ...['simple', 'simple_mdoc', 'value_matching_simple'],
]

describe.skipIf(!hasVectors)('the examples of OpenID4VP 1.0 are read as they stand', () => {
  it.each(examples)('%s', (name) => {
    const query = jsonVector(`openid4vp/dcql/${name}.json`)
    expect(parseDcql(query)).toEqual({ ok: true, value: query })
  })
})

const credential = {
  id: 'pid',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:gerbang:pid:1'] },
  claims: [
    { id: 'a', path: ['name'] },
    { id: 'b', path: ['address', 'country'] },
  ],
}
/** Claims of an mdoc, and after them the sets of them that will do. */
const inMdoc = (...claims: (object | string[][])[]) => {
  const sets = Array.isArray(claims.at(-1)) ? claims.pop() : undefined
  const mdoc = { id: 'pid', format: 'mso_mdoc', meta: { doctype_value: 'd' }, claims }
  return { credentials: [{ ...mdoc, ...(sets && { claim_sets: sets }) }] }
}
const asking = (change: object, query: object = {}) => ({
  credentials: [{ ...credential, ...change }],
  ...query,
})

it('what DCQL does not know is ignored (VP-V30)', () => {
  const query = {
    credentials: [{ ...credential, colour: 'red', meta: { ...credential.meta, size: 1 } }],
    urgency: 'high',
  }
  expect(parseDcql(query)).toEqual({ ok: true, value: { credentials: [credential] } })
})

describe('a query may have', () => {
  it.each<[string, object]>([
    ['several answers to one credential query', asking({ multiple: true })],
    ['no claims (VP-V27)', asking({ claims: undefined })],
    ['a step for every element (VP-V26)', asking({ claims: [{ path: ['a', null, 'b'] }] })],
    ['a step for one element (VP-V26)', asking({ claims: [{ path: ['a', 0] }] })],
    ['a step that is an empty name', asking({ claims: [{ path: [''] }] })],
    ['values of each kind', asking({ claims: [{ path: ['a'], values: ['x', 1, false] }] })],
    ['claim sets', asking({ claim_sets: [['a', 'b'], ['b']] })],
    [
      'authorities of each type (VP-V28)',
      asking({
        trusted_authorities: [
          { type: 'aki', values: ['s9tIpPmhxdiuNkHMEWNpYim8S8Y'] },
          { type: 'etsi_tl', values: ['https://lotl.example'] },
          { type: 'openid_federation', values: ['https://trustanchor.example'] },
        ],
      }),
    ],
    [
      'credential sets, of which one is welcome (VP-V27)',
      {
        credentials: [credential, { ...credential, id: 'other' }],
        credential_sets: [
          { options: [['pid'], ['other']] },
          { options: [['other']], required: false },
        ],
      },
    ],
    [
      'elements that wallets are told are kept',
      inMdoc({ path: ['ns', 'a'], intent_to_retain: true }),
    ],
    [
      'elements of one name in two namespaces, one of them or the other',
      inMdoc({ id: 'a', path: ['one', 'name'] }, { id: 'b', path: ['other', 'name'] }, [
        ['a'],
        ['b'],
      ]),
    ],
  ])('%s', (_, query) => {
    expect(parseDcql(query)).toEqual({ ok: true, value: JSON.parse(JSON.stringify(query)) })
  })
})

describe('a query is refused (VER-23)', () => {
  it.each<[string, unknown, RegExp]>([
    ['that is no object', 'all', /the query/],
    ['without credentials (VP-V24)', { credentials: [] }, /credentials/],
    ['with an id of other characters (VP-V24)', asking({ id: 'p i d' }), /id/],
    ['with an id twice (VP-V24)', { credentials: [credential, credential] }, /share one id/],
    ['without format (VP-V24)', asking({ format: undefined }), /format/],
    ['without meta (VP-V24)', asking({ meta: undefined }), /meta/],
    ['for an SD-JWT VC of any type (VP-V25)', asking({ meta: {} }), /vct_values/],
    ['for no type (VP-V25)', asking({ meta: { vct_values: [] } }), /vct_values/],
    ['for an mdoc of any type (VP-V25)', asking({ format: 'mso_mdoc', meta: {} }), /doctype/],
    [
      'for an mdoc by a path of one (VP-V26)',
      asking({ format: 'mso_mdoc', meta: { doctype_value: 'd' }, claims: [{ path: ['name'] }] }),
      /namespace/,
    ],
    [
      'for elements of one name in two namespaces, since what is released has none',
      inMdoc({ path: ['one', 'name'] }, { path: ['other', 'name'] }),
      /two namespaces/,
    ],
    [
      'for such elements in one of its alternatives',
      inMdoc({ id: 'a', path: ['one', 'name'] }, { id: 'b', path: ['other', 'name'] }, [
        ['a'],
        ['a', 'b'],
      ]),
      /two namespaces/,
    ],
    ['for no claims at all (VP-V26)', asking({ claims: [] }), /claims/],
    ['with an empty path (VP-V26)', asking({ claims: [{ path: [] }] }), /path/],
    ['with a negative index (VP-V26)', asking({ claims: [{ path: ['a', -1] }] }), /path/],
    ['with a fraction for an index (VP-V26)', asking({ claims: [{ path: ['a', 0.5] }] }), /path/],
    [
      'for the same claim twice (VP-V26)',
      asking({ claims: [{ path: ['a'] }, { path: ['a'], values: [1] }] }),
      /twice/,
    ],
    [
      'with a claim id twice (VP-V26)',
      asking({
        claims: [
          { id: 'a', path: ['a'] },
          { id: 'a', path: ['b'] },
        ],
      }),
      /share one id/,
    ],
    ['with values that are none', asking({ claims: [{ path: ['a'], values: [] }] }), /values/],
    ['with values that are objects', asking({ claims: [{ path: ['a'], values: [{}] }] }), /values/],
    [
      'with claim sets and no claims (VP-V26)',
      asking({ claims: undefined, claim_sets: [['a']] }),
      /needs claims/,
    ],
    [
      'with claim sets and a claim without id (VP-V26)',
      asking({ claims: [{ path: ['a'] }], claim_sets: [['a']] }),
      /needs an id/,
    ],
    ['with a claim set of unknown claims (VP-V26)', asking({ claim_sets: [['z']] }), /not there/],
    [
      'with a credential set of unknown credentials (VP-V27)',
      asking({}, { credential_sets: [{ options: [['other']] }] }),
      /not there/,
    ],
    [
      'that nothing would answer',
      asking({}, { credential_sets: [{ options: [['pid']], required: false }] }),
      /at least one must be required/,
    ],
    [
      'with authorities of an unknown type (VP-V28)',
      asking({ trusted_authorities: [{ type: 'friend', values: ['a'] }] }),
      /trusted_authorities/,
    ],
    [
      'with authorities that are none (VP-V28)',
      asking({ trusted_authorities: [{ type: 'aki', values: [] }] }),
      /trusted_authorities/,
    ],
    [
      'with a key identifier in hexadecimal (VP-V28)',
      asking({ trusted_authorities: [{ type: 'aki', values: ['AB:CD'] }] }),
      /base64url/,
    ],
    [
      'of too many credentials',
      { credentials: Array.from({ length: 17 }, (_, i) => ({ ...credential, id: `c${i}` })) },
      /credentials/,
    ],
    [
      'of too many claims',
      asking({ claims: Array.from({ length: 65 }, (_, i) => ({ path: [`c${i}`] })) }),
      /claims/,
    ],
  ])('%s', (_, query, why) => {
    expect(parseDcql(query)).toEqual({ ok: false, error: expect.stringMatching(why) })
  })
})
