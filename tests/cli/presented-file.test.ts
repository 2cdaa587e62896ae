import { expect, it } from 'vitest'
import { presentationsIn, readPresented } from '../../src/cli/presented-file.ts'

it('takes what does not begin like JSON for a presentation, whatever it is', () => {
  expect(readPresented('a~b~c')).toEqual({
    ok: true,
    value: { presented: { presentation: 'a~b~c' }, said: {} },
  })
})

it('takes a body of POST /v1/verify with what it says of the request', () => {
  const vpToken = { pid: ['a~', 'b~', 3], age: 'c~' }
  const body = { vp_token: vpToken, dcql_query: {}, nonce: 'n', purpose: 'bank-kyc', at: 1 }
  const read = readPresented(JSON.stringify(body))
  expect(read).toEqual({
    ok: true,
    value: {
      presented: { vpToken, dcqlQuery: {} },
      said: { nonce: 'n', purpose: 'bank-kyc', at: new Date(1000) },
    },
  })
  expect(presentationsIn({ vpToken, dcqlQuery: {} })).toEqual([
    { queryId: 'pid', presentation: 'a~' },
    { queryId: 'pid', presentation: 'b~' },
  ])
  expect(presentationsIn({ vpToken: 'a~', dcqlQuery: {} })).toEqual([])
})

it('takes what the device of an mdoc signed over besides', () => {
  const body = { presentation: 'oA', response_uri: 'https://a.example', jwk_thumbprint: 'A' }
  expect(readPresented(JSON.stringify(body))).toEqual({
    ok: true,
    value: {
      presented: { presentation: 'oA' },
      said: { responseUri: 'https://a.example', jwkThumbprint: 'A' },
    },
  })
  expect(readPresented(JSON.stringify({ ...body, jwk_thumbprint: 1 })).ok).toBe(false)
})

it('takes a saved answer, and a report by itself', () => {
  const failed = { id: 'response.error', outcome: 'fail', detail: '', spec: '', remedy: null }
  const report = { outcome: 'denied', checks: [failed] }
  for (const saved of [report, { id: '1', report, receipt: null }]) {
    expect(readPresented(JSON.stringify(saved))).toEqual({ ok: true, value: { report } })
  }
})

it.each([
  ['verified by nothing', { outcome: 'verified', checks: [] }],
  [
    'verified although a check failed',
    {
      outcome: 'verified',
      checks: [{ id: 'a.b', outcome: 'fail', detail: '', spec: '', remedy: null }],
    },
  ],
])('refuses a report that was altered: %s', (_, report) => {
  expect(readPresented(JSON.stringify({ report }))).toMatchObject({
    ok: false,
    error: expect.stringContaining('contradicts'),
  })
})

it.each<[string, string, RegExp]>([
  ['JSON that is cut off', '{"presentation":', /no JSON object/],
  ['a member twice', '{"presentation":"a~","presentation":"b~"}', /unique names/],
  ['nothing of a presentation', '{"a":1}', /must hold/],
  ['both a presentation and a vp_token', '{"presentation":"a~","vp_token":{}}', /must hold/],
  ['a vp_token without its query', '{"vp_token":{}}', /must hold/],
  ['a presentation that is no text', '{"presentation":1}', /must hold/],
  ['a nonce that is no text', '{"presentation":"a~","nonce":1}', /must be strings/],
  ['an instant that is none', '{"presentation":"a~","at":"then"}', /must be strings/],
  ['an answer without a report', '{"report":null}', /must hold/],
  ['a report that is none', '{"report":{"outcome":"verified"}}', /no whole one/],
])('refuses %s', (_, text, sentence) => {
  expect(readPresented(text)).toMatchObject({ ok: false, error: expect.stringMatching(sentence) })
})
