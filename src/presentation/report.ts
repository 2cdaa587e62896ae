import { type Finding, fail } from '../result.ts'
import { type Check, checks } from './checks.ts'

/** What was checked, by which rule, and what to do about what failed. It holds no claim values. */
export type Report = { outcome: 'verified' | 'refused' | 'denied'; checks: ReportedCheck[] }

export type ReportedCheck = {
  id: Check
  outcome: Finding['outcome']
  detail: string
  spec: string
  /** Only for what failed. */
  remedy: string | null
}

export function renderReport(
  outcome: Report['outcome'],
  findings: readonly Finding<Check>[],
): Report {
  return { outcome, checks: findings.map(reportedCheck) }
}

function reportedCheck({ check, outcome, detail }: Finding<Check>): ReportedCheck {
  const { spec, remedy } = checks[check]
  return { id: check, outcome, detail, spec, remedy: outcome === 'fail' ? remedy : null }
}

/** The report of an answer that was good, but whose browser never came back with the response code. */
export function withoutBrowser({ checks }: Report): Report {
  const why = fail('response.code', 'The browser never came back with the response code.')
  const others = checks.filter(({ id }) => id !== why.check)
  return { outcome: 'refused', checks: [...others, reportedCheck(why)] }
}

/** The first things that failed, for the wallet's developer: each with its rule and its remedy. */
export function describeFailures({ checks }: Report, most = 3): string {
  const failed = checks.filter(({ outcome }) => outcome === 'fail')
  const told = failed
    .slice(0, most)
    .map(({ id, spec, detail, remedy }) => `${id} (${spec}): ${detail} ${remedy}`)
  const more = failed.length - told.length
  return [...told, ...(more > 0 ? [`${more} more failed.`] : [])].join(' ')
}
