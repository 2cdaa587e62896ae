import type { Json, JsonObject } from '../credential/json.ts'
import { newSecret } from '../credential/secret.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { parseDcql } from './dcql.ts'
import type { JudgeDeps, Question } from './judge-presentation.ts'
import { judgePresented, judgeResponse, type Verdict } from './judge-response.ts'
import type { Challenge } from './presented-credential.ts'
import { notRegistered } from './purpose.ts'
import { signReceipt } from './receipt.ts'
import type { Report } from './report.ts'
import { type VerificationRecord, verificationRecords } from './verification-record.ts'

export type VerifyDeps = JudgeDeps & {
  clock: Clock
  random: Random
  keys: KeyRing
  origin: string
  snapshot: () => Promise<Result<Snapshot, Refusal>>
  record: (records: readonly VerificationRecord[]) => Promise<void>
}

/** Either an answer and the query that it answers, or a presentation alone. */
export type Presented = { vpToken: Json; dcqlQuery: unknown } | { presentation: string }

/**
 * What a relying party was presented by itself, and what it had asked the wallet for. The challenge is
 * its own: that it was fresh, it alone can know.
 */
export type VerifyRequest = Challenge & {
  presented: Presented
  purpose: string
  /** As of when everything is judged; absent: now. */
  at?: Date
}

/** `credentials` by query id, as when we asked ourselves; `null` where the verdict is no. */
export type Verified = { report: Report; credentials: JsonObject | null; receipt: string }

/** How far ahead of our clock the instant may be that is asked about (ms). */
const maxAhead = 10_000

/**
 * Judges what a relying party was presented without our help, now or as of an instant: trust, status,
 * validity and age all as of then. The verdict is an answer, whatever it is; only a request that
 * cannot be judged at all is refused.
 */
export async function verifyPresented(
  deps: VerifyDeps,
  relyingParty: string,
  request: VerifyRequest,
): Promise<Result<Verified, Refusal>> {
  const snapshot = await deps.snapshot()
  if (!snapshot.ok) return snapshot
  const now = deps.clock()
  const { presented, purpose, audience, at = now } = request
  if (at.getTime() > now.getTime() + maxAhead) {
    return refuse({
      code: 'malformed_request',
      detail: 'at: nobody knows the future. Leave it out.',
    })
  }
  if (!snapshot.value.permitted(relyingParty, purpose, now)) return refuse(notRegistered(purpose))
  const question = { ...request, relyingParty, at }
  const verdict = await judgeEither(deps, question, snapshot.value, presented)
  if (!verdict.ok) return refuse({ code: 'query_invalid', detail: verdict.error })
  const { report, outcome, presentations } = verdict.value
  const occasion = { challengeBy: 'relying_party', at, now } as const
  const receipt = await signReceipt(deps, {
    ...occasion,
    audience,
    terms: { id: newSecret(deps.random), relyingParty, purpose },
    verdict: verdict.value,
    ledgerPosition: snapshot.value.position,
  })
  const verification = { ...occasion, relyingParty, purpose, outcome, presentations }
  const named = { ...verification, verdict: newSecret(deps.random) }
  await deps.record(verificationRecords(named, snapshot.value))
  const credentials = outcome === 'verified' ? verdict.value.credentials : null
  return ok({ report, credentials, receipt })
}

/** What was presented, in one of the two forms; undefined for both of them, and for neither. */
export function presentedIn(body: {
  presentation?: unknown
  vp_token?: unknown
  dcql_query?: unknown
}): Presented | undefined {
  const { presentation, vp_token: vpToken, dcql_query: dcqlQuery } = body
  if (typeof presentation === 'string') {
    return vpToken === undefined && dcqlQuery === undefined ? { presentation } : undefined
  }
  return presentation === undefined && vpToken !== undefined && dcqlQuery !== undefined
    ? { vpToken: vpToken as Json, dcqlQuery }
    : undefined
}

/** Judges either form. The refusal is a sentence on what is wrong with the query. */
export async function judgeEither(
  deps: JudgeDeps,
  question: Question,
  snapshot: Snapshot,
  presented: Presented,
): Promise<Result<Verdict, string>> {
  if ('presentation' in presented) {
    const { presentation } = presented
    const only = ok([{ queryId: 'presentation', presentation }])
    return ok(await judgePresented(deps, question, snapshot, only))
  }
  const query = parseDcql(presented.dcqlQuery)
  if (!query.ok) return query
  const asked = { ...question, query: query.value }
  return ok(await judgeResponse(deps, asked, snapshot, presented.vpToken))
}
