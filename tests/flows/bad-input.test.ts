import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { kyc, type TestGateway, testGateway } from '../support/gateway.ts'
import { openPage } from '../support/page.ts'

let gateway: TestGateway
let key: string
let responseUri: string
/** Where what a browser gave is brought. */
let broughtTo: string
beforeAll(async () => {
  gateway = await testGateway()
  key = await gateway.keyOf('bank-sg')
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const { request } = await wallet.preview((await gateway.ask()).authorization_request)
  responseUri = String(request.response_uri)
  broughtTo = `/v1/presentations/${(await openPage(gateway)).id}/response`
})

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
const big = JSON.stringify({ filler: 'x'.repeat(1024 * 1024) })

/** Endpoints that take JSON on our own API: each must say problem+json. */
const ownApi = ['/v1/presentations', 'brought', '/sandbox/offers', '/sandbox/credentials/status']
/** Protocol endpoints: each must say `error` as its standard does. */
const jsonProtocol = ['/issuers/vn/credential']
const formProtocol = ['/issuers/vn/token', 'response']

async function send(path: string, headers: Record<string, string>, body: string, method = 'POST') {
  const url = { response: responseUri, brought: broughtTo }[path] ?? path
  const authorization = url.startsWith('/v1') ? { authorization: `Bearer ${key}` } : {}
  return gateway.call<Record<string, unknown>>(url, {
    method,
    headers: { ...headers, ...authorization },
    ...(method !== 'GET' && { body }),
  })
}

const said = (length: string) => ({ 'content-length': length })

describe('our own API answers what is wrong with problem details', () => {
  it.each(
    ownApi.flatMap((path): [string, string, Record<string, string>, string, number, string][] => [
      [path, 'no JSON', json, '{"a":', 400, 'malformed_request'],
      [path, 'JSON that is no object', json, '[1]', 400, 'malformed_request'],
      [path, 'nesting without end', json, deep, 400, 'malformed_request'],
      [path, 'a prototype', json, '{"__proto__":{"purpose":"x"}}', 400, 'malformed_request'],
      [path, 'a member twice', json, '{"purpose":"a","purpose":"b"}', 400, 'malformed_request'],
      [
        path,
        'the wrong types',
        json,
        '{"purpose":1,"issuer":[],"idx":"x"}',
        400,
        'malformed_request',
      ],
      [path, 'nothing at all', json, '', 400, 'malformed_request'],
      [path, 'invalid UTF-8 by escape', json, '{"purpose":"\\ud800"}', 400, 'malformed_request'],
      [
        path,
        'another media type',
        { 'content-type': 'text/plain' },
        '{}',
        415,
        'unsupported_media_type',
      ],
      [path, 'no media type', {}, '{}', 415, 'unsupported_media_type'],
      [path, 'more than a mebibyte', json, big, 413, 'payload_too_large'],
      [path, 'more than it says', { ...json, ...said('2') }, big, 413, 'payload_too_large'],
      [path, 'less than it says', { ...json, ...said('2000000') }, '{}', 413, 'payload_too_large'],
    ]),
  )('%s: %s', async (path, _, headers, body, status, code) => {
    const answer = await send(path, headers, body)
    expect(answer).toMatchObject({
      status,
      body: { code, status, type: `urn:gerbang:problem:${code}` },
    })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body).toEqual({
      type: expect.any(String),
      title: expect.any(String),
      status,
      detail: expect.any(String),
      instance: expect.stringMatching(/^urn:uuid:/),
      code,
    })
  })

  it.each([
    ['an unknown path', 'GET', '/nowhere', 404, 'not_found'],
    ['an unknown transaction', 'GET', '/v1/presentations/0unknown', 404, 'not_found'],
    ['another method', 'PUT', '/v1/presentations', 405, 'method_not_allowed'],
  ])('%s', async (_, method, path, status, code) => {
    expect(await send(path, json, '{}', method)).toMatchObject({ status, body: { code } })
  })

  it.each([
    ['no key', {}],
    ['a key that nobody has', { authorization: `Bearer ${'A'.repeat(43)}` }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['a key of 100 kB', { authorization: `Bearer ${'A'.repeat(100_000)}` }],
  ])('%s does not authenticate', async (_, headers) => {
    const body = JSON.stringify(kyc)
    const init = { method: 'POST', headers: { ...json, ...headers }, body }
    const answer = await gateway.call('/v1/presentations', init)
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  it("another relying party's transaction is as unknown as one that never was", async () => {
    const transaction = await gateway.ask()
    const other = await gateway.keyOf('telco-my')
    const answer = await gateway.get(`/v1/presentations/${transaction.id}`, other)
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it.each([
    ['no purpose', { ask: ['name'] }],
    ['neither query nor ask', { purpose: 'bank-kyc' }],
    ['both query and ask', { ...kyc, dcql_query: { credentials: [] } }],
    ['an empty query', { purpose: 'bank-kyc', dcql_query: { credentials: [] } }],
    ['an expiry out of bounds', { ...kyc, expires_in: 59 }],
    ['an issuer that is no state', { ...kyc, issuers: ['fr'] }],
    ['a member that we do not know', { ...kyc, colour: 'red' }],
  ])('a transaction with %s', async (_, body) => {
    const answer = await gateway.post('/v1/presentations', body, key)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: expect.stringMatching(/malformed_request|query_/) })
  })
})

it('a number out of bounds says what would do', async () => {
  const answer = await gateway.post('/v1/presentations', { ...kyc, expires_in: 59 }, key)
  expect(answer.body.detail).toMatch(/expires_in: .*60/)
})

describe('protocol endpoints answer what is wrong as their standard does', () => {
  it.each([
    ...jsonProtocol.flatMap((path): [string, string, Record<string, string>, string, number][] => [
      [path, 'another media type', { 'content-type': 'text/plain' }, '{}', 415],
      [path, 'more than a mebibyte', json, big, 413],
    ]),
    ...formProtocol.flatMap((path): [string, string, Record<string, string>, string, number][] => [
      [path, 'a parameter twice', form, 'response=a&response=b&grant_type=a&grant_type=b', 400],
      [path, 'JSON', json, '{}', 415],
      [path, 'an empty form', form, '', 400],
      [path, 'a prototype', form, '__proto__=x', 400],
      [path, 'more than a mebibyte', form, `response=${'x'.repeat(1024 * 1024)}`, 413],
    ]),
  ])('%s: %s', async (path, _, headers, body, status) => {
    const answer = await send(path, headers, body)
    // Who has no access token is told that first.
    expect([status, 401]).toContain(answer.status)
    expect(answer.body).toMatchObject({
      error: expect.stringMatching(/^[a-z_]+$/),
      error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/),
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('another method on the response URI', async () => {
    const answer = await send('response', {}, '', 'GET')
    expect(answer).toMatchObject({ status: 405, body: { error: 'invalid_request' } })
    expect(answer.headers.get('allow')).toContain('POST')
  })

  it('HEAD moves nothing, and follows nothing', async () => {
    const transaction = await gateway.ask()
    const requestUri = new URL(transaction.authorization_request).searchParams.get('request_uri')
    const head = { method: 'HEAD', headers: { authorization: `Bearer ${transaction.key}` } }
    expect((await gateway.call(String(requestUri), head)).status).toBe(405)
    const events = `/v1/presentations/${transaction.id}/events`
    expect((await gateway.call(events, head)).status).toBe(405)
    expect(await transaction.read()).toMatchObject({ status: 'requested' })
  })

  it('an empty error is no error', async () => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an')
    const transaction = await gateway.ask()
    const { request } = await wallet.preview(transaction.authorization_request)
    const body = new URLSearchParams({ error: '', state: String(request.state) }).toString()
    const answer = await gateway.call(String(request.response_uri), {
      method: 'POST',
      headers: form,
      body,
    })
    expect(answer.status).toBe(400)
    expect(await transaction.read()).toMatchObject({ status: 'retrieved' })
  })

  it.each([
    '/issuers/fr/token',
    '/issuers/vn/offers/unknown',
    '/.well-known/openid-credential-issuer/issuers/zz',
    '/presentations/unknown/request',
  ])('%s is unknown', async (path) => {
    const { status, body } = await gateway.get(path)
    expect([404, 405]).toContain(status)
    expect(body).toMatchObject({ error: expect.any(String) })
  })
})

it('no failure tells more than its request id, here or in the log', async () => {
  const { deps, lines } = gateway
  const snapshot = () => Promise.reject(new Error('secret: Nguyễn Thị An'))
  const broken = createApp({ ...deps, registry: { ...deps.registry, snapshot } })
  const answer = await broken.request(`${gateway.origin}/registry/recognitions`)
  const body = await answer.text()
  expect(answer.status).toBe(500)
  expect(JSON.parse(body)).toMatchObject({ code: 'internal_error' })
  const line = lines.find((each) => each.includes('unexpected')) ?? ''
  expect(line).toContain(answer.headers.get('x-request-id'))
  expect(`${body}${line}`).not.toContain('secret')
})

it('a body that breaks off is the sender’s fault, and no failure of ours', async () => {
  const body = new ReadableStream({
    pull(controller) {
      controller.error(new Error('ECONNRESET'))
    },
  })
  const before = gateway.lines.filter((line) => line.includes('unexpected')).length
  const request = new Request(`${gateway.origin}/sandbox/offers`, {
    method: 'POST',
    headers: json,
    body,
    duplex: 'half',
  } as RequestInit)
  const answer = await gateway.fetch(request)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code: 'malformed_request' })
  expect(gateway.lines.filter((line) => line.includes('unexpected'))).toHaveLength(before)
})

it('an unknown well-known path is as unknown as every other', async () => {
  const answer = await gateway.get('/.well-known/unknown')
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
})
