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
