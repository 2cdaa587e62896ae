import { beforeAll, describe, expect, it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused } from '../support/forgery.ts'
import { attack, failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

describe('a well-formed answer of the wrong shape is refused, once and for all (VP-N03)', () => {
  it.each<[string, Lies, string?]>([
    ['a vp_token that is a string', { vpToken: (honest) => Object.values(honest)[0]?.[0] }],
    ['a vp_token that is an array', { vpToken: (honest) => Object.values(honest).flat() }],
    [
      'a presentation outside an array',
      { vpToken: (honest) => ({ 'pid-sd-jwt': honest['pid-sd-jwt']?.[0] }) },
    ],
    [
      'two presentations where one was asked',
      {
        vpToken: (honest) => ({ 'pid-sd-jwt': Object.values(honest).flatMap((p) => [...p, ...p]) }),
      },
    ],
    ['a query id that nobody asked', { vpToken: (honest) => ({ ...honest, other: ['x~'] }) }],
    ['a query id in capitals', { vpToken: (honest) => ({ 'PID-SD-JWT': honest['pid-sd-jwt'] }) }],
    ['a query id of JavaScript', { vpToken: (honest) => ({ ...honest, constructor: ['x~'] }) }],
    ['an object with nothing in it', { vpToken: () => ({}) }],
    ['an array with nothing in it', { vpToken: () => ({ 'pid-sd-jwt': [] }) }],
    ['an array with null in it', { vpToken: () => ({ 'pid-sd-jwt': [null] }) }],
    ['a presentation of JSON', { vpToken: () => ({ 'pid-sd-jwt': [{ jwt: 'x' }] }) }],
    ['null', { vpToken: () => null }],
    [
      'what is no presentation',
      { vpToken: () => ({ 'pid-sd-jwt': ['not an sd-jwt'] }) },
      'credential.format',
    ],
    [
      'an mdoc where an SD-JWT VC was asked (VP-N04)',
      { vpToken: () => ({ 'pid-sd-jwt': ['o2d2ZXJzaW9uYzEuMGlkb2N1bWVudHOBo2ZzdGF0dXMA'] }) },
      'credential.format',
    ],
  ])('%s', async (_, lies, ...[check = 'response.shape']) => {
    const outcome = await attack(gateway, lies)
    expect(failed(outcome.result)).toContain(check)
    expectRefused(outcome, ...failed(outcome.result))
  })

  it.each<[string, object]>([
    ['no vp_token', {}],
    ['a presentation_submission alone', { presentation_submission: { descriptor_map: [] } }],
    ['an id_token', { id_token: 'e30.e30.AAAA' }],
    ['a code', { code: 'abc' }],
  ])('%s', async (_, answer) => {
    const lies: Lies = { parameters: ({ state }) => ({ state, ...answer }) }
    expectRefused(await attack(gateway, lies), 'response.shape', 'query.credentials')
  })
})

describe('what cannot be tied to the transaction leaves it open (VP-N08, VER-18)', () => {
  it.each<[string, Lies]>([
    ['another state', { state: 'another' }],
    ['the state as a list', { parameters: ({ state, ...rest }) => ({ ...rest, state: [state] }) }],
    ['another state outside', { form: (f) => ({ ...f, state: 'another' }) }],
    ['vp_token and error together', { parameters: (p) => ({ ...p, error: 'access_denied' }) }],
    ['no state', { state: null }],
    ['response and error together', { form: (f) => ({ ...f, error: 'access_denied' }) }],
    ['a form without a response', { form: () => ({ nothing: 'here' }) }],
    [
      'a JWE with white space in it',
      { form: (f) => spoilt(f, (jwe) => `${jwe.slice(0, -5)} ${jwe.slice(-5)}`) },
    ],
    ['a JWE with padding', { form: (f) => spoilt(f, (jwe) => `${jwe}=`) }],
  ])('%s', async (_, lies) => {
    const { status, transaction, wallet, result } = await attack(gateway, lies)
    expect(status).toBe(400)
    expect(result).toMatchObject({ status: 'retrieved' })
    expect(await wallet.present(transaction.authorization_request)).toMatchObject({ status: 200 })
    expect(await transaction.read()).toMatchObject({ status: 'verified' })
  })
})

it('where there is no transaction nothing is told (VER-18)', async () => {
  const { request } = await attack(gateway, {})
  const unknown = String(request.response_uri).replace(/0r_[^/]*/, `0r_${'A'.repeat(43)}`)
  const answer = await gateway.call(unknown, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ response: 'x', state: String(request.state) }).toString(),
  })
  expect(answer).toMatchObject({ status: 404, body: { error: 'invalid_request' } })
  expect(Object.keys(answer.body as object).toSorted()).toEqual(['error', 'error_description'])
})

const spoilt = (form: Record<string, string>, change: (jwe: string) => string) => ({
  response: change(form.response ?? ''),
})
