import type { Json, JsonObject } from '../credential/json.ts'
import { type Finding, fail, pass, type Result, skip } from '../result.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import type { Check } from './checks.ts'
import type { DcqlQuery } from './dcql.ts'
import { matchCredentialSets } from './dcql-evaluate.ts'
import {
  type JudgeDeps,
  type JudgedPresentation,
  judgePresentation,
  type Question,
  type Registry,
} from './judge-presentation.ts'
import { judgeTransactionData } from './judge-transaction-data.ts'
import { surplusNames } from './purpose.ts'
import { type Report, renderReport } from './report.ts'
import { type Presented, readVpToken } from './vp-token.ts'

/** What came of a response. `credentials` are those to be released, by query id. */
export type Verdict = {
  report: Report
  presentations: JudgedPresentation[]
  /** Of the transactions that were to be authorised (OpenID4VP 1.0 B.3.3.1). */
  transactionDataHashes: string[]
} & ({ outcome: 'verified'; credentials: JsonObject } | { outcome: 'refused' })

/**
 * Judges a `vp_token` against what was asked (OpenID4VP 1.0 8.6), as of an instant and a snapshot of
 * the registry. One thing that fails refuses the whole: a wallet that sends a bad presentation beside
 * a good one is not to be believed in part.
 */
export const judgeResponse = (
  deps: JudgeDeps,
  question: Question & { query: DcqlQuery },
  snapshot: Snapshot,
  vpToken: Json | undefined,
): Promise<Verdict> =>
  judgePresented(deps, question, snapshot, readVpToken(vpToken, question.query))

/** Judges presentations that were read, or tells that they could not be. */
export async function judgePresented(
  deps: JudgeDeps,
  question: Question,
  snapshot: Snapshot,
  read: Result<Presented[], string>,
): Promise<Verdict> {
  const { transactionData = [], relyingParty, purpose, at } = question
  const registry = { snapshot, permitted: snapshot.permitted(relyingParty, purpose, at) }
  const presentations = await Promise.all(
    (read.ok ? read.value : []).map((each) => judgePresentation(deps, question, registry, each)),
  )
  const authorised = await judgeTransactionData(transactionData, presentations, at)
  const told = presentations.flatMap((each) => {
    const findings = [...each.findings, authorised.each(each)]
    return labelled({ ...each, findings }, presentations.length > 1)
  })
  const sets = completeness(question.query, new Set(presentations.map(({ queryId }) => queryId)))
  const findings: Finding<Check>[] = [
    pass('response.error', 'What came is an answer, and no error.'),
    read.ok
      ? pass('response.shape', 'vp_token holds presentations for the credential queries.')
      : fail('response.shape', read.error),
    ...told,
    authorised.whole,
    credentialsFinding(sets.finding, presentations),
    purposeFinding(question, presentations, registry),
  ]
  const isRefused = findings.some(({ outcome }) => outcome === 'fail')
  findings.push(codeFinding(question, isRefused))
  const judged = { presentations, transactionDataHashes: authorised.hashes }
  if (isRefused) {
    return { ...judged, outcome: 'refused', report: renderReport('refused', findings) }
  }
  const credentials = releasedByQuery(presentations, sets.needed)
  return { ...judged, outcome: 'verified', report: renderReport('verified', findings), credentials }
}

/** A good answer is told to nobody before the code is back; so where it can be read, the code was. */
function codeFinding({ flow }: Question, isRefused: boolean): Finding<Check> {
  const check = 'response.code'
  if (flow !== 'same_device') return skip(check, 'No browser has to come back to this device.')
  return isRefused
    ? skip(check, 'Not waited for: the answer was refused.')
    : pass(check, 'The browser came back with the response code.')
}

const completeness = (query: DcqlQuery | undefined, presented: ReadonlySet<string>) =>
  query
    ? matchCredentialSets(query, presented)
    : { finding: skip('query.credentials' as const, 'There is no query.'), needed: presented }

/** Where there are several presentations, each finding says which it is about. */
const labelled = ({ queryId, findings }: JudgedPresentation, several: boolean) =>
  several
    ? findings.map((finding) => ({ ...finding, detail: `${queryId}: ${finding.detail}` }))
    : findings

/** That something else is wrong with a presentation is said once, and not again as if it were missing. */
function credentialsFinding(
  complete: Finding<Check>,
  presentations: readonly JudgedPresentation[],
): Finding<Check> {
  const isSound = presentations.every(({ released }) => released !== undefined)
  if (isSound || complete.outcome === 'fail') return complete
  return skip(complete.check, 'Not judged: a presentation was refused for itself.')
}

/** Asked again with the verdict, for the registry may have changed since the request. */
function purposeFinding(
  { query, parts, purpose }: Question,
  presentations: readonly JudgedPresentation[],
  { permitted }: Registry,
): Finding<Check> {
  const check = 'purpose.claims'
  if (!permitted) return fail(check, `The relying party is not registered for ${purpose}.`)
  if (query) {
    const beyond = surplusNames({ query, ...(parts && { parts }) }, permitted)
    return beyond === undefined
      ? pass(check, `${purpose} permits all that was asked for.`)
      : fail(check, `${purpose} does not permit ${beyond}.`)
  }
  const types = presentations.flatMap(({ credentialType }) => credentialType ?? [])
  return types.every((type) => permitted.some(({ credentialType }) => credentialType === type))
    ? pass(check, `Only what ${purpose} permits is released.`)
    : fail(check, `${purpose} does not permit a credential of this type.`)
}

function releasedByQuery(
  presentations: readonly JudgedPresentation[],
  needed: ReadonlySet<string>,
): JsonObject {
  const released = presentations.filter(({ queryId }) => needed.has(queryId))
  const byQuery = Map.groupBy(released, ({ queryId }) => queryId)
  return Object.fromEntries(
    [...byQuery].map(([queryId, each]) => [
      queryId,
      each.flatMap(({ released }) => released ?? []),
    ]),
  )
}
