import { describe, expect, it } from 'vitest'
import { renderReport } from '../../src/presentation/report.ts'
import {
  accept,
  asOf,
  audienceOf,
  type ByLink,
  deny,
  expire,
  isOpen,
  isRequestHandle,
  isSettled,
  isTransactionId,
  newRequestHandle,
  newTransactionId,
  type Requested,
  refuseAnswer,
  retrieve,
} from '../../src/presentation/transaction.ts'

const at = new Date('2026-11-21T10:00:00Z')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const requested: Extract<Requested, ByLink> = {
  status: 'requested',
  id: '0t_a',
  handle: '0r_b',
  relyingParty: 'http://localhost:8787/relying-parties/bank-sg',
  purpose: 'bank-kyc',
  flow: 'cross_device',
  clientName: 'Bank',
  clientId: 'x509_hash:c',
  nonce: 'n',
  state: 's',
  encryptionSecret: 'secret',
  sealedRequest: 'sealed',
  createdAt: at,
  expiresAt: later(300),
}
const retrieved = retrieve(requested)
const report = renderReport('verified', [])
const sentBack = { responseCodeHash: 'h' }
const verdict = { report, receipt: 'r', result: [], ...sentBack }
const verified = accept(retrieved, verdict, later(10))
const answered = accept({ ...requested, flow: 'same_device' }, verdict, later(10))
const refused = refuseAnswer(retrieved, { report, receipt: 'r' }, later(10))
const denied = deny(requested, { report, ...sentBack }, later(10))
const expired = expire(requested)

describe('an open transaction moves on', () => {
  it.each([
    ['requested', requested, true],
    ['retrieved', retrieved, true],
    ['verified', verified, false],
    ['answered', answered, false],
    ['refused', refused, false],
    ['denied', denied, false],
    ['expired', expired, false],
  ])('%s', (status, transaction, open) => {
    expect(transaction.status).toBe(status)
    expect(isOpen(transaction)).toBe(open)
    // The key to the response lives no longer than an answer may come.
    expect('encryptionSecret' in transaction).toBe(open)
    expect('sealedRequest' in transaction).toBe(open)
  })
})

it('an illegal move does not compile', () => {
  // @ts-expect-error What is decided stays decided.
  void (() => accept(refused, verdict, at))
  // @ts-expect-error
  void (() => deny(verified, { report, ...sentBack }, at))
  // @ts-expect-error
  void (() => refuseAnswer(denied, { report, receipt: 'r' }, at))
  // @ts-expect-error What has expired is not answered.
  void (() => accept(expired, verdict, at))
  // @ts-expect-error It is retrieved once.
  void (() => retrieve(retrieved))
  // @ts-expect-error A verdict does not expire.
  void (() => expire(verified))
  // @ts-expect-error A request handle opens no result.
  const id: typeof requested.id = requested.handle
  expect(id).toBe('0r_b')
})

describe('time runs out by itself', () => {
  it('for an answer, at the very instant', () => {
    expect(asOf(requested, later(299)).status).toBe('requested')
    expect(asOf(retrieved, later(300)).status).toBe('expired')
  })
  it('but not for a verdict', () => {
    expect(asOf(denied, later(86_400)).status).toBe('denied')
  })
  it('for the claims, ten minutes after the verdict, and not for the report', () => {
    const sealed = { ...verified, result: [{ keyHash: 'k', jwe: 'j' }] }
    expect(asOf(sealed, later(609))).toMatchObject({ result: [{ jwe: 'j' }] })
    expect(asOf(sealed, later(610))).toMatchObject({ status: 'verified', result: [], report })
  })
})

it('what the browser must come back for is refused when it does not, by time alone (HAIP-V07)', () => {
  expect(isSettled(answered)).toBe(false)
  expect(asOf(answered, later(609))).toBe(answered)
  const lapsed = asOf(answered, later(610))
  expect(lapsed).toMatchObject({ status: 'refused', receipt: null })
  expect(lapsed).toMatchObject({
    report: { outcome: 'refused', checks: [{ id: 'response.code', outcome: 'fail' }] },
  })
  expect(lapsed).not.toHaveProperty('result')
  expect(isSettled(lapsed)).toBe(true)
})

it('ids tell what they are ids of, and their shard', () => {
  const random = (size: number) => new Uint8Array(size).fill(255)
  const [id, handle] = [newTransactionId(random), newRequestHandle(random)]
  expect([id[0], handle[0]]).toEqual(['0', '0'])
  expect([isTransactionId(id), isRequestHandle(id)]).toEqual([true, false])
  expect([isTransactionId(handle), isRequestHandle(handle)]).toEqual([false, true])
  expect(isTransactionId(`${id}x`)).toBe(false)
})

describe('the proof of a wallet is made for', () => {
  it('the client_id at a link, and the origin of a page in the browser (OpenID4VP 1.0 A.4)', () => {
    expect(audienceOf(requested)).toBe('x509_hash:c')
    const page = { flow: 'dc_api', origin: 'https://bank.example' } as const
    expect(audienceOf(page)).toBe('origin:https://bank.example')
  })
})
