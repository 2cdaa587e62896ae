import { newSecret } from '../credential/secret.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Result, refuse } from '../result.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { responseUri } from './endpoints.ts'
import { type Asking, closed, unknown } from './find-open.ts'
import type { JudgeDeps, JudgedPresentation } from './judge-presentation.ts'
import { judgeResponse } from './judge-response.ts'
import type { WalletAnswer, WalletError } from './read-response.ts'
import { signReceipt } from './receipt.ts'
import type { RelyingPartyKeyStore } from './relying-party-keys.ts'
import { renderReport } from './report.ts'
import { sealResult } from './sealed-result.ts'
import {
  accept,
  asOf,
  audienceOf,
  type Decided,
  deny,
  type OpenTransaction,
  refuseAnswer,
  type SentBack,
  type TransactionStore,
} from './transaction.ts'
import { verificationRecords } from './verification-record.ts'

export type DecideDeps = JudgeDeps & {
  clock: Clock
  random: Random
  keys: KeyRing
  origin: string
  snapshot: () => Promise<Result<Snapshot, Refusal>>
  transactions: Pick<TransactionStore, 'find' | 'decide'>
  relyingPartyKeys: Pick<RelyingPartyKeyStore, 'active'>
}

/**
 * Judges what a wallet answered, however it came, and decides the transaction once and for all, by the
 * one write that moves it: of many answers at once one counts, and the others hear that they came too
 * late. What was decided may be a refusal, and is an answer all the same.
 */
export async function decide(
  deps: DecideDeps,
  transaction: Asking,
  response: WalletAnswer | WalletError,
  sentBack: SentBack,
  now: Date,
): Promise<Result<Decided, Refusal>> {
  const snapshot = await deps.snapshot()
  if (!snapshot.ok) return snapshot
  const world = { snapshot: snapshot.value, sentBack, now }
  const { decided, presentations } =
    'error' in response
      ? declined(transaction, response, world)
      : await judged(deps, transaction, response, world)
  // Until the browser is back nobody may rely on it, and perhaps it never comes.
  const outcome = decided.status === 'answered' ? 'refused' : decided.status
  const { id, relyingParty, purpose } = transaction
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
  if (await deps.transactions.decide(decided, records, now)) return ok(decided)
  const since = await deps.transactions.find(id)
  return refuse(since ? closed(asOf(since, deps.clock())) : unknown)
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
  deps: DecideDeps,
  transaction: Asking,
  { vpToken, jwkThumbprint }: WalletAnswer,
  { snapshot, sentBack, now }: World,
): Promise<Decision> {
  const question = {
    ...transaction,
    ...(transaction.flow !== 'dc_api' && {
      responseUri: responseUri(deps.origin, transaction.handle),
    }),
    audience: audienceOf(transaction),
    jwkThumbprint,
    at: now,
  }
  const verdict = await judgeResponse(deps, question, snapshot, vpToken)
  const { report, presentations } = verdict
  const receipt = await signReceipt(deps, {
    terms: transaction,
    challengeBy: 'gateway',
    audience: audienceOf(transaction),
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
