import { newSecret } from '../credential/secret.ts'
import type { Random } from '../platform/random.ts'
import { type Report, withoutBrowser } from './report.ts'
import type { SealedResult } from './sealed-result.ts'
import type { VerificationRecord } from './verification-record.ts'

/**
 * The two names of a transaction. The relying party knows it by its id; whoever holds the link or the
 * QR code knows the handle, and so can answer, but not ask for the result. The digit is the shard.
 */
export type TransactionId = `0t_${string}`
export type RequestHandle = `0r_${string}`

/**
 * A link or a QR code calls the wallet, which gets the request from us and posts its answer to us. It is
 * on another device than the browser that it is to send back, or on the same.
 */
export type ByLink = {
  flow: 'cross_device' | 'same_device'
  handle: RequestHandle
  /** With its prefix. */
  clientId: string
  state: string
}

/**
 * The browser calls the wallet (W3C Digital Credentials API) on behalf of a page of this origin, and the
 * relying party brings us what it was answered.
 */
export type InBrowser = { flow: 'dc_api'; origin: string }

export type Flow = (ByLink | InBrowser)['flow']

/** What was agreed when the transaction was made; nothing later changes it. */
export type Terms = {
  id: TransactionId
  /** Entity identifier. */
  relyingParty: string
  purpose: string
  /** How the relying party is called on the wallet's screen. */
  clientName: string
  nonce: string
  /** Where the relying party wants the browser back. */
  redirectUri?: string
  createdAt: Date
  expiresAt: Date
} & (ByLink | InBrowser)

/**
 * Whom the wallet's proof of possession must be made for: the client_id with its prefix, or, whoever
 * signed the request, the origin that the browser vouches for (OpenID4VP 1.0 A.4).
 */
export const audienceOf = (terms: ByLink | InBrowser): string =>
  terms.flow === 'dc_api' ? `origin:${terms.origin}` : terms.clientId

/** While an answer may come we keep what was asked, and the secret that opens it and the answer. */
type Waiting = { encryptionSecret: string; sealedRequest: string }
export type Requested = Terms & { status: 'requested' } & Waiting
export type Retrieved = Terms & { status: 'retrieved' } & Waiting
export type OpenTransaction = Requested | Retrieved

/**
 * A response code was sent along with the browser, and may come back once; we keep its hash. There is
 * none in the flow `dc_api`: the browser never leaves the page.
 */
export type SentBack = { responseCodeHash?: string }

/** The claims can be read until `resultExpiresAt`; after that `result` is empty. */
type Outcome = {
  decidedAt: Date
  report: Report
  receipt: string
  result: readonly SealedResult[]
  resultExpiresAt: Date
}

/** In the flow `same_device`: well answered, and nothing of it told before the browser is back. */
export type Answered = Terms & { status: 'answered' } & Outcome & SentBack
export type Verified = Terms & { status: 'verified' } & Outcome & SentBack
/** Without a receipt where the browser never came back: then nothing was relied upon. */
export type Refused = Terms & {
  status: 'refused'
  decidedAt: Date
  report: Report
  receipt: string | null
} & SentBack
export type Denied = Terms & { status: 'denied'; decidedAt: Date; report: Report } & SentBack
export type Expired = Terms & { status: 'expired' }

/**
 * A transaction stands in one state; the functions below are all the moves there are, but for the one
 * that the response code makes, from `answered` to `verified`.
 */
export type Transaction = OpenTransaction | Answered | Verified | Refused | Denied | Expired
export type Decided = Answered | Verified | Refused | Denied

/** How long claims can be read after the verdict (ms). */
const resultLifetime = 10 * 60 * 1000

export const retrieve = (from: Requested): Retrieved => ({ ...from, status: 'retrieved' })

/** A good answer. Where the browser must come back, that is yet to be seen. */
export const accept = (
  from: OpenTransaction,
  verdict: Pick<Outcome, 'report' | 'receipt' | 'result'> & SentBack,
  decidedAt: Date,
): Answered | Verified => ({
  ...termsOf(from),
  ...verdict,
  status: from.flow === 'same_device' ? 'answered' : 'verified',
  decidedAt,
  resultExpiresAt: new Date(decidedAt.getTime() + resultLifetime),
})

export const refuseAnswer = (
  from: OpenTransaction,
  verdict: { report: Report; receipt: string },
  decidedAt: Date,
): Refused => ({ ...termsOf(from), ...verdict, status: 'refused', decidedAt })

export const deny = (
  from: OpenTransaction,
  verdict: { report: Report } & SentBack,
  decidedAt: Date,
): Denied => ({ ...termsOf(from), ...verdict, status: 'denied', decidedAt })

/** No browser came back (HAIP 1.0 5.1): somebody may have sent his request to another, who answered. */
export function lapse(from: Answered): Refused {
  const { result: _, resultExpiresAt: __, ...kept } = from
  return { ...kept, status: 'refused', report: withoutBrowser(from.report), receipt: null }
}

export const expire = (from: OpenTransaction): Expired => ({ ...termsOf(from), status: 'expired' })

export const isOpen = (transaction: Transaction): transaction is OpenTransaction =>
  transaction.status === 'requested' || transaction.status === 'retrieved'

/** Whether the status can still change. */
export const isSettled = (transaction: Transaction): boolean =>
  !isOpen(transaction) && transaction.status !== 'answered'

/** What a stored transaction is at an instant: time runs out whether or not somebody writes it down. */
export function asOf(transaction: Transaction, at: Date): Transaction {
  if (isOpen(transaction)) return transaction.expiresAt <= at ? expire(transaction) : transaction
  const { status } = transaction
  if (status !== 'answered' && status !== 'verified') return transaction
  if (at < transaction.resultExpiresAt) return transaction
  return status === 'answered' ? lapse(transaction) : { ...transaction, result: [] }
}

/** With the move the secret goes: neither request nor answer can ever be opened again. */
function termsOf(transaction: OpenTransaction): Terms {
  const { encryptionSecret: _, sealedRequest: __, status: ___, ...terms } = transaction
  return terms
}

/** What the subject needs of the store; each write is one statement that is also the check. */
export type TransactionStore = {
  add(transaction: Requested): Promise<void>
  find(id: TransactionId): Promise<Transaction | undefined>
  findByHandle(handle: RequestHandle): Promise<Transaction | undefined>
  /** False when it no longer waits to be retrieved. */
  retrieve(transaction: Retrieved, now: Date): Promise<boolean>
  /** Writes the verdict and its records, or neither: false when another answer was first, or time has run out. */
  decide(transaction: Decided, records: readonly VerificationRecord[], now: Date): Promise<boolean>
  /**
   * Takes a response code, once: what is `answered`, and not too long, is `verified` by it, and so are
   * its records. False when it is not the one that was sent, or was taken before.
   */
  takeResponseCode(id: TransactionId, responseCodeHash: string, now: Date): Promise<boolean>
  /** False when this relying party has no such transaction. */
  forget(id: TransactionId, relyingParty: string): Promise<boolean>
}

/** What time decides by itself, for whoever writes it down; doing so twice does no harm. */
export type TransactionUpkeep = {
  /** What nobody answered in time. */
  expire(now: Date): Promise<void>
  /** Answered, and no browser came back in time. */
  overdue(now: Date): Promise<Transaction[]>
  /** What became of one that is overdue. */
  lapse(lapsed: Refused, now: Date): Promise<void>
  /** Claims after their ten minutes, and a day after its end the transaction itself. */
  forgetResults(now: Date): Promise<void>
}

export const newTransactionId = (random: Random): TransactionId => `0t_${newSecret(random)}`
export const newRequestHandle = (random: Random): RequestHandle => `0r_${newSecret(random)}`

export const isTransactionId = (text: string): text is TransactionId =>
  /^0t_[A-Za-z0-9_-]{43}$/.test(text)
export const isRequestHandle = (text: string): text is RequestHandle =>
  /^0r_[A-Za-z0-9_-]{43}$/.test(text)
