import { beforeEach, describe, expect, it } from 'vitest'
import { states } from '../../src/providers/states.ts'
import { issuers, origin } from '../support/issuance.ts'

let world: Awaited<ReturnType<typeof issuers>>
beforeEach(async () => {
  world = await issuers()
})

describe('GET /sandbox/personas', () => {
  it('shows several people of every state, and what they can have', async () => {
    const { status, body } = await world.request(`${origin}/sandbox/personas`)
    expect(status).toBe(200)
    const personas = body.personas as { id: string; issuer: string }[]
    expect(personas).toContainEqual({
      id: 'vn-nguyen-thi-an',
      issuer: 'vn',
      name: 'Nguyễn Thị An',
      kind: 'natural',
      credential_configuration_ids: ['pid-sd-jwt', 'pid-mdoc', 'age-sd-jwt', 'age-mdoc'],
    })
    for (const cc of states.keys()) {
      expect(personas.filter(({ issuer }) => issuer === cc).length).toBeGreaterThanOrEqual(3)
    }
  })
})

describe('POST /sandbox/offers', () => {
  const honest = {
    issuer: 'vn',
    persona: 'vn-nguyen-thi-an',
    credential_configuration_ids: ['pid-sd-jwt'],
    grant: 'pre-authorized_code',
    tx_code: false,
  }
  const offer = (change: object) => world.post(`${origin}/sandbox/offers`, { ...honest, ...change })

  it('answers with the offer, its link, and a transaction code only if there is one', async () => {
    const { status, headers, body } = await offer({})
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(body)).toEqual(['credential_offer', 'credential_offer_uri'])
    expect(body.credential_offer_uri).toMatch(
      /^openid-credential-offer:\/\/\?credential_offer_uri=http%3A%2F%2F/,
    )
    expect((await offer({ tx_code: true })).body.tx_code).toMatch(/^\d{6}$/)
  })

  it.each<[string, object, number, string]>([
    ['an unknown issuer', { issuer: 'xx' }, 404, 'not_found'],
    ['an issuer named like a built-in', { issuer: '__proto__' }, 404, 'not_found'],
    ['an unknown persona', { persona: 'vn-nobody' }, 404, 'persona_unknown'],
    ['a persona of another state', { persona: 'sg-lim-hui-min' }, 404, 'persona_unknown'],
    [
      'an unknown configuration',
      { credential_configuration_ids: ['mandate-sd-jwt'] },
      400,
      'offer_not_possible',
    ],
    [
      'a configuration twice',
      { credential_configuration_ids: ['pid-sd-jwt', 'pid-sd-jwt'] },
      400,
      'offer_not_possible',
    ],
    ['the code flow', { grant: 'authorization_code' }, 400, 'offer_not_possible'],
    ['deferred issuance', { deferred: 10 }, 400, 'offer_not_possible'],
    ['no configuration', { credential_configuration_ids: [] }, 400, 'malformed_request'],
    ['an unknown grant', { grant: 'password' }, 400, 'malformed_request'],
    ['an unknown validity', { validity: 'forever' }, 400, 'malformed_request'],
    ['an unknown member', { validty: 'expired' }, 400, 'malformed_request'],
  ])('refuses %s', async (_, change, status, code) => {
    const answer = await offer(change)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body.code).toBe(code)
  })
})

describe('in production', () => {
  it.each([
    ['GET', '/sandbox/personas'],
    ['POST', '/sandbox/offers'],
    ['POST', '/sandbox/credentials/status'],
  ])('there is no %s %s', async (method, path) => {
    const production = await issuers({ env: 'production' })
    expect((await production.request(`${origin}${path}`, { method })).status).toBe(404)
  })
})
