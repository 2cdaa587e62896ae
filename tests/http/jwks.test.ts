import { expect, it } from 'vitest'
import { origin, verifier } from '../support/presentation.ts'

it('anyone may fetch the keys of receipts, and gets their public halves alone', async () => {
  const gateway = await verifier()
  const { status, headers, body } = await gateway.request(`${origin}/.well-known/jwks.json`)
  expect(status).toBe(200)
  expect(headers.get('access-control-allow-origin')).toBe('*')
  const [key] = body.keys as object[]
  expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
  expect(key).toHaveProperty('kid')
  expect(key).not.toHaveProperty('d')
})
