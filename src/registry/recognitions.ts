import type { KnownFact, Recognition } from '../trust/facts.ts'
import { compileSnapshot, type Snapshot, type Standings } from '../trust/snapshot.ts'

type Held = { snapshot: Snapshot; facts: readonly KnownFact[] }

export type RecognitionView = {
  at: Date
  /** The position up to which the ledger was read. */
  known: number
  recognitions: readonly Standings<Recognition>[]
  /** By recogniser, then recognised: the ids of the recognitions in force. Every ordered pair is there. */
  matrix: Readonly<Record<string, Record<string, string[]>>>
}

/**
 * Who recognised whom at an instant, as it was known at a ledger position.
 *
 * Two times, because a later entry may tell of an earlier instant: with the position of the day, the
 * answer is the one that was given that day. Only for another position than that of the snapshot at
 * hand are facts compiled.
 */
export function recognitionsAsOf(
  held: Held,
  { at, known }: { at: Date; known: number },
): RecognitionView {
  const snapshot = snapshotAt(held, known)
  const recognitions = snapshot.recognitionsAt(at)
  const inForce = recognitions.filter(({ standing }) => standing === 'granted')
  const idsOf = (recogniser: string, recognised: string) =>
    inForce
      .filter(({ fact }) => fact.recogniser === recogniser && fact.recognised === recognised)
      .map(({ fact }) => fact.id)
  const row = (recogniser: string) =>
    Object.fromEntries(
      snapshot.countries
        .filter((country) => country !== recogniser)
        .map((country) => [country, idsOf(recogniser, country)]),
    )
  const matrix = Object.fromEntries(snapshot.countries.map((each) => [each, row(each)]))
  return { at, known, recognitions, matrix }
}

const snapshotAt = ({ snapshot, facts }: Held, known: number) =>
  known === snapshot.position ? snapshot : compileSnapshot(facts.filter(concernsRecognition), known)

const concernsRecognition = (fact: KnownFact) =>
  fact.type === 'jurisdiction' ||
  fact.type === 'recognition' ||
  (fact.type === 'status' && fact.target.type === 'recognition')
