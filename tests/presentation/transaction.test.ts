import { describe, expect, it } from 'vitest'
import { parseDcql } from '../../src/presentation/dcql.ts'
import { renderReport } from '../../src/presentation/report.ts'
import {
  asOf,
  deny,
  expire,
  isOpen,
  isRequestHandle,
  isTransactionId,
  newRequestHandle,
  newTransactionId,
  type Requested,
  refuseAnswer,
  retrieve,
  verify,
} from '../../src/presentation/transaction.ts'

const query = parseDcql({
  credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['t'] } }],
})
if (!query.ok) throw new Error(query.error)

const at = new Date('2026-11-21T10:00:00Z')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const requested: Requested = {
  status: 'requested',
  id: '0t_a',
  handle: '0r_b',
  relyingParty: 'http://localhost:8787/relying-parties/bank-sg',
  purpose: 'bank-kyc',
  flow: 'cross_device',
  query: query.value,
  clientName: 'Bank',
  clientId: 'x509_hash:c',
  authorizationRequest: 'openid4vp://?',
  nonce: 'n',
  state: 's',
  encryptionSecret: 'secret',
  createdAt: at,
  expiresAt: later(300),
}
const retrieved = retrieve(requested)
const report = renderReport('verified', [])
const verified = verify(retrieved, { report, receipt: 'r', result: [] }, later(10))
const refused = refuseAnswer(retrieved, { report, receipt: 'r' }, later(10))
const denied = deny(requested, report, later(10))
const expired = expire(requested)

describe('an open transaction moves on', () => {
  it.each([
    ['requested', requested, true],
    ['retrieved', retrieved, true],
    ['verified', verified, false],
    ['refused', refused, false],
    ['denied', denied, false],
    ['expired', expired, false],
  ])('%s', (status, transaction, open) => {
    expect(transaction.status).toBe(status)
    expect(isOpen(transaction)).toBe(open)
    // The key to the response lives no longer than an answer may come.
    expect('encryptionSecret' in transaction).toBe(open)
  })
})

it('an illegal move does not compile', () => {
  // @ts-expect-error What is decided stays decided.
  void (() => verify(refused, { report, receipt: 'r', result: [] }, at))
  // @ts-expect-error
  void (() => deny(verified, report, at))
  // @ts-expect-error
  void (() => refuseAnswer(denied, { report, receipt: 'r' }, at))
  // @ts-expect-error What has expired is not answered.
  void (() => verify(expired, { report, receipt: 'r', result: [] }, at))
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

it('ids tell what they are ids of, and their shard', () => {
  const random = (size: number) => new Uint8Array(size).fill(255)
  const [id, handle] = [newTransactionId(random), newRequestHandle(random)]
  expect([id[0], handle[0]]).toEqual(['0', '0'])
  expect([isTransactionId(id), isRequestHandle(id)]).toEqual([true, false])
  expect([isTransactionId(handle), isRequestHandle(handle)]).toEqual([false, true])
  expect(isTransactionId(`${id}x`)).toBe(false)
})
