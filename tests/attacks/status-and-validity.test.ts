import { beforeAll, expect, it } from 'vitest'
import { failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

type StatusReference = { status: { status_list: { uri: string; idx: number } } }

async function present(wallet: Awaited<ReturnType<TestGateway['citizen']>>) {
  const transaction = await gateway.ask()
  const { status } = await wallet.present(transaction.authorization_request)
  return { status, result: await transaction.read() }
}

it.each(['revoked', 'suspended'])(
  'a %s credential is refused at once (TSL-N01, VER-14)',
  async (status) => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an')
    const claims = wallet.credentials()[0]?.claims as unknown as StatusReference
    const { uri: status_list, idx } = claims.status.status_list
    expect(await present(wallet)).toMatchObject({ status: 200, result: { status: 'verified' } })
    const change = await gateway.post('/sandbox/credentials/status', {
      status_list_uri: status_list,
      idx,
      status,
    })
    expect(change.status).toBe(204)
    const { status: answered, result } = await present(wallet)
    expect(answered).toBe(400)
    expect(result).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(result)).toEqual(['status.value'])
  },
)

it('a suspended credential is good again when reinstated, a revoked one never', async () => {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const claims = wallet.credentials()[0]?.claims as unknown as StatusReference
  const { uri: status_list_uri, idx } = claims.status.status_list
  const set = (status: string) =>
    gateway.post('/sandbox/credentials/status', { status_list_uri, idx, status })
  await set('suspended')
  await set('valid')
  expect(await present(wallet)).toMatchObject({ status: 200 })
  await set('revoked')
  const reinstated = await set('valid')
  expect(reinstated.status).toBeGreaterThanOrEqual(400)
  expect(await present(wallet)).toMatchObject({ status: 400 })
})

it.each(['expired', 'not-yet-valid'])(
  'an %s credential is refused (VC-N09, VER-13)',
  async (validity) => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an', ['pid-sd-jwt'], { validity })
    const { status, result } = await present(wallet)
    expect(status).toBe(400)
    expect(failed(result)).toEqual(['credential.validity'])
  },
)
