import { describe, expect, it } from 'vitest'
import { type Json, parseJson } from '../../src/credential/json.ts'
import type { DcqlQuery } from '../../src/presentation/dcql.ts'
import { readVpToken } from '../../src/presentation/vp-token.ts'

const credential = { format: 'dc+sd-jwt', meta: { vct_values: ['t'] } }
const query: DcqlQuery = {
  credentials: [
    { id: 'one', ...credential },
    { id: 'many', ...credential, multiple: true },
  ],
}

describe('a vp_token is taken apart (OpenID4VP 1.0 8.1)', () => {
  it.each<[string, Json, [string, string][]]>([
    ['for one query', { one: ['a~'] }, [['one', 'a~']]],
    [
      'for two, one of them multiple',
      { one: ['a~'], many: ['b~', 'c~'] },
      [
        ['one', 'a~'],
        ['many', 'b~'],
        ['many', 'c~'],
      ],
    ],
  ])('%s', (_, vpToken, expected) => {
    const presented = expected.map(([queryId, presentation]) => ({ queryId, presentation }))
    expect(readVpToken(vpToken, query)).toEqual({ ok: true, value: presented })
  })
})

describe('a vp_token of another shape is refused (VP-N03)', () => {
  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['null', 'null'],
    ['a string', '"a~"'],
    ['an array', '["a~"]'],
    ['an empty object', '{}'],
    ['a presentation outside an array', '{"one":"a~"}'],
    ['an empty array', '{"one":[]}'],
    ['two without multiple', '{"one":["a~","b~"]}'],
    ['the same twice, though multiple is set', '{"many":["a~","b~","a~"]}'],
    ['an object for a presentation', '{"one":[{}]}'],
    ['an unknown query id', '{"one":["a~"],"other":["b~"]}'],
    ['the prototype for a query id', '{"__proto__":["a~"]}'],
    ['too many', `{"many":${JSON.stringify(Array.from({ length: 17 }, (_, i) => `${i}~`))}}`],
  ])('%s', (_, json) => {
    const vpToken = json === undefined ? undefined : parseJson(json)
    expect(readVpToken(vpToken, query)).toEqual({
      ok: false,
      error: expect.stringMatching(/^vp_token/),
    })
  })
})
