import { styleText } from 'node:util'

/** A report as the API gives it: `report` of `GET /v1/presentations/{id}`. */
export type Report = {
  outcome: string
  checks: { id: string; outcome: string; detail: string; spec: string; remedy: string | null }[]
}

const mark: Record<string, string> = {
  pass: styleText('green', '✔'),
  fail: styleText('red', '✘'),
  skip: styleText('gray', '○'),
}

/**
 * A report as a tree for the terminal: checks stand under the subject that their ids begin with, and
 * a failed one shows its remedy. `styleText` leaves the colours out where there is no terminal.
 */
export function reportTree({ outcome, checks }: Report): string {
  const verified = outcome === 'verified'
  const title = styleText(['bold', verified ? 'green' : 'red'], outcome.toUpperCase())
  const groups = [...Map.groupBy(checks, ({ id }) => id.split('.')[0] ?? id)]
  const lines = groups.flatMap(([subject, members], i) => {
    const lastGroup = i === groups.length - 1
    const rail = lastGroup ? '   ' : '│  '
    const rows = members.flatMap(({ id, outcome, detail, spec, remedy }, j) => {
      const last = j === members.length - 1
      const name = id.slice(subject.length + 1)
      const head = `${rail}${last ? '└' : '├'}─ ${mark[outcome] ?? '?'} ${name.padEnd(14)} ${detail} ${styleText('gray', `[${spec}]`)}`
      const under = `${rail}${last ? ' ' : '│'}    ${' '.repeat(14)} `
      return outcome === 'fail' && remedy
        ? [head, `${under}${styleText('yellow', `→ ${remedy}`)}`]
        : [head]
    })
    return [`${lastGroup ? '└' : '├'}─ ${styleText('bold', subject.replaceAll('_', ' '))}`, ...rows]
  })
  return [title, ...lines].join('\n')
}
