import { beforeAll, expect, it } from 'vitest'
import { attack, failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

it.each<[string, Parameters<typeof attack>[1]]>([
  ['typ JWT', { kbTyp: 'JWT' }],
  ['typ dc+sd-jwt', { kbTyp: 'dc+sd-jwt' }],
  ['alg none', { kbAlg: 'none' }],
  ['alg HS256', { kbAlg: 'HS256' }],
])('another token cannot pass for key binding: %s (SDJ-N12)', async (_, lies) => {
  const { status, body, result } = await attack(gateway, lies)
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_request' })
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toContain('key_binding.header')
})
