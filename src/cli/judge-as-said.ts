import { type JsonObject, parseJsonObject } from '../credential/json.ts'
import { parseJws } from '../credential/jws.ts'
import { parseSdJwt } from '../credential/sd-jwt.ts'
import type { Check } from '../presentation/checks.ts'
import type { JudgeDeps } from '../presentation/judge-presentation.ts'
import { formatOf } from '../presentation/presented-credential.ts'
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
  const unjudged = unjudgedFor(said, presented)
  const { jwkThumbprint, ...others } = said
  const question = {
    ...{ purpose: '', relyingParty: '', ...ownProof(presented), ...others },
    // A device's signature is held to all of its session, or not at all.
    ...(jwkThumbprint !== undefined && unsaidOfSession(said).length === 0 && { jwkThumbprint }),
  }
  const asking = { ...deps, statusOf: statusOf(deps, unjudged) }
  const verdict = await judgeEither(asking, question, snapshot, presented)
  if (!verdict.ok) return verdict
  const { report, presentations } = verdict.value
  const told = report.checks.map((check) => ofCredential(check, presentations))
  const checks = told.map((each) => asSaid(each, unjudged))
  const isRefused = checks.some(({ outcome }) => outcome === 'fail')
  const skipped = told.flatMap((each) => unjudgedOf(each, unjudged)?.why ?? [])
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

/** A check, and the credential that it is about, where it is about one. */
type Told = { check: ReportedCheck; label: string; queryId: string | undefined }

/** Where there are several credentials, what is told of one begins with the query that it answers. */
function ofCredential(check: ReportedCheck, presentations: readonly { queryId: string }[]): Told {
  const [only, ...others] = presentations
  if (others.length === 0) return { check, label: '', queryId: only?.queryId }
  const [label = '', queryId] = /^([\w-]{1,64}): /.exec(check.detail) ?? []
  return { check, label, queryId }
}

type Unknown = {
  /** Those of its outcomes that mean nothing. */
  outcomes: readonly ReportedCheck['outcome'][]
  /** What would judge it. */
  why: string
  /** The credentials of which that is so; absent: all. */
  of?: readonly string[]
}

/** The checks that cannot be judged. */
type Unjudged = Map<Check, Unknown>

const all = ['pass', 'fail', 'skip'] as const

function unjudgedFor(said: Said, presented: Presented): Unjudged {
  const { nonce, audience, relyingParty, purpose } = said
  const withoutQuery = 'presentation' in presented
  const session = unsaidOfSession(said)
  const mdocs = presentationsIn(presented)
    .filter(({ presentation }) => formatOf(presentation) === 'mso_mdoc')
    .map(({ queryId }) => queryId)
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
    ...(session.length > 0
      ? [unless('key_binding.signature', ['fail'], `give ${session.join(' and ')}`, mdocs)]
      : []),
    unless('key_binding.transaction_data', ['fail'], 'what it may authorise cannot be said here'),
  ])
}

const unless = (
  check: Check,
  outcomes: Unknown['outcomes'],
  why: string,
  of?: readonly string[],
): [Check, Unknown] => [check, { outcomes, why, ...(of && { of }) }]

/** What the device of an mdoc signs over, and was not said (OpenID4VP 1.0 B.2.6). */
const unsaidOfSession = ({ nonce, audience, responseUri, jwkThumbprint }: Said): string[] => [
  ...(nonce === undefined ? ['--nonce'] : []),
  ...(audience === undefined ? ['--audience'] : []),
  // In a browser there is no such address.
  ...(responseUri === undefined && !audience?.startsWith('origin:') ? ['--response-uri'] : []),
  ...(jwkThumbprint === undefined ? ['--jwk-thumbprint'] : []),
]

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

function unjudgedOf({ check: { id, outcome }, queryId }: Told, unjudged: Unjudged) {
  const found = unjudged.get(id)
  const isOf = !found?.of || (queryId !== undefined && found.of.includes(queryId))
  return isOf && found?.outcomes.includes(outcome) ? found : undefined
}

function asSaid(told: Told, unjudged: Unjudged): ReportedCheck {
  const { check, label } = told
  const found = unjudgedOf(told, unjudged)
  if (!found) return check
  return { ...check, outcome: 'skip', detail: `${label}Not judged: ${found.why}.`, remedy: null }
}
