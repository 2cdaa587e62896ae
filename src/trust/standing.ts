import type { StatusEvent, Window } from './facts.ts'

export type Status = StatusEvent['status']

/**
 * Where something stands at an instant. Only `granted` is in force; the last two are never stored,
 * they follow from the window.
 */
export type Standing = Status | 'not_yet_valid' | 'expired'

/** A standing as a sentence says it. */
export const words = (standing: Standing): string => standing.replaceAll('_', ' ')

export type KnownEvent = StatusEvent & { position: number }

/** The instant in the ledger's own unit: whole seconds, rounded down. */
export const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

const strictness: readonly Status[] = ['granted', 'pending', 'suspended', 'withdrawn']
const stricter = (a: Status, b: Status) => strictness.indexOf(a) - strictness.indexOf(b)

/**
 * The status that a history tells for an instant; nothing told is `pending`.
 *
 * A grant holds only if neither the event that takes effect last nor the one that was learnt last
 * says otherwise, so that a suspension which reaches into the past is not undone by the grant that
 * came before it. A withdrawal is terminal. What is said at once, for the same instant, counts in
 * its strictest reading.
 */
export function statusAt(history: readonly KnownEvent[], at: Date): Status {
  const told = history.filter(({ effectiveFrom }) => effectiveFrom <= seconds(at))
  if (told.some(({ status }) => status === 'withdrawn')) return 'withdrawn'
  const [byEffect] = told.toSorted(
    (a, b) =>
      b.effectiveFrom - a.effectiveFrom || b.position - a.position || stricter(b.status, a.status),
  )
  const [byKnowledge] = told.toSorted(
    (a, b) =>
      b.position - a.position || b.effectiveFrom - a.effectiveFrom || stricter(b.status, a.status),
  )
  const decisive = byEffect?.status === 'granted' ? byKnowledge : byEffect
  return decisive?.status ?? 'pending'
}

/** Status first, then the window. */
export function standingAt(window: Window, history: readonly KnownEvent[], at: Date): Standing {
  const status = statusAt(history, at)
  return status === 'granted' ? (outside(window, at) ?? status) : status
}

/** On which side of a window an instant lies; half-open: good at `validFrom`, no longer at `validTo`. */
export function outside(
  { validFrom, validTo }: Window,
  at: Date,
): 'not_yet_valid' | 'expired' | undefined {
  if (seconds(at) < validFrom) return 'not_yet_valid'
  return validTo !== undefined && seconds(at) >= validTo ? 'expired' : undefined
}
