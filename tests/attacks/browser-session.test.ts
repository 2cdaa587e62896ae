import { beforeAll, describe, expect, it } from 'vitest'
import type { Wallet } from '../../src/wallet/wallet.ts'
import {
  failed,
  kyc,
  type Presentation,
  type TestGateway,
  testGateway,
} from '../support/gateway.ts'

// On the same device a result is for the browser that asked: an attacker who starts a transaction and
// has somebody else answer it (session fixation) gets nothing, for the code comes back to her browser.

let gateway: TestGateway
let wallet: Wallet
beforeAll(async () => {
  gateway = await testGateway()
  wallet = await gateway.citizen('vn-nguyen-thi-an')
})

const sameDevice = { ...kyc, flow: 'same_device', redirect_uri: 'http://localhost:3000/back' }

/** A transaction that was answered, and the code that came back with the browser of whoever answered. */
async function answered(body: Record<string, unknown> = sameDevice) {
  const transaction = await gateway.ask('bank-sg', body)
  const { status, redirectUri } = await wallet.present(transaction.authorization_request)
  expect(status).toBe(200)
  const code = new URL(String(redirectUri)).searchParams.get('response_code') ?? ''
  const path = `/v1/presentations/${transaction.id}`
  const readWith = (code: string) =>
    gateway.get<Presentation & { code?: string }>(
      `${path}?${new URLSearchParams({ response_code: code })}`,
      transaction.key,
    )
  return { ...transaction, code, path, readWith }
}

it('who brings the code reads the result, and then without it (VER-21)', async () => {
  const { code, read, readWith } = await answered()
  expect(code).toMatch(/^[\w-]{43}$/)
  expect(await read()).toMatchObject({ status: 'answered', report: null, credentials: null })
  expect(await readWith(code)).toMatchObject({ status: 200, body: { status: 'verified' } })
  expect(await read()).toMatchObject({ status: 'verified', credentials: expect.any(Object) })
})

describe('who has no code reads nothing (VP-N08, HAIP-N08)', () => {
  it('as often as he asks', async () => {
    const { read } = await answered()
    await read()
    const result = await read()
    expect(result).toMatchObject({ status: 'answered', report: null, credentials: null })
    expect(result.receipt).toBeNull()
  })

  it.each<[string, (code: string) => string]>([
    ['a wrong one', () => 'A'.repeat(43)],
    ['an empty one', () => ''],
    ['the right one with more behind', (code) => `${code}A`],
    ['the beginning of the right one', (code) => code.slice(0, -1)],
    ['the right one in capitals', (code) => code.toUpperCase()],
  ])('nor who has %s, and the right one is good still', async (_, change) => {
    const { code, read, readWith } = await answered()
    expect(await readWith(change(code))).toMatchObject({
      status: 400,
      body: { code: expect.stringMatching(/^(response_code_wrong|malformed_request)$/) },
    })
    expect(await read()).toMatchObject({ status: 'answered', credentials: null })
    expect(await readWith(code)).toMatchObject({ status: 200, body: { status: 'verified' } })
  })

  it('nor who has that of another session', async () => {
    const [own, other] = [await answered(), await answered()]
    expect(await own.readWith(other.code)).toMatchObject({
      status: 400,
      body: { code: 'response_code_wrong' },
    })
    expect(await own.read()).toMatchObject({ status: 'answered', credentials: null })
  })

  it('nor another relying party that has it', async () => {
    const { code, path, readWith } = await answered()
    const key = await gateway.keyOf('telco-my')
    const answer = await gateway.get(`${path}?response_code=${code}`, key)
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await gateway.get(`${path}?response_code=${code}`)).status).toBe(401)
    expect((await readWith(code)).status).toBe(200)
  })
})

it('a code works once (VP-N08, VER-21)', async () => {
  const { code, read, readWith } = await answered()
  await readWith(code)
  expect(await readWith(code)).toMatchObject({
    status: 400,
    body: { code: 'response_code_used' },
  })
  expect((await read()).status).toBe('verified')
})

it('of twenty that bring one code at once, one is served (VP-N08)', async () => {
  const { code, readWith } = await answered()
  const answers = await Promise.all(Array.from({ length: 20 }, () => readWith(code)))
  const used = answers.filter(({ body }) => body.code === 'response_code_used')
  expect(used).toHaveLength(19)
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(400)])
})

it('where nobody comes back the presentation is refused (HAIP-N08)', async () => {
  const { code, read, readWith } = await answered()
  gateway.advance(10 * 60)
  expect(await read()).toMatchObject({ status: 'refused', credentials: null })
  const late = await readWith(code)
  expect(late.body.credentials ?? null).toBeNull()
  expect(late.body.status).not.toBe('verified')
})

it('a refused answer sends no browser back, and is refused at once', async () => {
  const transaction = await gateway.ask('bank-sg', sameDevice)
  const lies = { sdHash: 'A'.repeat(43) }
  const { status, body } = await wallet.present(transaction.authorization_request, { lies })
  expect(status).toBe(400)
  expect(body).not.toHaveProperty('redirect_uri')
  const result = await transaction.read()
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toEqual(['key_binding.sd_hash'])
})
