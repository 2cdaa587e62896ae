import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedClaims } from '../../src/presentation/asked-claims.ts'
import { type CredentialQuery, type DcqlQuery, parseDcql } from '../../src/presentation/dcql.ts'
import { leastQuery } from '../../src/presentation/least-query.ts'
import { exceeds, surplusNames } from '../../src/presentation/purpose.ts'
import type { ClaimPath, PermittedClaims } from '../../src/trust/facts.ts'

const pid = 'urn:gerbang:pid:1'
const age = 'urn:gerbang:age:1'
const permitted: PermittedClaims[] = [
  { credentialType: pid, paths: [['name'], ['birthdate'], ['address'], ['race'], ['sex', 'code']] },
  { credentialType: age, paths: [['age_over_18'], ['age_over_20'], ['age_over_21']], atMost: 1 },
]
const asking = (
  id: string,
  types: string[],
  claims?: (string | [id: string, ...path: ClaimPath])[],
  claim_sets?: string[][],
) => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: types },
  ...(claims && {
    claims: claims.map((claim) => {
      if (typeof claim === 'string') return { path: claim.split('.') }
      const [id, ...path] = claim
      return { id, path }
    }),
  }),
  ...(claim_sets && { claim_sets }),
})
const mdocOf = (doctype: string, ...elements: string[]): CredentialQuery => ({
  id: 'm',
  format: 'mso_mdoc',
  meta: { doctype_value: doctype },
  claims: elements.map((element) => ({ path: [doctype, element] })),
})
const query = (...credentials: CredentialQuery[]): DcqlQuery => ({ credentials })

describe('the least query', () => {
  it.each<[string, DcqlQuery, DcqlQuery | undefined]>([
    [
      'leaves out a claim',
      query(asking('a', [pid], ['name', 'sex'])),
      query(asking('a', [pid], ['name'])),
    ],
    [
      'leaves out what is denied, however it is spelt and wherever it is',
      query(asking('a', [pid], ['name', 'race', 'race#id', 'address.religion'])),
      query(asking('a', [pid], ['name'])),
    ],
    [
      'keeps a claim below one that is permitted, and one in another script',
      query(asking('a', [pid], ['address.country', 'name#th-Latn', 'sex'])),
      query(asking('a', [pid], ['address.country', 'name#th-Latn'])),
    ],
    [
      'leaves out a type of which nothing is permitted that is asked for',
      query(asking('a', [pid, 'urn:other', age], ['name'])),
      query(asking('a', [pid], ['name'])),
    ],
    [
      'leaves out what is permitted of one of two types alone',
      query(asking('a', [pid, age], ['name', 'age_over_18'])),
      undefined,
    ],
    [
      'leaves out a type that nobody permits',
      query(asking('a', ['urn:other', pid], ['name'])),
      query(asking('a', [pid], ['name'])),
    ],
    [
      'leaves out a credential of which nothing is left',
      query(asking('a', [pid], ['name']), asking('b', [pid], ['sex']), asking('c', ['urn:other'])),
      query(asking('a', [pid], ['name'])),
    ],
    ['is none where nothing is left', query(asking('a', [pid], ['sex'])), undefined],
    [
      'keeps the first of the ages',
      query(asking('a', [age], ['age_over_20', 'age_over_18'])),
      query(asking('a', [age], ['age_over_20'])),
    ],
    [
      'keeps the first of the ages, in either format',
      query(asking('a', [age], ['age_over_20']), {
        ...mdocOf('org.gerbang.age.1', 'age_over_18', 'age_over_20'),
      }),
      query(asking('a', [age], ['age_over_20']), mdocOf('org.gerbang.age.1', 'age_over_20')),
    ],
    [
      'keeps an element of which something is permitted, and none of another namespace',
      query(mdocOf('org.gerbang.pid.1', 'name', 'sex', 'religion'), {
        ...mdocOf('org.gerbang.pid.1'),
        claims: [{ path: ['org.gerbang.age.1', 'name'] }],
      }),
      query(mdocOf('org.gerbang.pid.1', 'name', 'sex')),
    ],
    [
      'keeps the first of the ages, wherever the second is asked for',
      query(
        asking('a', [age], ['age_over_21']),
        asking('b', [age], ['age_over_21', 'age_over_18']),
      ),
      query(asking('a', [age], ['age_over_21']), asking('b', [age], ['age_over_21'])),
    ],
    [
      'drops the alternative that needs too much, while there is another',
      query(
        asking(
          'a',
          [pid],
          [
            ['n', 'name'],
            ['s', 'sex'],
            ['b', 'birthdate'],
          ],
          [['n', 's'], ['b']],
        ),
      ),
      query(asking('a', [pid], [['b', 'birthdate']], [['b']])),
    ],
    [
      'keeps what is permitted of the last alternatives, each once',
      query(
        asking(
          'a',
          [pid],
          [
            ['n', 'name'],
            ['s', 'sex'],
            ['r', 'race'],
          ],
          [['n', 's'], ['n', 'r'], ['s']],
        ),
      ),
      query(asking('a', [pid], [['n', 'name']], [['n']])),
    ],
  ])('%s', (_, asked, least) => {
    expect(leastQuery({ query: asked }, permitted)).toEqual(least)
  })

  const both = query(asking('a', [pid], ['name']), asking('b', ['urn:other']))
  type Sets = NonNullable<DcqlQuery['credential_sets']>
  it.each<[string, Sets, Sets]>([
    ['drop an option', [{ options: [['b'], ['a']] }], [{ options: [['a']] }]],
    ['keep the rest of the last option', [{ options: [['a', 'b']] }], [{ options: [['a']] }]],
    [
      'go where nothing is left of them',
      [{ options: [['b']], required: false }, { options: [['a']] }],
      [{ options: [['a']] }],
    ],
    [
      'that were optional are required, where none that was required is left',
      [{ options: [['b']] }, { options: [['a']], required: false }],
      [{ options: [['a']] }],
    ],
  ])('its credential sets %s', (_, credential_sets, left) => {
    expect(leastQuery({ query: { ...both, credential_sets } }, permitted)).toEqual({
      ...query(asking('a', [pid], ['name'])),
      credential_sets: left,
    })
  })
})

it('of an element nothing stays where what is wanted of it is not permitted', () => {
  const asked = query(mdocOf('org.gerbang.pid.1', 'name', 'sex'))
  const parts = [['org.gerbang.pid.1', 'sex', 'at_birth']]
  expect(leastQuery({ query: asked, parts }, permitted)).toEqual(
    query(mdocOf('org.gerbang.pid.1', 'name')),
  )
  expect(leastQuery({ query: asked }, permitted)).toEqual(asked)
})

describe('a refusal', () => {
  it('says the surplus and the least query, to people and to programs', () => {
    const asked = query(
      asking('a', [pid], ['name', 'sex', 'address.race']),
      asking('b', [age], ['age_over_18', 'age_over_21']),
      asking('c', ['urn:other']),
    )
    expect(exceeds('bank-kyc', { query: asked }, permitted)).toEqual({
      code: 'purpose_exceeded',
      detail:
        'bank-kyc does not permit sex, address.race of urn:gerbang:pid:1; more than 1 of age_over_18, age_over_21 of urn:gerbang:age:1 together; any urn:other. Leave it out: least_query is what remains.',
      members: {
        surplus: [
          { type: pid, claims: [['sex'], ['address', 'race']] },
          { type: age, claims: [['age_over_18'], ['age_over_21']], at_most: 1 },
          { type: 'urn:other', claims: [] },
        ],
        least_query: query(asking('a', [pid], ['name']), asking('b', [age], ['age_over_18'])),
      },
    })
  })

  it('says so when nothing would remain', () => {
    expect(
      exceeds('bank-kyc', { query: query(asking('a', [pid], ['sex'])) }, permitted),
    ).toMatchObject({
      detail: expect.stringMatching(/Nothing would remain\. Ask for what GET \/v1\/me lists\.$/),
      members: { least_query: null },
    })
  })

  it('quotes no name that does not print', () => {
    const refusal = exceeds(
      'bank-kyc',
      { query: query(asking('a', [pid], ['"\\\n界'])) },
      permitted,
    )
    expect(refusal?.detail).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
  })
})

describe('of any query the least', () => {
  const name = fc.constantFrom('name', 'birthdate', 'address', 'sex', 'race', 'name#th', 'religion')
  const ageName = fc.constantFrom('age_over_18', 'age_over_20', 'age_over_21', 'name')
  const path = fc.oneof(
    fc.tuple(fc.oneof(name, ageName)),
    fc.tuple(name, fc.oneof(name, fc.constant(null), fc.nat(3))),
  ) as fc.Arbitrary<ClaimPath>
  const types = fc.uniqueArray(fc.constantFrom(pid, age, 'urn:other'), { minLength: 1 })
  const some = (ids: string[], maxLength = 4) =>
    fc.array(fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }), { minLength: 1, maxLength })
  const credential = fc
    .tuple(types, fc.uniqueArray(path, { maxLength: 6, selector: (p) => JSON.stringify(p) }))
    .chain(([vct_values, paths]) => {
      const claims = paths.map((path, i) => ({ id: `c${i}`, path }))
      const bare: Bare = { format: 'dc+sd-jwt', meta: { vct_values } }
      if (claims.length === 0) return fc.constant(bare)
      return fc
        .option(some(claims.map(({ id }) => id)))
        .map((sets) => ({ ...bare, claims, ...(sets && { claim_sets: sets }) }))
    })
  type Bare = Omit<CredentialQuery, 'id'>
  const mdoc = fc
    .tuple(
      fc.constantFrom('org.gerbang.pid.1', 'org.gerbang.age.1', 'org.other'),
      fc.uniqueArray(fc.oneof(name, ageName), { maxLength: 5 }),
      fc.constantFrom('', '.other'),
    )
    .map(([doctype, names, suffix]): Bare => {
      const claims = names.map((element) => ({ path: [doctype + suffix, element] }))
      return {
        format: 'mso_mdoc',
        meta: { doctype_value: doctype },
        ...(claims.length > 0 && { claims }),
      }
    })
  const anyQuery = fc
    .array(fc.oneof(credential, mdoc) as fc.Arbitrary<Bare>, { minLength: 1, maxLength: 4 })
    .chain((bare) => {
      const credentials = bare.map((each, i) => ({ id: `q${i}`, ...each }))
      const options = some(credentials.map(({ id }) => id))
      const sets = fc.array(fc.record({ options, required: fc.boolean() }), { minLength: 1 })
      return fc
        .option(sets)
        .map((some) => ({ credentials, ...(some && { credential_sets: some }) }))
    })
    .filter((asked) => parseDcql(asked).ok)

  it('is a query that is permitted, asks for nothing new, and is its own least', () => {
    let found = 0
    fc.assert(
      fc.property(anyQuery, (asked) => {
        const least = leastQuery({ query: asked }, permitted)
        if (!least) return
        found++
        expect(parseDcql(least)).toEqual({ ok: true, value: least })
        expect(surplusNames({ query: least }, permitted)).toBeUndefined()
        expect(leastQuery({ query: least }, permitted)).toEqual(least)
        const before = askedClaims({ query: asked }, permitted).flatMap(pairs)
        expect(
          askedClaims({ query: least }, permitted)
            .flatMap(pairs)
            .filter((pair) => !before.includes(pair)),
        ).toEqual([])
      }),
      { numRuns: 500 },
    )
    expect(found).toBeGreaterThan(100)
  })

  it('is the query itself, where all of it is permitted and an alternative', () => {
    const asked = query(
      asking(
        'a',
        [pid],
        [
          ['n', 'name'],
          ['b', 'birthdate'],
        ],
        [['n', 'b'], ['n']],
      ),
      asking('b', [age], ['age_over_20']),
    )
    expect(leastQuery({ query: asked }, permitted)).toEqual(asked)
  })
})

const pairs = ({ credentialType, paths }: PermittedClaims) =>
  paths.map((path) => JSON.stringify([credentialType, path]))
