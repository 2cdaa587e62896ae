import type { Refusal } from '../errors.ts'
import type { KeyRing } from '../platform/keys.ts'
import { ok, type Result, refuse } from '../result.ts'
import { openRequest, type WalletRequest } from './sealed-request.ts'
import {
  asOf,
  type ByLink,
  isOpen,
  isRequestHandle,
  type OpenTransaction,
  type Transaction,
  type TransactionStore,
} from './transaction.ts'

type Keys = Pick<KeyRing, 'mac'>

export type FindOpenDeps = {
  keys: Keys
  transactions: Pick<TransactionStore, 'findByHandle'>
}

/** A transaction that waits for an answer, and what it asks. */
export type Asking = OpenTransaction & WalletRequest
/** The same, where a wallet was called by a link. */
export type AskingByLink = Extract<Asking, ByLink> & { authorizationRequest: string }

/** The transaction behind a handle while it waits for an answer, or why it does not. */
export async function findOpen(
  { keys, transactions }: FindOpenDeps,
  handle: string,
  now: Date,
): Promise<Result<AskingByLink, Refusal>> {
  const stored = isRequestHandle(handle) ? await transactions.findByHandle(handle) : undefined
  if (!stored) return refuse(unknown)
  const open = await openAsOf(keys, stored, now)
  if (!open.ok) return open
  const { authorizationRequest } = open.value
  // Where a page hands the request over there is no link, and nobody has a handle.
  return open.value.flow === 'dc_api' || authorizationRequest === undefined
    ? refuse(unknown)
    : ok({ ...open.value, authorizationRequest })
}

/** A transaction with what it asks, while it waits for an answer, or why it does not. */
export async function openAsOf(
  keys: Keys,
  stored: Transaction,
  now: Date,
): Promise<Result<Asking, Refusal>> {
  const transaction = asOf(stored, now)
  if (!isOpen(transaction)) return refuse(closed(transaction))
  const request = await openRequest(keys, transaction)
  return request ? ok({ ...transaction, ...request }) : refuse(closed({ status: 'expired' }))
}

/** Why a transaction takes no answer any more. */
export const closed = ({ status }: Pick<Transaction, 'status'>): Refusal =>
  status === 'expired'
    ? { code: 'transaction_expired', detail: 'The transaction has expired. Start a new one.' }
    : { code: 'already_answered', detail: 'The transaction is answered. Start a new one.' }

export const unknown: Refusal = {
  code: 'not_found',
  detail: 'There is no such transaction. Start a new one.',
}
