import { describe, expect, it } from 'vitest'
import { type Ask, type AskTerms, compileAsk } from '../../src/presentation/ask.ts'
import { parseDcql } from '../../src/presentation/dcql.ts'

const terms: AskTerms = { formats: ['dc+sd-jwt'] }
const pid = { id: 'pid-sd-jwt', format: 'dc+sd-jwt', meta: { vct_values: ['urn:gerbang:pid:1'] } }
const age = { id: 'age-sd-jwt', format: 'dc+sd-jwt', meta: { vct_values: ['urn:gerbang:age:1'] } }

describe('an ask compiles to the least DCQL', () => {
  it.each<[string, Ask, Partial<AskTerms>, object[]]>([
    [
      'claims of the person',
      ['name', 'address.country'],
      {},
      [{ ...pid, claims: [{ path: ['name'] }, { path: ['address', 'country'] }] }],
    ],
    [
      'claims of another type',
      [{ type: 'age', claims: ['age_over_18'] }],
      {},
      [{ ...age, claims: [{ path: ['age_over_18'] }] }],
    ],
    [
      'both, and the same claim once',
      ['name', { type: 'age', claims: ['age_over_18'] }, 'name'],
      {},
      [
        { ...pid, claims: [{ path: ['name'] }] },
        { ...age, claims: [{ path: ['age_over_18'] }] },
      ],
    ],
    [
      'each claim once, however often and wherever it is asked for',
      [
        { type: 'pid', claims: ['address.country', 'name', 'name'] },
        'address.country',
        { type: 'pid', claims: ['name'] },
      ],
      {},
      [{ ...pid, claims: [{ path: ['address', 'country'] }, { path: ['name'] }] }],
    ],
    [
      'an object by the members that it always has, each once, and by others that are asked for',
      ['address', 'address.country', 'address.postal_code'],
      {},
      [
        {
          ...pid,
          claims: ['formatted', 'country', 'postal_code'].map((name) => ({
            path: ['address', name],
          })),
        },
      ],
    ],
    [
      'no claim below one that is asked for, in whichever order',
      ['degree.title', 'degree', 'degree.title.en'],
      {},
      [{ ...pid, claims: [{ path: ['degree'] }] }],
    ],
    [
      'a claim in two scripts, which are two claims',
      ['name', 'name#th-Latn', 'name'],
      {},
      [{ ...pid, claims: [{ path: ['name'] }, { path: ['name#th-Latn'] }] }],
    ],
    [
      'a claim that is called like what every object has',
      ['constructor', '__proto__'],
      {},
      [{ ...pid, claims: [{ path: ['constructor'] }, { path: ['__proto__'] }] }],
    ],
    [
      'in each format once',
      ['name'],
      { formats: ['dc+sd-jwt', 'dc+sd-jwt'] },
      [{ ...pid, claims: [{ path: ['name'] }] }],
    ],
    [
      'of some authorities',
      ['name'],
      { authorityKeyIds: ['aki-vn', 'aki-sg'] },
      [
        {
          ...pid,
          claims: [{ path: ['name'] }],
          trusted_authorities: [{ type: 'aki', values: ['aki-vn', 'aki-sg'] }],
        },
      ],
    ],
  ])('%s', (_, ask, change, credentials) => {
    const compiled = compileAsk(ask, { ...terms, ...change })
    expect(compiled).toEqual({ ok: true, value: { query: { credentials } } })
    expect(parseDcql(compiled.ok && compiled.value.query)).toMatchObject({ ok: true })
  })
})

describe('in either format', () => {
  const formats = ['dc+sd-jwt', 'mso_mdoc'] as const
  const compile = (ask: Ask, change: Partial<AskTerms> = { formats }) => {
    const compiled = compileAsk(ask, { ...terms, ...change })
    if (!compiled.ok) throw new Error(compiled.error)
    return compiled.value
  }
  const mdoc = {
    id: 'pid-mdoc',
    format: 'mso_mdoc',
    meta: { doctype_value: 'org.gerbang.pid.1' },
  }
  const element = (name: string) => ({ path: ['org.gerbang.pid.1', name] })

  it('a type is asked for by two queries, and either will do', () => {
    expect(compile(['name', { type: 'age', claims: ['age_over_18'] }])).toEqual({
      query: {
        credentials: [
          { ...pid, claims: [{ path: ['name'] }] },
          { ...mdoc, claims: [element('name')] },
          { ...age, claims: [{ path: ['age_over_18'] }] },
          {
            id: 'age-mdoc',
            format: 'mso_mdoc',
            meta: { doctype_value: 'org.gerbang.age.1' },
            claims: [{ path: ['org.gerbang.age.1', 'age_over_18'] }],
          },
        ],
        credential_sets: [
          { options: [['pid-sd-jwt'], ['pid-mdoc']] },
          { options: [['age-sd-jwt'], ['age-mdoc']] },
        ],
      },
    })
  })

  it('the first format that is named is preferred', () => {
    const { query } = compile(['name'], { formats: ['mso_mdoc', 'dc+sd-jwt', 'mso_mdoc'] })
    expect(query.credentials.map(({ id }) => id)).toEqual(['pid-mdoc', 'pid-sd-jwt'])
    expect(query.credential_sets).toEqual([{ options: [['pid-mdoc'], ['pid-sd-jwt']] }])
  })

  it('an mdoc is asked for whole elements, each once, and the parts that are wanted are kept', () => {
    const ask = ['address.country', 'name', 'address.postal_code']
    expect(compile(ask, { formats: ['mso_mdoc'] })).toEqual({
      query: { credentials: [{ ...mdoc, claims: [element('address'), element('name')] }] },
      parts: [
        ['org.gerbang.pid.1', 'address', 'country'],
        ['org.gerbang.pid.1', 'address', 'postal_code'],
      ],
    })
  })

  it('an object is wanted by the same members in both', () => {
    const { parts, query } = compile(['address'])
    expect(parts).toEqual([
      ['org.gerbang.pid.1', 'address', 'formatted'],
      ['org.gerbang.pid.1', 'address', 'country'],
    ])
    const [sdJwt, inMdoc] = query.credentials
    expect(sdJwt?.claims).toEqual([
      { path: ['address', 'formatted'] },
      { path: ['address', 'country'] },
    ])
    expect(inMdoc?.claims).toEqual([element('address')])
  })

  it('an mdoc can be asked for without claims', () => {
    const compiled = compile([{ type: 'pid', claims: [] }], { formats: ['mso_mdoc'] })
    expect(compiled).toEqual({ query: { credentials: [mdoc] } })
  })
})

describe('an ask is refused', () => {
  it.each<[string, Ask]>([
    ['for nothing', []],
    ['for a type that we do not know', [{ type: 'loyalty', claims: ['points'] }]],
    ['for a type that every object has', [{ type: 'constructor', claims: ['name'] }]],
    ['with an empty name', ['']],
    ['with an empty step', ['address..country']],
    ['with more steps than DCQL takes here', ['a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q']],
    ['with a name of endless length', ['n'.repeat(513)]],
    ['for more claims than DCQL takes here', Array.from({ length: 65 }, (_, i) => `c${i}`)],
  ])('%s', (_, ask) => {
    expect(compileAsk(ask, terms)).toEqual({ ok: false, error: expect.stringMatching(/^ask: /) })
  })
})
