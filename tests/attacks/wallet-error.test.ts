import { beforeAll, describe, expect, it } from 'vitest'
import type { Members } from '../support/forgery.ts'
import { attack, failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

const post = (request: Members, form: Record<string, string> | [string, string][]) =>
  gateway.call(String(request.response_uri), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })

async function retrieved() {
  const transaction = await gateway.ask()
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const { request } = await wallet.preview(transaction.authorization_request)
  return { transaction, wallet, request, state: String(request.state) }
}

it.each(['access_denied', 'vp_formats_not_supported'])(
  'who may say no, says so: %s (VER-20)',
  async (error) => {
    const { transaction, request, state } = await retrieved()
    expect(await post(request, { error, state })).toMatchObject({ status: 200 })
    const result = await transaction.read()
    expect(result).toMatchObject({ status: 'denied', credentials: null })
    expect(failed(result)).toEqual(['response.error'])
  },
)

describe('a denial that cannot be tied to the transaction leaves it open (VP-N09)', () => {
  it.each<[string, (state: string) => Record<string, string> | [string, string][]]>([
    ['without state', () => ({ error: 'access_denied' })],
    ['with an empty state', () => ({ error: 'access_denied', state: '' })],
    ['with another state', () => ({ error: 'access_denied', state: 'A'.repeat(43) })],
    [
      'with the state in capitals',
      (state) => ({ error: 'access_denied', state: state.toUpperCase() }),
    ],
    [
      'with the state twice',
      (state) => [
        ['error', 'access_denied'],
        ['state', state],
        ['state', state],
      ],
    ],
    ['with an empty error', (state) => ({ error: '', state })],
    ['with a description alone', (state) => ({ error_description: 'no', state })],
    ['beside a response', (state) => ({ error: 'access_denied', state, response: 'x' })],
  ])('%s', async (_, form) => {
    const { transaction, wallet, request, state } = await retrieved()
    expect(await post(request, form(state))).toMatchObject({ status: 400 })
    expect(await transaction.read()).toMatchObject({ status: 'retrieved' })
    const honest = await wallet.present(transaction.authorization_request)
    expect(honest).toMatchObject({ status: 200 })
  })
})

describe('a denial after the verdict changes nothing (VP-N09)', () => {
  it.each<[string, Parameters<typeof attack>[1]]>([
    ['that was yes', {}],
    ['that was no', { sdHash: 'x' }],
  ])('%s', async (_, lies) => {
    const { transaction, request, result } = await attack(gateway, lies)
    const late = await post(request, { error: 'access_denied', state: String(request.state) })
    expect(late).toMatchObject({ status: 400 })
    expect(await transaction.read()).toEqual(result)
  })
})

it('what it says besides is not repeated to the bank', async () => {
  const { transaction, request, state } = await retrieved()
  const error_description = 'Nguyen Thi An has lost her telephone'
  await post(request, {
    error: 'access_denied',
    error_description,
    error_uri: 'https://x.example/An',
    state,
  })
  const result = await transaction.read()
  expect(result.status).toBe('denied')
  expect(JSON.stringify(result)).not.toMatch(/telephone|x\.example/)
})
