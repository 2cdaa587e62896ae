import type { JsonObject } from '../credential/json.ts'
import { newSecret } from '../credential/secret.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Result, refuse } from '../result.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { closed, findOpen } from './find-open.ts'
import type { JudgeDeps } from './judge-presentation.ts'
import { judgeResponse } from './judge-response.ts'
import { readResponse, type WalletError } from './read-response.ts'
import { signReceipt } from './receipt.ts'
import { withResponseCode } from './redirect-uri.ts'
import type { RelyingPartyKeyStore } from './relying-party-keys.ts'
import { describeFailures, renderReport } from './report.ts'
import { sealResult } from './sealed-result.ts'
import {
  type Decided,
  deny,
  type OpenTransaction,
  refuseAnswer,
  type TransactionStore,
  verify,
} from './transaction.ts'

export type ReceiveDeps = JudgeDeps & {
  clock: Clock
  random: Random
  keys: KeyRing
  origin: string
  snapshot: () => Promise<Result<Snapshot, Refusal>>
  transactions: Pick<TransactionStore, 'findByHandle' | 'decide'>
  relyingPartyKeys: Pick<RelyingPartyKeyStore, 'active'>
}

/** What the wallet hears (OpenID4VP 1.0 8.2): where to send the browser. */
export type Received = { redirectUri: string }

/**
 * Takes what was posted to the response URI (OpenID4VP 1.0 8.3.1, `direct_post.jwt`).
 *
 * What cannot be tied to the transaction is turned away and changes nothing. An answer is judged once
 * and for all, by the one write that moves the transaction: of many at once one counts, and the others
 * hear that they came too late.
 */
export async function receiveResponse(
  deps: ReceiveDeps,
  handle: string,
  form: ReadonlyMap<string, string>,
): Promise<Result<Received, Refusal>> {
  const now = deps.clock()
  const found = await findOpen(deps, handle, now)
  if (!found.ok) return found
  const transaction = found.value
  const response = await readResponse(deps, transaction, form)
  if (!response.ok) return response
  const decided =
    'error' in response.value
      ? ok(declined(transaction, response.value, now))
      : await judged(deps, transaction, response.value.vpToken, now)
  if (!decided.ok) return decided
  if (!(await deps.transactions.decide(decided.value, now))) {
    return refuse(closed('answered'))
  }
  if (decided.value.status === 'refused') {
    return refuse({ code: 'presentation_refused', detail: describeFailures(decided.value.report) })
  }
  const back = transaction.redirectUri ?? `${deps.origin}/presentations/done`
  return ok({ redirectUri: withResponseCode(back, newSecret(deps.random)) })
}

function declined(transaction: OpenTransaction, { error }: WalletError, now: Date): Decided {
  const detail = `The wallet answered with ${error}.`
  return deny(transaction, renderReport('denied', [fail('response.error', detail)]), now)
}

async function judged(
  deps: ReceiveDeps,
  transaction: OpenTransaction,
  vpToken: JsonObject[string] | undefined,
  at: Date,
): Promise<Result<Decided, Refusal>> {
  const snapshot = await deps.snapshot()
  if (!snapshot.ok) return snapshot
  const question = { ...transaction, audience: transaction.clientId, at }
  const verdict = await judgeResponse(deps, question, snapshot.value, vpToken)
  const { report } = verdict
  const ledgerPosition = snapshot.value.position
  const receipt = await signReceipt(deps, {
    terms: transaction,
    challengeBy: 'gateway',
    verdict,
    at,
    now: at,
    ledgerPosition,
  })
  if (verdict.outcome === 'refused') return ok(refuseAnswer(transaction, { report, receipt }, at))
  const keys = await deps.relyingPartyKeys.active(transaction.relyingParty)
  const result = await sealResult(verdict.credentials, keys)
  return ok(verify(transaction, { report, receipt, result }, at))
}
