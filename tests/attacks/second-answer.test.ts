import { beforeAll, expect, it } from 'vitest'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

it('of fifty answers at once exactly one is judged', async () => {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const transaction = await gateway.ask()
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      wallet.present(transaction.authorization_request).then(
        ({ status }) => status,
        // The request object is gone once an answer has been judged.
        () => 'no request',
      ),
    ),
  )
  expect(answers.filter((status) => status === 200)).toHaveLength(1)
  expect(await transaction.read()).toMatchObject({ status: 'verified' })
})

it('a refusal after the verdict does not overwrite it (VP-N09)', async () => {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const transaction = await gateway.ask()
  let late: [string, RequestInit] | undefined
  const keep = (form: Record<string, string>) => form
  await wallet.present(transaction.authorization_request, { lies: { form: keep } })
  const before = await transaction.read()
  late = [responseUri(transaction.authorization_request), denial('unknown')]
  const { status } = await gateway.call(...late)
  expect(status).toBe(400)
  expect(await transaction.read()).toEqual(before)
})

const responseUri = (request: string) =>
  (new URL(request).searchParams.get('request_uri') ?? '').replace(/\/request$/, '/response')
const denial = (state: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ error: 'access_denied', state }).toString(),
})
