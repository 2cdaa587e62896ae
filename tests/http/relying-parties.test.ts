import { expect, it } from 'vitest'
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
