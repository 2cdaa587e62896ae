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

it('an answer that comes after its time is not judged, and changes nothing (VP-N02, VER-17)', async () => {
  const transaction = await gateway.ask()
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  let answer: Record<string, string> = {}
  const keepBack = (form: Record<string, string>) => {
    answer = form
    return {}
  }
  const lies = { form: keepBack }
  const { request } = await wallet.present(transaction.authorization_request, { lies })
  gateway.advance(300)
  const late = await gateway.call(String(request.response_uri), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(answer).toString(),
  })
  expect(late).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  expect(await transaction.read()).toMatchObject({ status: 'expired', credentials: null })
})
