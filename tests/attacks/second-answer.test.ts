import { beforeAll, expect, it } from 'vitest'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

it('of fifty answers at once exactly one is judged', async () => {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const transaction = await gateway.ask()
  let answer: Record<string, string> = {}
  const keepBack = (form: Record<string, string>) => {
    answer = form
    return {}
  }
  const { request } = await wallet.present(transaction.authorization_request, {
    lies: { form: keepBack },
  })
  const post = () =>
    gateway.call(String(request.response_uri), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(answer).toString(),
    })
  const answers = await Promise.all(Array.from({ length: 50 }, post))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(49).fill(400)])
  expect(await transaction.read()).toMatchObject({ status: 'verified' })
})

it('a denial after the verdict does not overwrite it (VP-N09)', async () => {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const transaction = await gateway.ask()
  const { request } = await wallet.preview(transaction.authorization_request)
  await wallet.present(transaction.authorization_request)
  const before = await transaction.read()
  const late = await gateway.call(String(request.response_uri), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ error: 'access_denied', state: String(request.state) }).toString(),
  })
  expect(late.status).toBe(400)
  expect(before).toMatchObject({ status: 'verified' })
  expect(await transaction.read()).toEqual(before)
})
