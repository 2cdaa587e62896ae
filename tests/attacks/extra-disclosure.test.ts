import { beforeAll, expect, it } from 'vitest'
import { attack, failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

it.each<[string, Parameters<typeof attack>[1]]>([
  ['an extra one', { extraDisclosure: true }],
  ['one sent twice', { duplicateDisclosure: true }],
])('a disclosure that nothing calls for is refused: %s (SDJ-N04, SDJ-N05)', async (_, lies) => {
  const { status, body, result } = await attack(gateway, lies)
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_request' })
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toContain('credential.disclosures')
})
