import { type JsonObject, parseJsonObject } from '../credential/json.ts'
import { parseJws } from '../credential/jws.ts'
import { parseSdJwt } from '../credential/sd-jwt.ts'
import type { Check } from '../presentation/checks.ts'
import type { JudgeDeps } from '../presentation/judge-presentation.ts'
import type { ReportedCheck } from '../presentation/report.ts'
import type { StatusOf } from '../presentation/status.ts'
import { judgeEither, type Presented } from '../presentation/verify-presented.ts'
import { ok, type Result } from '../result.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { presentationsIn, type Said } from './presented-file.ts'
import type { Report } from './report-tree.ts'

export type JudgeAsSaidDeps = JudgeDeps & {
  /** Why the status behind this URI is not asked for here; undefined where it is. */
  statusUnasked(uri: string): string | undefined
}

/** `unjudged`: what would have to be said to judge the rest. */
export type Judged = { report: Report; unjudged: string[] }

/**
 * Judges what was presented by as much of the request as was said. What was not said cannot be judged:
 * such a check is skipped, and says what would have it judged. The refusal is a sentence.
 */
export async function judgeAsSaid(
  deps: JudgeAsSaidDeps,
  snapshot: Snapshot,
  presented: Presented,
  said: Said & { at: Date },
): Promise<Result<Judged, string>> {
  const unjudged = unjudgedFor(said, 'presentation' in presented)
  const question = { purpose: '', relyingParty: '', ...ownProof(presented), ...said }
  const asking = { ...deps, statusOf: statusOf(deps, unjudged) }
  const verdict = await judgeEither(asking, question, snapshot, presented)
  if (!verdict.ok) return verdict
  const { report, presentations } = verdict.value
  const checks = report.checks.map((check) => asSaid(check, unjudged, presentations.length > 1))
  const isRefused = checks.some(({ outcome }) => outcome === 'fail')
  const skipped = report.checks.flatMap((check) => unjudgedOf(check, unjudged)?.why ?? [])
  return ok({
    report: { outcome: isRefused ? 'refused' : 'verified', checks },
    unjudged: [...new Set(skipped)],
  })
}

/**
 * Nonce and audience as the first proof has them: held to itself, nothing is learnt of these two, but
 * the rest can be judged. Where several proofs differ among each other, that is found out nonetheless.
 */
function ownProof(presented: Presented): { nonce: string; audience: string } {
  const [first] = presentationsIn(presented)
  const sdJwt = parseSdJwt(first?.presentation ?? '')
  const proof = sdJwt.ok && sdJwt.value.kbJwt ? parseJws(sdJwt.value.kbJwt) : undefined
  const { nonce, aud }: JsonObject = (proof && parseJsonObject(proof.payload)) ?? {}
  return {
    nonce: typeof nonce === 'string' ? nonce : '',
    audience: typeof aud === 'string' ? aud : '',
  }
}

/** The checks that cannot be judged: which of their outcomes mean nothing, and what would judge them. */
type Unjudged = Map<Check, { outcomes: readonly ReportedCheck['outcome'][]; why: string }>

const all = ['pass', 'fail', 'skip'] as const

function unjudgedFor(
  { nonce, audience, relyingParty, purpose }: Said,
  withoutQuery: boolean,
): Unjudged {
  const missing = [
    ...(relyingParty === undefined ? ['--relying-party'] : []),
    ...(purpose === undefined ? ['--purpose'] : []),
  ].join(' and ')
  const purposeBound: Check[] = [
    ...(['trust.recognition', 'assurance.proofing', 'assurance.authn', 'purpose.claims'] as const),
    // What is wanted of a credential is known only of one that may be relied upon.
    'query.credentials',
    // Without a query the purpose says what is asked for.
    ...(withoutQuery ? (['query.surplus'] as const) : []),
  ]
  return new Map([
    ...(nonce === undefined ? [unless('key_binding.nonce', ['pass'], 'give --nonce')] : []),
    ...(audience === undefined
      ? [unless('key_binding.audience', ['pass'], 'give --audience')]
      : []),
    ...(missing ? purposeBound.map((check) => unless(check, all, `give ${missing}`)) : []),
    unless('key_binding.transaction_data', ['fail'], 'what it may authorise cannot be said here'),
  ])
}

const unless = (check: Check, outcomes: readonly ReportedCheck['outcome'][], why: string) =>
  [check, { outcomes, why }] as const

/** Notes what was not asked for, and why. */
const statusOf =
  (deps: JudgeAsSaidDeps, unjudged: Unjudged): StatusOf =>
  async (reference, issuer, at) => {
    const why = deps.statusUnasked(reference.uri)
    if (why === undefined) return deps.statusOf(reference, issuer, at)
    for (const check of ['status.list', 'status.value'] as const) {
      unjudged.set(check, { outcomes: ['skip'], why })
    }
    return ok(undefined)
  }

function unjudgedOf({ id, outcome }: ReportedCheck, unjudged: Unjudged) {
  const found = unjudged.get(id)
  return found?.outcomes.includes(outcome) ? found : undefined
}

function asSaid(check: ReportedCheck, unjudged: Unjudged, several: boolean): ReportedCheck {
  const found = unjudgedOf(check, unjudged)
  if (!found) return check
  const [label = ''] = several ? (/^[\w-]{1,64}: /.exec(check.detail) ?? []) : []
  return { ...check, outcome: 'skip', detail: `${label}Not judged: ${found.why}.`, remedy: null }
}
