import { beforeAll, describe, expect, it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { attack, failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

describe('a well-formed answer of the wrong shape is refused, once and for all (VP-N03)', () => {
  it.each<[string, Lies]>([
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
    ['an object with nothing in it', { vpToken: () => ({}) }],
    ['what is no presentation', { vpToken: () => ({ 'pid-sd-jwt': ['not an sd-jwt'] }) }],
  ])('%s', async (_, lies) => {
    const { status, result } = await attack(gateway, lies)
    expect(status).toBe(400)
    expect(result).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(result).length).toBeGreaterThan(0)
  })
})

describe('what cannot be tied to the transaction leaves it open (VP-N06, VP-N08)', () => {
  it.each<[string, Lies]>([
    ['a plaintext answer', { plaintext: true }],
    ['a JWE to another key', { encryptTo: 'other' }],
    ['a JWE with another kid', { kid: 'unknown' }],
    ['a JWE without kid', { kid: null }],
    ['a content encryption that was not announced', { enc: 'A128CBC-HS256' }],
    ['another key management', { alg: 'ECDH-ES+A256KW' }],
    ['another state', { state: 'another' }],
    ['no state', { state: null }],
    ['response and error together', { form: (f) => ({ ...f, error: 'access_denied' }) }],
    ['a form without a response', { form: () => ({ nothing: 'here' }) }],
    [
      'a JWE with white space in it',
      { form: (f) => spoilt(f, (jwe) => `${jwe.slice(0, -5)} ${jwe.slice(-5)}`) },
    ],
    ['a JWE with padding', { form: (f) => spoilt(f, (jwe) => `${jwe}=`) }],
    ['a truncated JWE', { form: (f) => ({ response: (f.response ?? '').slice(0, -9) }) }],
  ])('%s', async (_, lies) => {
    const { status, transaction, wallet, result } = await attack(gateway, lies)
    expect(status).toBe(400)
    expect(result).toMatchObject({ status: 'retrieved' })
    expect(await wallet.present(transaction.authorization_request)).toMatchObject({ status: 200 })
    expect(await transaction.read()).toMatchObject({ status: 'verified' })
  })
})

describe('the wallet is never trusted to have followed the query (VP-V19)', () => {
  it('a claim that was asked for and is missing is refused (VP-N04)', async () => {
    const { status, result } = await attack(gateway, { omitDisclosure: ['name'] })
    expect(status).toBe(400)
    expect(failed(result)).toEqual(expect.arrayContaining(['query.claims']))
  })

  it('what was not asked for is verified, dropped and named', async () => {
    const { status, result } = await attack(gateway, { disclosureNotAsked: ['sex'] })
    expect(status).toBe(200)
    expect(Object.keys(result.credentials?.['pid-sd-jwt']?.[0]?.claims ?? {})).not.toContain('sex')
    const surplus = result.report?.checks.find(({ id }) => id === 'query.surplus')
    expect(surplus?.detail).toContain('sex')
  })
})

const spoilt = (form: Record<string, string>, change: (jwe: string) => string) => ({
  response: change(form.response ?? ''),
})
