import { seconds } from './standing.ts'

/** Names may be outsiders' choice; no second has so many honest ones. */
const maxKept = 1000

/**
 * Keeps the answers to questions about one second, the last that was asked about.
 *
 * In the ledger time goes by whole seconds, and what was known at a position never changes: so within a
 * second an answer stays as it is, and need not be found again for whoever asks next.
 */
export function perSecond<Names extends (string | undefined)[], Answer>(
  find: (at: Date, ...names: Names) => Answer,
): (at: Date, ...names: Names) => Answer {
  let second = Number.NaN
  const kept = new Map<string, { answer: Answer }>()
  return (at, ...names) => {
    if (seconds(at) !== second) {
      second = seconds(at)
      kept.clear()
    }
    const name = JSON.stringify(names)
    const known = kept.get(name) ?? { answer: find(at, ...names) }
    if (kept.size < maxKept) kept.set(name, known)
    return known.answer
  }
}
