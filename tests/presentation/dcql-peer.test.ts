import { DcqlQuery as Peer } from 'dcql'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { type CredentialQuery, parseDcql } from '../../src/presentation/dcql.ts'
import { matchCredential } from '../../src/presentation/dcql-evaluate.ts'

// The same questions to the field's library: where we differ from it, one of us has misread DCQL.

const claims: CredentialQuery['claims'][] = [
  undefined,
  [{ path: ['name'] }],
  [{ path: ['missing'] }],
  [{ path: ['address', 'country'] }],
  [{ path: ['address', 'street'] }],
  [{ path: ['name', 'first'] }],
  [{ path: ['degrees', null, 'type'] }],
  [{ path: ['degrees', 1, 'type'] }],
  [{ path: ['degrees', 2] }],
  [{ path: ['degrees', 'type'] }],
  [{ path: ['address', null] }],
  [{ path: ['sex'], values: [1, 2] }],
  [{ path: ['sex'], values: ['2'] }],
  [{ path: ['adult'], values: [true] }],
  [{ path: ['adult'], values: [false] }],
  [{ path: ['name'] }, { path: ['sex'], values: [1] }],
]
const alternatives: Partial<CredentialQuery>[] = [
  { claim_sets: [['a', 'b'], ['c']] },
  { claim_sets: [['b'], ['a', 'c']] },
  { claim_sets: [['b', 'c'], ['b']] },
]
const named = ['name', 'missing', 'sex'].map((name, i) => ({ id: 'abc'[i] ?? '', path: [name] }))

const query = (change: Partial<CredentialQuery>): CredentialQuery => ({
  id: 'q',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['t'] },
  ...change,
})
const queries = [
  ...claims.map((each) => query(each ? { claims: each } : {})),
  ...alternatives.map((each) => query({ claims: named, ...each })),
  query({ meta: { vct_values: ['u', 't'] } }),
  query({ meta: { vct_values: ['u'] } }),
]
const held: JsonObject = {
  name: 'An',
  sex: 2,
  adult: true,
  address: { country: 'VN' },
  degrees: [{ type: 'BSc' }, { type: 'MSc' }],
}

function peerSays(asked: CredentialQuery): boolean {
  const parsed = Peer.parse({ credentials: [asked] } as Parameters<typeof Peer.parse>[0])
  Peer.validate(parsed)
  const credential = {
    credential_format: 'dc+sd-jwt' as const,
    vct: 't',
    claims: held as Record<string, never>,
    cryptographic_holder_binding: true,
  }
  return Peer.query(parsed, [credential]).can_be_satisfied
}

describe('dcql and we agree', () => {
  it.each(queries.map((each) => [JSON.stringify(each), each] as const))('on %s', (_, asked) => {
    expect(parseDcql({ credentials: [asked] })).toMatchObject({ ok: true })
    const candidate = { format: 'dc+sd-jwt', type: 't', authorityKeyIds: [], claims: held }
    const { findings } = matchCredential(asked, candidate)
    expect(findings.every(({ outcome }) => outcome !== 'fail')).toBe(peerSays(asked))
  })

  it('on some that match and some that do not', () => {
    const answers = queries.map(peerSays)
    expect(answers).toContain(true)
    expect(answers).toContain(false)
  })
})

describe('dcql and we agree on mdocs', () => {
  const doctype = 'org.iso.18013.5.1.mDL'
  const ns = 'org.iso.18013.5.1'
  const elements = { [ns]: { name: 'An', sex: 2, age_over_18: true, address: { country: 'VN' } } }
  const mdoc = (change: Partial<CredentialQuery>): CredentialQuery => ({
    id: 'q',
    format: 'mso_mdoc',
    meta: { doctype_value: doctype },
    ...change,
  })
  const asked = [
    mdoc({}),
    mdoc({ meta: { doctype_value: 'org.other' } }),
    ...[
      [{ path: [ns, 'name'] }],
      [{ path: [ns, 'missing'] }],
      [{ path: ['org.other', 'name'] }],
      [{ path: [ns, 'address'] }],
      [{ path: [ns, 'sex'], values: [1, 2] }],
      [{ path: [ns, 'sex'], values: ['2'] }],
      [{ path: [ns, 'age_over_18'], values: [false] }],
      [{ path: [ns, 'name'] }, { path: [ns, 'age_over_18'], values: [true] }],
    ].map((claims) => mdoc({ claims })),
    mdoc({
      claims: [
        { id: 'a', path: [ns, 'missing'] },
        { id: 'b', path: [ns, 'name'] },
      ],
      claim_sets: [['a'], ['b']],
    }),
  ]
  const satisfies = (query: CredentialQuery): boolean => {
    const parsed = Peer.parse({ credentials: [query] } as Parameters<typeof Peer.parse>[0])
    Peer.validate(parsed)
    const held = {
      credential_format: 'mso_mdoc' as const,
      doctype,
      namespaces: elements as unknown as Record<string, never>,
      cryptographic_holder_binding: true,
    }
    return Peer.query(parsed, [held]).can_be_satisfied
  }

  it.each(asked.map((each) => [JSON.stringify(each), each] as const))('on %s', (_, query) => {
    expect(parseDcql({ credentials: [query] })).toMatchObject({ ok: true })
    const candidate = { format: 'mso_mdoc', type: doctype, authorityKeyIds: [], claims: elements }
    const { findings } = matchCredential(query, candidate)
    expect(findings.every(({ outcome }) => outcome !== 'fail')).toBe(satisfies(query))
  })

  it('on some that match and some that do not', () => {
    expect(new Set(asked.map(satisfies)).size).toBe(2)
  })
})

describe('as a query', () => {
  const asking = (change: object, whole: object = {}) => ({
    credentials: [{ ...query({ claims: named }), ...change }],
    ...whole,
  })
  const peerTakes = (asked: object) => {
    try {
      Peer.validate(Peer.parse(asked as Parameters<typeof Peer.parse>[0]))
      return true
    } catch {
      return false
    }
  }
  const path = (...steps: unknown[]) => asking({ claims: [{ path: steps }] })
  const authorities = (type: string, ...values: string[]) =>
    asking({ trusted_authorities: [{ type, values }] })

  it.each<[string, object, boolean]>([
    ['several answers', asking({ multiple: true }), true],
    ['what is not known', asking({ colour: 'red' }, { urgency: 'high' }), true],
    ['no holder binding', asking({ require_cryptographic_holder_binding: false }), true],
    ['each kind of step', path('a', null, 0, 'b'), true],
    ['an empty name', path(''), true],
    ['key identifiers', authorities('aki', 's9tIpPmhxdiuNkHMEWNpYim8S8Y'), true],
    ['trusted lists', authorities('etsi_tl', 'https://lotl.example'), true],
    ['a credential set', asking({}, { credential_sets: [{ options: [['q']] }] }), true],
    ['no credentials', { credentials: [] }, false],
    ['an id of other characters', asking({ id: 'p i d' }), false],
    ['an id twice', { credentials: [query({}), query({})] }, false],
    ['no format', asking({ format: undefined }), false],
    ['an mdoc of any type', asking({ format: 'mso_mdoc', meta: {} }), false],
    ['no claims, said so', asking({ claims: [] }), false],
    ['an empty path', path(), false],
    ['a negative step', path('a', -1), false],
    ['half a step', path('a', 0.5), false],
    ['a value that is an object', asking({ claims: [{ path: ['a'], values: [{}] }] }), false],
    ['a value that is a fraction', asking({ claims: [{ path: ['a'], values: [1.5] }] }), false],
    ['claim sets without claims', asking({ claims: undefined, claim_sets: [['a']] }), false],
    ['a claim set of unknown claims', asking({ claim_sets: [['z']] }), false],
    ['no claim sets, said so', asking({ claim_sets: [] }), false],
    ['an unknown option', asking({}, { credential_sets: [{ options: [['z']] }] }), false],
    ['authorities of an unknown type', authorities('friend', 'a'), false],
    ['no authorities, said so', authorities('aki'), false],
    ['a key identifier in hexadecimal', authorities('aki', 'AB:CD'), false],
  ])('on %s', (_, asked, taken) => {
    expect([peerTakes(asked), parseDcql(asked).ok]).toEqual([taken, taken])
  })

  it.each<[string, object]>([
    ['no meta (6.1)', asking({ meta: undefined })],
    ['an SD-JWT VC of any type (B.3.5)', asking({ meta: {} })],
    ['the same claim twice (6.4.1)', asking({ claims: [{ path: ['a'] }, { path: ['a'] }] })],
    ['no values, said so (6.3)', asking({ claims: [{ path: ['a'], values: [] }] })],
    [
      'a claim id twice (6.3)',
      asking({
        claims: [
          { id: 'a', path: ['a'] },
          { id: 'a', path: ['b'] },
        ],
      }),
    ],
  ])('but for what the standard forbids and the library takes: %s', (_, asked) => {
    expect([peerTakes(asked), parseDcql(asked).ok]).toEqual([true, false])
  })
})
