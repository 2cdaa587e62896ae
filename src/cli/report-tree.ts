import { styleText } from 'node:util'
import { type Node, printable, renderTree } from './tree.ts'

/** A report as the API gives it: `report` of `GET /v1/presentations/{id}`. */
export type Report = { outcome: string; checks: ReportedCheck[] }
export type ReportedCheck = {
  id: string
  outcome: string
  detail: string
  spec: string
  remedy: string | null
}

/**
 * A report as a tree for the terminal: checks stand under the subject that their ids begin with, those
 * of several credentials under their credential, and a failed one shows its remedy. `styleText` leaves
 * the colours out where there is no terminal.
 */
export const reportTree = (report: Report): string =>
  renderTree({ lines: [outcomeTitle(report.outcome)], under: reportNodes(report) })

export const outcomeTitle = (outcome: string): string =>
  styleText(['bold', outcome === 'verified' ? 'green' : 'red'], printable(outcome.toUpperCase()))

/** What stands under the outcome: what is about the whole first, then each credential by itself. */
export function reportNodes({ checks }: Pick<Report, 'checks'>): Node[] {
  const times = Map.groupBy(checks, ({ id }) => id)
  const read = checks.map((check) =>
    (times.get(check.id)?.length ?? 0) > 1 ? ofCredential(check) : { check },
  )
  const whole = read.filter(({ credential }) => credential === undefined)
  const labelled = read.filter(({ credential }) => credential !== undefined)
  const credentials = [...Map.groupBy(labelled, ({ credential }) => credential ?? '')]
  return [
    ...subjectNodes(whole.map(({ check }) => check)),
    ...credentials.flatMap(([credential, each]) =>
      answers(each.map(({ check }) => check)).map((answer) => ({
        lines: [styleText(['bold', 'cyan'], credential)],
        under: subjectNodes(answer),
      })),
    ),
  ]
}

type OfCredential = { credential?: string; check: ReportedCheck }

/** Where there are several credentials, what is told of one begins with the query that it answers. */
function ofCredential(check: ReportedCheck): OfCredential {
  const [label, credential] = /^([\w-]{1,64}): /.exec(check.detail) ?? []
  if (label === undefined || credential === undefined) return { check }
  return { credential, check: { ...check, detail: check.detail.slice(label.length) } }
}

/** One query may be answered by several credentials; each of them has each check once. */
function answers(checks: readonly ReportedCheck[]): ReportedCheck[][] {
  const found: ReportedCheck[][] = []
  for (const check of checks) {
    const last = found.at(-1)
    if (last?.every(({ id }) => id !== check.id)) last.push(check)
    else found.push([check])
  }
  return found
}

const subjectNodes = (checks: readonly ReportedCheck[]): Node[] =>
  [...Map.groupBy(checks, ({ id }) => id.split('.')[0] ?? id)].map(([subject, members]) => {
    const width = Math.max(...members.map(({ id }) => id.length - subject.length - 1))
    return {
      lines: [styleText('bold', printable(subject.replaceAll('_', ' ')))],
      under: members.map((check) => checkNode(check, subject, width)),
    }
  })

const marks: Record<string, string> = {
  pass: styleText('green', '✔'),
  fail: styleText('red', '✘'),
  skip: styleText('gray', '○'),
}

function checkNode(
  { id, outcome, detail, spec, remedy }: ReportedCheck,
  subject: string,
  width: number,
): Node {
  const name = printable(id.slice(subject.length + 1)).padEnd(width)
  const rule = spec && ` ${styleText('gray', `[${printable(spec)}]`)}`
  const head = `${marks[outcome] ?? '?'} ${name}  ${printable(detail)}${rule}`
  const under = ' '.repeat(width + 4)
  return outcome === 'fail' && remedy
    ? { lines: [head, `${under}${styleText('yellow', `→ ${printable(remedy)}`)}`] }
    : { lines: [head] }
}
