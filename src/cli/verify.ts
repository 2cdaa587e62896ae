import { parseArgs, styleText } from 'node:util'
import { readInstant, toInstant } from '../http/instant.ts'
import { statusListId } from '../issuance/status-list.ts'
import type { VerifyRequest } from '../presentation/verify-presented.ts'
import { ok, type Result, refuse } from '../result.ts'
import { entityIds } from '../trust/entity-id.ts'
import { readText } from './file.ts'
import { type JudgeAsSaidDeps, type Judged, judgeAsSaid } from './judge-as-said.ts'
import { presentationsIn, readPresented, type Said } from './presented-file.ts'
import type { OpenedRegistry } from './registry.ts'
import { type Report, reportTree } from './report-tree.ts'
import { shownClaims } from './shown-claims.ts'
import { printable } from './tree.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const options = {
  purpose: text,
  'relying-party': text,
  nonce: text,
  audience: text,
  'response-uri': text,
  'jwk-thumbprint': text,
  at: text,
  online: flag,
  claims: flag,
}

/** `verify FILE`: explains a presentation, check by check. The exit code: 0 verified, 1 refused, 2 not judged in whole. */
export async function verifyFile(args: string[]): Promise<Result<number, string>> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) return refuse('verify takes one FILE')
  const content = readText(file)
  if (!content.ok) return content
  const read = readPresented(content.value)
  if (!read.ok) return read
  if ('report' in read.value) {
    console.log(styleText('gray', 'as the file tells it; nothing is judged here'))
    return ok(tell(read.value.report))
  }
  const at = values.at === undefined ? read.value.said.at : readInstant(values.at)
  if (values.at !== undefined && !at) return refuse('--at: RFC 3339, or seconds since the epoch')
  const { 'relying-party': relyingParty, purpose, nonce, audience, online, claims } = values
  const { 'response-uri': responseUri, 'jwk-thumbprint': jwkThumbprint } = values
  const { presented } = read.value
  const said = {
    ...read.value.said,
    ...(relyingParty !== undefined && { relyingParty }),
    ...(purpose !== undefined && { purpose }),
    ...(nonce !== undefined && { nonce }),
    ...(audience !== undefined && { audience }),
    ...(responseUri !== undefined && { responseUri }),
    ...(jwkThumbprint !== undefined && { jwkThumbprint }),
    ...(at && { at }),
  }
  const judged = await judgeHere(presented, said, online)
  if (!judged.ok) return judged
  const code = tell(judged.value.report, judged.value.unjudged)
  if (claims) await tellClaims(presented)
  return ok(code)
}

async function judgeHere(
  presented: VerifyRequest['presented'],
  said: Said,
  online: boolean,
): Promise<Result<Judged, string>> {
  // The whole gateway comes with it: only now is it needed.
  const { openRegistry } = await import('./registry.ts')
  const opened = await openRegistry()
  if (!opened.ok) return opened
  const { deps, snapshot, source, close } = opened.value
  const now = deps.clock()
  const { relyingParty, at = now } = said
  try {
    if (at > now) return refuse('at: nobody knows the future')
    const id = relyingParty && entityId(deps.origin, relyingParty)
    const asked = { ...said, at, ...(id && { relyingParty: id }) }
    const judged = await judgeAsSaid(judgeDeps(opened.value, online), snapshot, presented, asked)
    if (judged.ok) {
      const then = toInstant(Math.floor(at.getTime() / 1000))
      const by = `by ${source}, ledger position ${snapshot.position}`
      console.log(styleText('gray', `as of ${then}, ${by}`))
    }
    return judged
  } finally {
    close()
  }
}

const entityId = (origin: string, relyingParty: string) =>
  relyingParty.includes(':') ? relyingParty : entityIds(origin).relyingParty(relyingParty)

function judgeDeps({ deps, kept }: OpenedRegistry, online: boolean): JudgeAsSaidDeps {
  return {
    keys: deps.keys,
    statusOf: deps.statusOf,
    statusUnasked(uri) {
      const isOwn = statusListId(deps, uri) !== undefined
      if (isOwn) return kept ? undefined : 'set DATA_DIR to that of the gateway that issued it'
      return online ? undefined : 'give --online to have the status list fetched'
    },
  }
}

/** Prints the tree; says what the exit code is. What was judged in part is not verified. */
function tell(report: Report, unjudged: readonly string[] = []): number {
  const isPartial = report.outcome === 'verified' && unjudged.length > 0
  console.log(reportTree(isPartial ? { ...report, outcome: 'not refused' } : report))
  if (unjudged.length > 0) {
    console.log(styleText('yellow', `Judged in part: ${unjudged.join('; ')}.`))
  }
  if (isPartial) return 2
  return report.outcome === 'verified' ? 0 : 1
}

/** What the presentation shows, for its developer, whether or not it can be relied upon. */
async function tellClaims(presented: VerifyRequest['presented']): Promise<void> {
  for (const { queryId, presentation } of presentationsIn(presented)) {
    const claims = await shownClaims(presentation)
    console.log(styleText('bold', `\n${queryId}: what it shows`))
    const lines = claims ? JSON.stringify(claims, null, 2) : 'It cannot be read.'
    for (const line of lines.split('\n')) console.log(printable(line))
  }
}
