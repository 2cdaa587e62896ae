import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { sandboxRelyingPartyRoutes } from '../../src/http/sandbox-relying-parties.ts'
import { origin, verifier } from '../support/presentation.ts'

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
  const app = new Hono().route('/', sandboxRelyingPartyRoutes({ ...deps, env: 'production' }))
  expect((await app.request(`${origin}/sandbox/relying-parties`)).status).toBe(404)
})
