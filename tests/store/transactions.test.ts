import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { renderReport } from '../../src/presentation/report.ts'
import {
  accept,
  asOf,
  type ByLink,
  deny,
  type Requested,
  refuseAnswer,
  retrieve,
} from '../../src/presentation/transaction.ts'
import type { VerificationRecord } from '../../src/presentation/verification-record.ts'
import type { Database } from '../../src/store/database.ts'
import { transactions as rows, verificationRecords } from '../../src/store/schema/presentation.ts'
import { transactionStore } from '../../src/store/transactions.ts'
import { verificationRecordStore } from '../../src/store/verification-records.ts'
import { memoryDatabase } from '../support/database.ts'

const at = new Date('2026-11-21T10:00:00Z')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const requested: Extract<Requested, ByLink> = {
  status: 'requested',
  id: '0t_a',
  handle: '0r_a',
  relyingParty: 'https://gateway.example/relying-parties/bank-sg',
  purpose: 'bank-kyc',
  flow: 'cross_device',
  clientName: 'Bank',
  clientId: 'x509_hash:c',
  nonce: 'n',
  state: 's',
  redirectUri: 'https://bank.example/done',
  encryptionSecret: 'secret',
  sealedRequest: 'sealed',
  createdAt: at,
  expiresAt: later(300),
}
const { handle: _, clientId: __, state: ___, redirectUri: ____, ...common } = requested
/** The same, on a page. */
const onPage: Requested = { ...common, flow: 'dc_api', origin: 'https://bank.example' }
const report = renderReport('verified', [])
const result = [{ keyHash: 'k', jwe: 'j' }]
const sentBack = { responseCodeHash: 'h' }
const verdict = { report, receipt: 'r', result, ...sentBack }
const verified = accept(requested, verdict, later(10))
const answered = { ...verified, status: 'answered' as const }
const refused = refuseAnswer(requested, { report, receipt: 'r' }, later(10))
const denied = deny(requested, { report, ...sentBack }, later(10))

const record: VerificationRecord = {
  verdict: 'v',
  number: 0,
  recordedAt: later(10),
  at: later(10),
  challengeBy: 'gateway',
  relyingParty: requested.relyingParty,
  country: 'SG',
  purpose: 'bank-kyc',
  issuer: 'https://gateway.example/issuers/vn',
  issuerCountry: 'VN',
  credentialType: 't',
  recognition: 'sg-vn',
  proofing: 'high',
  authn: 'high',
  outcome: 'verified',
  forgetAt: later(86_400),
}

const pending: VerificationRecord = { ...record, outcome: 'refused' }

let transactions: ReturnType<typeof transactionStore>
let database: Database
/** As housekeeping does it. */
const lapse = async (now: Date) => {
  for (const overdue of await transactions.overdue(now)) {
    const lapsed = asOf(overdue, now)
    if (lapsed.status === 'refused') await transactions.lapse(lapsed, now)
  }
}
const records = () => database.orm.select().from(verificationRecords)
beforeEach(async () => {
  database = await memoryDatabase()
  transactions = transactionStore(database)
  await transactions.add(requested)
})

describe('a transaction is found as it was kept', () => {
  it('by its id and by its handle', async () => {
    expect(await transactions.find('0t_a')).toEqual(requested)
    expect(await transactions.findByHandle('0r_a')).toEqual(requested)
    expect(await transactions.find('0t_b')).toBeUndefined()
    expect(await transactions.findByHandle('0r_b')).toBeUndefined()
  })

  it('without what was not agreed', async () => {
    const { redirectUri: _, ...least } = requested
    await transactions.add({ ...least, id: '0t_b', handle: '0r_b' })
    expect(await transactions.find('0t_b')).toEqual({ ...least, id: '0t_b', handle: '0r_b' })
  })

  it('of a page, under its id alone', async () => {
    const other: Requested = { ...onPage, id: '0t_c' }
    await transactions.add({ ...onPage, id: '0t_b' })
    await transactions.add(other)
    expect(await transactions.find('0t_c')).toEqual(other)
    const [row] = await database.orm.select().from(rows).where(eq(rows.id, '0t_c'))
    expect(row).toMatchObject({ handle: null, clientId: null, state: null })
  })

  it.each<[string, object]>([
    ['a link without its handle', { handle: null }],
    ['a link without a client_id', { clientId: null }],
    ['a link without its state', { state: null }],
    ['a page without an origin', { flow: 'dc_api' }],
  ])('and not at all where somebody else wrote it: %s', async (_, change) => {
    await database.orm.update(rows).set(change)
    await expect(transactions.find('0t_a')).rejects.toThrow('not whole')
  })

  it.each([
    ['verified', verified],
    ['denied', denied],
  ])('and not where a code is gone that was sent with the browser: %s', async (_, decided) => {
    await transactions.decide(decided, [], later(10))
    await database.orm.update(rows).set({ responseCodeHash: null })
    await expect(transactions.find('0t_a')).rejects.toThrow('not whole')
  })

  it('of a page, with a verdict and no response code', async () => {
    await transactions.add({ ...onPage, id: '0t_b' })
    await transactions.add({ ...onPage, id: '0t_c' })
    const { responseCodeHash: _, ...told } = verdict
    const good = accept({ ...onPage, id: '0t_b' }, told, later(10))
    const bad = deny({ ...onPage, id: '0t_c' }, { report }, later(10))
    expect(good.status).toBe('verified')
    for (const decided of [good, bad]) {
      expect(await transactions.decide(decided, [], later(10))).toBe(true)
      expect(await transactions.find(decided.id)).toEqual(decided)
    }
    expect(await transactions.takeResponseCode('0t_b', 'h', later(20))).toBe(false)
  })

  it.each([
    ['verified', verified],
    ['answered', answered],
    ['refused', refused],
    ['denied', denied],
  ])('when it is %s', async (_, decided) => {
    expect(await transactions.decide(decided, [], later(10))).toBe(true)
    expect(await transactions.find('0t_a')).toEqual(decided)
  })
})

describe('a move is made once', () => {
  it('to retrieved, from requested only', async () => {
    expect(await transactions.retrieve(retrieve(requested), at)).toBe(true)
    expect(await transactions.find('0t_a')).toEqual(retrieve(requested))
    expect(await transactions.retrieve(retrieve(requested), at)).toBe(false)
  })

  it('of fifty answers at once exactly one wins', async () => {
    const answers = Array.from({ length: 50 }, (_, i) =>
      transactions.decide(i % 2 ? verified : refused, [], later(10)),
    )
    const won = (await Promise.all(answers)).filter((moved) => moved)
    expect(won).toHaveLength(1)
  })

  it('and a verdict is not overwritten', async () => {
    await transactions.decide(verified, [], later(10))
    expect(await transactions.decide(denied, [], later(11))).toBe(false)
    expect(await transactions.retrieve(retrieve(requested), later(11))).toBe(false)
    expect(await transactions.find('0t_a')).toEqual(verified)
  })

  it('and only while there is time', async () => {
    expect(await transactions.retrieve(retrieve(requested), later(300))).toBe(false)
    expect(await transactions.decide(verified, [], later(300))).toBe(false)
    expect(await transactions.decide(verified, [], later(299))).toBe(true)
  })
})

describe('a verification is recorded exactly when its verdict counts', () => {
  it('of fifty answers at once by the one that wins', async () => {
    const recordsOf = (i: number) =>
      [0, 1].map((number) => ({ ...record, verdict: `v${i}`, number }))
    const answers = Array.from({ length: 50 }, (_, i) =>
      transactions.decide(verified, recordsOf(i), later(10)),
    )
    const winner = (await Promise.all(answers)).indexOf(true)
    expect(await records()).toEqual(recordsOf(winner))
  })

  it('and not when time has run out', async () => {
    await transactions.decide(verified, [record], later(300))
    expect(await records()).toEqual([])
  })

  it('as refused while the browser is away, and as verified once it is back', async () => {
    await transactions.decide(answered, [pending, { ...pending, number: 1 }], later(10))
    expect(await records()).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }])
    await transactions.takeResponseCode('0t_a', 'another', later(20))
    expect(await records()).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }])
    await transactions.takeResponseCode('0t_a', 'h', later(20))
    expect(await records()).toEqual([record, { ...record, number: 1 }])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['it comes too late', () => transactions.takeResponseCode('0t_a', 'h', later(610))],
    ['it never came', () => lapse(later(610))],
    ['all was forgotten before', () => transactions.forget('0t_a', requested.relyingParty)],
  ])('as refused for good when %s', async (_, end) => {
    await transactions.decide(answered, [pending], later(10))
    await end()
    await transactions.takeResponseCode('0t_a', 'h', later(20))
    expect(await records()).toEqual([pending])
  })

  it('and leads to no transaction once it is final', async () => {
    const links = async () =>
      (await database.orm.select().from(rows)).map(({ pendingVerdict }) => pendingVerdict)
    await transactions.decide(answered, [pending], later(10))
    expect(await links()).toEqual(['v'])
    await transactions.takeResponseCode('0t_a', 'h', later(20))
    expect(await links()).toEqual([null])
  })

  it('until its purpose lets it be forgotten', async () => {
    const store = verificationRecordStore(database)
    await store.record([record])
    await store.forgetExpired(later(86_399))
    expect(await records()).toHaveLength(1)
    await store.forgetExpired(later(86_400))
    expect(await records()).toEqual([])
  })
})

describe('a response code (OpenID4VP 1.0 14.3)', () => {
  it.each([
    ['answered', answered],
    ['verified', verified],
  ])('works once where the transaction is %s', async (_, decided) => {
    await transactions.decide(decided, [], later(10))
    expect(await transactions.takeResponseCode('0t_a', 'another', later(20))).toBe(false)
    expect(await transactions.find('0t_a')).toEqual(decided)
    const takes = Array.from({ length: 20 }, () =>
      transactions.takeResponseCode('0t_a', 'h', later(20)),
    )
    expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(1)
    expect(await transactions.find('0t_a')).toEqual({ ...decided, status: 'verified' })
  })

  it('of a denial works once, too', async () => {
    await transactions.decide(denied, [], later(10))
    expect(await transactions.takeResponseCode('0t_a', 'h', later(20))).toBe(true)
    expect(await transactions.takeResponseCode('0t_a', 'h', later(20))).toBe(false)
    expect(await transactions.find('0t_a')).toEqual(denied)
  })

  it.each([
    ['before', false],
    ['after', true],
  ])('that comes too late verifies nothing, %s it is written down', async (_, written) => {
    await transactions.decide(answered, [], later(10))
    if (written) await lapse(later(610))
    expect(await transactions.takeResponseCode('0t_a', 'h', later(610))).toBe(true)
    expect(await transactions.takeResponseCode('0t_a', 'h', later(610))).toBe(false)
    const found = await transactions.find('0t_a')
    expect(found && asOf(found, later(610))).toEqual(asOf(answered, later(610)))
  })
})

describe('housekeeping', () => {
  it('refuses what no browser came back for, and keeps nothing of the result', async () => {
    await transactions.decide(answered, [], later(10))
    await lapse(later(609))
    expect(await transactions.find('0t_a')).toEqual(answered)
    await lapse(later(610))
    expect(await transactions.find('0t_a')).toEqual(asOf(answered, later(610)))
    const [row] = await database.orm.select().from(rows)
    expect(row).toMatchObject({ result: null, receipt: null, pendingVerdict: null })
  })

  it('writes down what has expired, and forgets its secret', async () => {
    await transactions.expire(later(299))
    expect(await transactions.find('0t_a')).toEqual(requested)
    await transactions.expire(later(300))
    const { encryptionSecret: _, sealedRequest: __, ...terms } = requested
    expect(await transactions.find('0t_a')).toEqual({ ...terms, status: 'expired' })
  })

  it('leaves a verdict alone', async () => {
    await transactions.decide(verified, [], later(10))
    await transactions.expire(later(1000))
    expect(await transactions.find('0t_a')).toEqual(verified)
  })

  it('forgets the claims ten minutes after the verdict, and all a day later', async () => {
    await transactions.decide(verified, [], later(10))
    await transactions.forgetResults(later(609))
    expect(await transactions.find('0t_a')).toEqual(verified)
    await transactions.forgetResults(later(610))
    expect(await transactions.find('0t_a')).toEqual({ ...verified, result: [] })
    await transactions.forgetResults(later(86_400 + 299))
    expect(await transactions.find('0t_a')).toBeDefined()
    await transactions.forgetResults(later(86_400 + 300))
    expect(await transactions.find('0t_a')).toBeUndefined()
  })
})

it('only its relying party can have a transaction forgotten', async () => {
  expect(await transactions.forget('0t_a', 'https://gateway.example/relying-parties/x')).toBe(false)
  expect(await transactions.forget('0t_a', requested.relyingParty)).toBe(true)
  expect(await transactions.forget('0t_a', requested.relyingParty)).toBe(false)
})
