import { beforeAll, expect, it } from 'vitest'
import { attack, failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

it.each<[string, Parameters<typeof attack>[1]]>([
  ['client_id without its prefix', { audience: (id) => id.replace('x509_hash:', '') }],
  ['another verifier', { audience: 'x509_hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['the response URI', { audience: 'http://localhost:8787/presentations' }],
])('a presentation made for somebody else is refused: %s (VP-N01)', async (_, lies) => {
  const { status, body, result } = await attack(gateway, lies)
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_request' })
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toContain('key_binding.audience')
})
