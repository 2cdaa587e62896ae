import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { relyingPartyRoutes } from '../../src/http/relying-parties.ts'
import { origin, verifier } from '../support/presentation.ts'

it('a relying party sees what it is registered for', async () => {
  const gateway = await verifier()
  const { status, body } = await gateway.request(`${origin}/v1/me`, {
    headers: gateway.as(gateway.apiKey),
  })
  expect(status).toBe(200)
  expect(body).toEqual({
    id: 'bank-sg',
    name: 'Merlion Bank (sandbox)',
    country: 'SG',
    redirect_uris: ['http://localhost/callback'],
    purposes: [
      {
        code: 'bank-kyc',
        claims: { 'urn:gerbang:pid:1': expect.arrayContaining([['name'], ['birthdate']]) },
        min_proofing: 'substantial',
        min_authn: 'substantial',
        transfer_bases: expect.any(Array),
        retention_days: 1825,
      },
    ],
  })
})

it('the sandbox tells all relying parties with their keys, which let them in', async () => {
  const gateway = await verifier()
  const { body } = await gateway.request(`${origin}/sandbox/relying-parties`)
  const parties = body.relying_parties as { id: string; api_key: string; purposes: string[] }[]
  expect(parties.map(({ id }) => id)).toEqual([
    ...['bank-ph', 'bank-sg', 'customs-vn', 'employer-jp', 'esign-id', 'gov-bn', 'shop-th'],
    'telco-my',
  ])
  expect(parties.find(({ id }) => id === 'shop-th')?.purposes).toEqual([
    ...['age-check', 'qr-payment-consent'],
  ])
  for (const { id, api_key } of parties) {
    const me = await gateway.request(`${origin}/v1/me`, { headers: gateway.as(api_key) })
    expect(me.body.id).toBe(id)
  }
})

it('in production nobody is told any key', async () => {
  const { deps } = await verifier()
  const app = new Hono().route('/', relyingPartyRoutes({ ...deps, env: 'production' }))
  expect((await app.request(`${origin}/sandbox/relying-parties`)).status).toBe(404)
})
