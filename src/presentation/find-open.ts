import type { Refusal } from '../errors.ts'
import type { KeyRing } from '../platform/keys.ts'
import { ok, type Result, refuse } from '../result.ts'
import { openRequest, type WalletRequest } from './sealed-request.ts'
import {
  asOf,
  isOpen,
  isRequestHandle,
  type OpenTransaction,
  type TransactionStore,
} from './transaction.ts'

export type FindOpenDeps = {
  keys: Pick<KeyRing, 'mac'>
  transactions: Pick<TransactionStore, 'findByHandle'>
}

/** A transaction that waits for an answer, and what it asks. */
export type Asking = OpenTransaction & WalletRequest

/** The transaction behind a handle while it waits for an answer, or why it does not. */
export async function findOpen(
  { keys, transactions }: FindOpenDeps,
  handle: string,
  now: Date,
): Promise<Result<Asking, Refusal>> {
  const stored = isRequestHandle(handle) ? await transactions.findByHandle(handle) : undefined
  if (!stored) {
    return refuse({ code: 'not_found', detail: 'There is no such transaction. Start a new one.' })
  }
  const transaction = asOf(stored, now)
  if (!isOpen(transaction)) return refuse(closed(transaction.status))
  const request = await openRequest(keys, transaction)
  return request ? ok({ ...transaction, ...request }) : refuse(closed('expired'))
}

/** Why a transaction takes no answer any more. */
export const closed = (status: string): Refusal =>
  status === 'expired'
    ? { code: 'transaction_expired', detail: 'The transaction has expired. Start a new one.' }
    : { code: 'already_answered', detail: 'The transaction is answered. Start a new one.' }
