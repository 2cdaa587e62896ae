import { digestText } from '../credential/digest.ts'
import type { Json } from '../credential/json.ts'
import { newSecret } from '../credential/secret.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Result, refuse } from '../result.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { type Asking, closed, findOpen } from './find-open.ts'
import type { JudgeDeps, JudgedPresentation } from './judge-presentation.ts'
import { judgeResponse } from './judge-response.ts'
import { readResponse, type WalletError } from './read-response.ts'
import { signReceipt } from './receipt.ts'
import { withResponseCode } from './redirect-uri.ts'
import type { RelyingPartyKeyStore } from './relying-party-keys.ts'
import { describeFailures, renderReport } from './report.ts'
import { sealResult } from './sealed-result.ts'
import {
  accept,
  type Decided,
  deny,
  type OpenTransaction,
  refuseAnswer,
  type SentBack,
  type TransactionStore,
} from './transaction.ts'
import { verificationRecords } from './verification-record.ts'

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
  const snapshot = await deps.snapshot()
  if (!snapshot.ok) return snapshot
  const responseCode = newSecret(deps.random)
  const sentBack = { responseCodeHash: await digestText(responseCode) }
  const world = { snapshot: snapshot.value, sentBack, now }
  const { decided, presentations } =
    'error' in response.value
      ? declined(transaction, response.value, world)
      : await judged(deps, transaction, response.value.vpToken, world)
  // Until the browser is back nobody may rely on it, and perhaps it never comes.
  const outcome = decided.status === 'answered' ? 'refused' : decided.status
  const { relyingParty, purpose } = transaction
  const occasion = {
    challengeBy: 'gateway',
    at: now,
    now,
    verdict: newSecret(deps.random),
  } as const
  const records = verificationRecords(
    { ...occasion, relyingParty, purpose, outcome, presentations },
    snapshot.value,
  )
  if (!(await deps.transactions.decide(decided, records, now))) {
    const since = await findOpen(deps, handle, deps.clock())
    return since.ok ? refuse(closed('answered')) : since
  }
  if (decided.status === 'refused') {
    return refuse({ code: 'presentation_refused', detail: describeFailures(decided.report) })
  }
  const back = transaction.redirectUri ?? `${deps.origin}/presentations/done`
  return ok({ redirectUri: withResponseCode(back, responseCode) })
}

type World = { snapshot: Snapshot; sentBack: SentBack; now: Date }
type Decision = { decided: Decided; presentations: readonly JudgedPresentation[] }

function declined(
  transaction: OpenTransaction,
  { error }: WalletError,
  { sentBack, now }: World,
): Decision {
  const detail = `The wallet answered with ${error}.`
  const report = renderReport('denied', [fail('response.error', detail)])
  return { decided: deny(transaction, { report, ...sentBack }, now), presentations: [] }
}

async function judged(
  deps: ReceiveDeps,
  transaction: Asking,
  vpToken: Json | undefined,
  { snapshot, sentBack, now }: World,
): Promise<Decision> {
  const question = { ...transaction, audience: transaction.clientId, at: now }
  const verdict = await judgeResponse(deps, question, snapshot, vpToken)
  const { report, presentations } = verdict
  const receipt = await signReceipt(deps, {
    terms: transaction,
    challengeBy: 'gateway',
    audience: transaction.clientId,
    verdict,
    at: now,
    now,
    ledgerPosition: snapshot.position,
  })
  if (verdict.outcome === 'refused') {
    return { decided: refuseAnswer(transaction, { report, receipt }, now), presentations }
  }
  const keys = await deps.relyingPartyKeys.active(transaction.relyingParty)
  const result = await sealResult(verdict.credentials, keys)
  const decided = accept(transaction, { report, receipt, result, ...sentBack }, now)
  return { decided, presentations }
}
