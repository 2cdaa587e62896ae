import { and, eq, gt, inArray, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type {
  ByLink,
  Decided,
  InBrowser,
  OpenTransaction,
  Refused,
  Terms,
  Transaction,
  TransactionStore,
  TransactionUpkeep,
} from '../presentation/transaction.ts'
import type { Database } from './database.ts'
import { blank, columnsOf, fillable, lazily, slots } from './prepared.ts'
import { transactions } from './schema/presentation.ts'
import { recordWhere, verifyRecords } from './verification-records.ts'

type Row = typeof transactions.$inferSelect

const columns = columnsOf(transactions)
/** What a verdict writes. While a transaction waits for one, nothing else is in these. */
const settled = [
  ...(['status', 'decidedAt', 'report', 'receipt', 'responseCodeHash', 'pendingVerdict'] as const),
  ...(['result', 'resultExpiresAt', 'encryptionSecret', 'sealedRequest'] as const),
]

/** A transaction waits for an answer in one of these. */
const open = ['requested', 'retrieved'] as const satisfies readonly OpenTransaction['status'][]

/** How long a transaction is kept after it could last be answered (ms): report and receipt with it. */
const kept = 24 * 60 * 60 * 1000

/** Presentations asked for. Every move is one statement that is also the check. */
export function transactionStore(database: Database) {
  const { orm } = database
  const insert = lazily(() =>
    orm.insert(transactions).values(slots(transactions, columns)).prepare(),
  )
  const where = (condition: SQL) => orm.select().from(transactions).where(condition).prepare()
  const byId = lazily(() => where(eq(transactions.id, sql.placeholder('id'))))
  const byHandle = lazily(() => where(eq(transactions.handle, sql.placeholder('handle'))))
  const retrieve = lazily(() =>
    orm
      .update(transactions)
      .set({ status: 'retrieved' })
      .where(waiting(['requested']))
      .returning({ id: transactions.id })
      .prepare(),
  )
  const record = fillable(() => recordWhere(database, waiting(open)))
  const settle = fillable(() =>
    orm.update(transactions).set(slots(transactions, settled)).where(waiting(open)),
  )

  return {
    async add(transaction) {
      await insert().run({ ...blank(columns), ...transaction })
    },

    async find(id) {
      const [row] = await byId().all({ id })
      return row && fromRow(row)
    },
    async findByHandle(handle) {
      const [row] = await byHandle().all({ handle })
      return row && fromRow(row)
    },

    async retrieve({ id }, now) {
      const retrieved = await retrieve().all({ id, now: now.getTime() })
      return retrieved.length === 1
    },

    /** The records first, while the transaction still waits: in one batch they see the same row. */
    async decide(decided, records, now) {
      const which = { id: decided.id, now: now.getTime() }
      const pendingVerdict = decided.status === 'answered' ? (records[0]?.verdict ?? null) : null
      const verdict = { ...blank(settled), ...verdictOf(decided), pendingVerdict }
      const written = await database.atomically([
        ...records.map((each) => record({ ...each, ...which })),
        settle({ ...verdict, ...which }),
      ])
      return written.at(-1) === 1
    },

    async takeResponseCode(id, responseCodeHash, now) {
      const isFirst = and(
        eq(transactions.id, id),
        eq(transactions.responseCodeHash, responseCodeHash),
        isNull(transactions.responseCodeUsedAt),
      )
      const isInTime = and(
        eq(transactions.status, 'answered'),
        gt(transactions.resultExpiresAt, now),
      )
      const status = sql`CASE WHEN ${isInTime} THEN 'verified' ELSE ${transactions.status} END`
      const written = await database.atomically([
        verifyRecords(database, and(isFirst, isInTime)),
        orm
          .update(transactions)
          .set({ status, responseCodeUsedAt: now, pendingVerdict: null })
          .where(isFirst),
      ])
      return written.at(-1) === 1
    },

    async forget(id, relyingParty) {
      const forgotten = await orm
        .delete(transactions)
        .where(and(eq(transactions.id, id), eq(transactions.relyingParty, relyingParty)))
        .returning({ id: transactions.id })
      return forgotten.length === 1
    },

    /** Writes down what time has already decided; the secret of what nobody answered goes. */
    async expire(now: Date): Promise<void> {
      await orm
        .update(transactions)
        .set({ status: 'expired', ...notWaiting })
        .where(and(inArray(transactions.status, [...open]), lte(transactions.expiresAt, now)))
    },

    /** Answered, and no browser came back in time. */
    async overdue(now: Date): Promise<Transaction[]> {
      return (await orm.select().from(transactions).where(isOverdue(now))).map(fromRow)
    },

    /** Writes down that nothing came of an answer; of its result nothing is left. */
    async lapse(lapsed: Refused, now: Date): Promise<void> {
      await orm
        .update(transactions)
        .set({ ...verdictOf(lapsed), result: null, resultExpiresAt: null, pendingVerdict: null })
        .where(and(eq(transactions.id, lapsed.id), isOverdue(now)))
    },

    /** Claims go when the contract says so, and a day after its end the transaction itself. */
    async forgetResults(now: Date): Promise<void> {
      await orm
        .update(transactions)
        .set({ result: null })
        .where(and(isNotNull(transactions.result), lte(transactions.resultExpiresAt, now)))
      await orm
        .delete(transactions)
        .where(lte(transactions.expiresAt, new Date(now.getTime() - kept)))
    },
  } satisfies TransactionStore & TransactionUpkeep
}

/** Where a transaction, `id`, stands in one of these states and its time has not run out by `now`. */
const waiting = (states: readonly OpenTransaction['status'][]) =>
  and(
    eq(transactions.id, sql.placeholder('id')),
    inArray(transactions.status, [...states]),
    gt(transactions.expiresAt, sql.placeholder('now')),
  )

const isOverdue = (now: Date) =>
  and(eq(transactions.status, 'answered'), lte(transactions.resultExpiresAt, now))

/** What goes when no answer can come any more. */
const notWaiting = { encryptionSecret: null, sealedRequest: null }

/** What a verdict writes; of the terms nothing changes, and the secret goes. */
function verdictOf(decided: Decided): Partial<Row> {
  const { status, decidedAt, report } = decided
  const verdict = { status, decidedAt, report, ...notWaiting }
  if (decided.status === 'refused') return { ...verdict, receipt: decided.receipt }
  const { responseCodeHash = null } = decided
  if (decided.status === 'denied') return { ...verdict, responseCodeHash }
  const { receipt, result, resultExpiresAt } = decided
  return { ...verdict, receipt, result, resultExpiresAt, responseCodeHash }
}

/** Throws when a row lacks what its state must have: then somebody else wrote it. */
function fromRow(row: Row): Transaction {
  const terms = termsOf(row)
  const transaction = terms && transactionOf(row, terms)
  if (!transaction) throw new Error(`the transaction is not whole for its state ${row.status}`)
  return transaction
}

function transactionOf(row: Row, terms: Terms): Transaction | undefined {
  const { status, encryptionSecret, sealedRequest } = row
  if (status === 'expired') return { ...terms, status }
  if (status !== 'requested' && status !== 'retrieved') return decidedOf(row, terms)
  if (encryptionSecret === null || sealedRequest === null) return undefined
  return { ...terms, status, encryptionSecret, sealedRequest }
}

function decidedOf(row: Row, terms: Terms): Decided | undefined {
  const { status, decidedAt, report, receipt, result, resultExpiresAt } = row
  if (!decidedAt || !report) return undefined
  const { responseCodeHash } = row
  const sentBack = responseCodeHash !== null && { responseCodeHash }
  if (status === 'refused') return { ...terms, status, decidedAt, report, receipt, ...sentBack }
  if (!sentBack && terms.flow !== 'dc_api') return undefined
  if (status === 'denied') return { ...terms, status, decidedAt, report, ...sentBack }
  if (status !== 'answered' && status !== 'verified') return undefined
  if (!receipt || !resultExpiresAt) return undefined
  const outcome = { decidedAt, report, receipt, result: result ?? [], resultExpiresAt }
  return { ...terms, status, ...outcome, ...sentBack }
}

function termsOf(row: Row): Terms | undefined {
  const { id, relyingParty, purpose, clientName, nonce, redirectUri, createdAt, expiresAt } = row
  const way = wayOf(row)
  return (
    way && {
      ...{ id, relyingParty, purpose, clientName, nonce, createdAt, expiresAt },
      ...(redirectUri !== null && { redirectUri }),
      ...way,
    }
  )
}

function wayOf({ flow, handle, clientId, state, origin }: Row): ByLink | InBrowser | undefined {
  if (flow === 'dc_api') return origin === null ? undefined : { flow, origin }
  return handle === null || clientId === null || state === null
    ? undefined
    : { flow, handle, clientId, state }
}
