import { beforeAll, expect, it } from 'vitest'
import { attack, failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

it.each<[string, Parameters<typeof attack>[1]]>([
  ['a year ago', { iat: -31_536_000 }],
  ['in a year', { iat: 31_536_000 }],
  ['six minutes ago', { iat: -360 }],
  ['a minute ahead', { iat: 60 }],
])('key binding out of its time is refused: %s (SDJ-N15)', async (_, lies) => {
  const { status, body, result } = await attack(gateway, lies)
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_request' })
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toContain('key_binding.time')
})
