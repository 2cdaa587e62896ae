import { beforeAll, expect, it } from 'vitest'
import { attack, failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

it.each<[string, Parameters<typeof attack>[1]]>([
  ['one bit flipped', { tamperIssuerSignature: true }],
])('a forged signature under a genuine certificate is refused: %s (SDJ-N02)', async (_, lies) => {
  const { status, body, result } = await attack(gateway, lies)
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_request' })
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toContain('credential.signature')
})
