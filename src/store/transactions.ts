import { and, eq, gt, inArray, isNotNull, lte, type SQL } from 'drizzle-orm'
import type {
  Decided,
  OpenTransaction,
  Terms,
  Transaction,
  TransactionStore,
} from '../presentation/transaction.ts'
import type { Database } from './database.ts'
import { transactions } from './schema/presentation.ts'

type Row = typeof transactions.$inferSelect

/** A transaction waits for an answer in one of these. */
const open = ['requested', 'retrieved'] as const satisfies readonly OpenTransaction['status'][]

/** How long a transaction is kept after it could last be answered (ms): report and receipt with it. */
const kept = 24 * 60 * 60 * 1000

/** Presentations asked for. Every move is one statement that is also the check. */
export function transactionStore({ orm }: Database) {
  async function findWhere(condition: SQL): Promise<Transaction | undefined> {
    const [row] = await orm.select().from(transactions).where(condition)
    return row && fromRow(row)
  }

  /** Writes only where the row stands in one of these states and its time has not run out. */
  async function move(
    id: Terms['id'],
    from: readonly OpenTransaction['status'][],
    to: Partial<Row>,
    now: Date,
  ): Promise<boolean> {
    const moved = await orm
      .update(transactions)
      .set(to)
      .where(
        and(
          eq(transactions.id, id),
          inArray(transactions.status, [...from]),
          gt(transactions.expiresAt, now),
        ),
      )
      .returning({ id: transactions.id })
    return moved.length === 1
  }

  return {
    async add(transaction) {
      await orm.insert(transactions).values(transaction)
    },

    find: (id) => findWhere(eq(transactions.id, id)),
    findByHandle: (handle) => findWhere(eq(transactions.handle, handle)),

    retrieve: ({ id, status }, now) => move(id, ['requested'], { status }, now),

    decide: (decided, now) => move(decided.id, open, verdictOf(decided), now),

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
        .set({ status: 'expired', encryptionSecret: null })
        .where(and(inArray(transactions.status, [...open]), lte(transactions.expiresAt, now)))
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
  } satisfies TransactionStore & Record<'expire' | 'forgetResults', (now: Date) => Promise<void>>
}

/** What a verdict writes; of the terms nothing changes, and the secret goes. */
function verdictOf(decided: Decided): Partial<Row> {
  const { status, decidedAt, report } = decided
  const verdict = { status, decidedAt, report, encryptionSecret: null }
  if (decided.status === 'denied') return verdict
  if (decided.status === 'refused') return { ...verdict, receipt: decided.receipt }
  const { receipt, result, resultExpiresAt } = decided
  return { ...verdict, receipt, result, resultExpiresAt }
}

/** Throws when a row lacks what its state must have: then somebody else wrote it. */
function fromRow(row: Row): Transaction {
  const { status, encryptionSecret, decidedAt, report, receipt, result, resultExpiresAt } = row
  const terms = termsOf(row)
  if (status === 'expired') return { ...terms, status }
  if (status === 'requested' || status === 'retrieved') {
    if (encryptionSecret !== null) return { ...terms, status, encryptionSecret }
  } else if (decidedAt && report) {
    if (status === 'denied') return { ...terms, status, decidedAt, report }
    if (status === 'refused' && receipt) return { ...terms, status, decidedAt, report, receipt }
    if (status === 'verified' && receipt && resultExpiresAt) {
      return { ...terms, status, decidedAt, report, receipt, result: result ?? [], resultExpiresAt }
    }
  }
  throw new Error(`the transaction is not whole for its state ${status}`)
}

function termsOf(row: Row): Terms {
  const { id, handle, relyingParty, purpose, flow, query, clientName, clientId } = row
  const { authorizationRequest, nonce, state, createdAt, expiresAt } = row
  const { issuers, transactionData, redirectUri } = row
  return {
    ...{ id, handle, relyingParty, purpose, flow, query, clientName, clientId },
    ...{ authorizationRequest, nonce, state, createdAt, expiresAt },
    ...(issuers && { issuers }),
    ...(transactionData && { transactionData }),
    ...(redirectUri !== null && { redirectUri }),
  }
}
