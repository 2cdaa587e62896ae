import { beforeAll, expect, it } from 'vitest'
import { failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

/** What one transaction was shown, as somebody who recorded it would have it. */
async function recorded() {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const transaction = await gateway.ask()
  let shown: string[] = []
  const remember = (vpToken: Record<string, string[]>) => {
    shown = Object.values(vpToken).flat()
    return vpToken
  }
  await wallet.present(transaction.authorization_request, { lies: { vpToken: remember } })
  expect(await transaction.read()).toMatchObject({ status: 'verified' })
  return { wallet, shown }
}

it('a presentation from one transaction is refused in another (VP-N02)', async () => {
  const { wallet, shown } = await recorded()
  const other = await gateway.ask()
  const lies = { presentations: shown }
  expect(await wallet.present(other.authorization_request, { lies })).toMatchObject({ status: 400 })
  const result = await other.read()
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toEqual(expect.arrayContaining(['key_binding.nonce']))
})

it('a presentation for one bank is refused at another (VP-N01)', async () => {
  const { wallet, shown } = await recorded()
  const other = await gateway.ask('telco-my', { purpose: 'sim-registration', ask: ['name'] })
  const lies = { presentations: shown }
  await wallet.present(other.authorization_request, { lies })
  const result = await other.read()
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toEqual(
    expect.arrayContaining(['key_binding.nonce', 'key_binding.audience']),
  )
})
