import type { Country, Entity, PermittedClaims, Purpose } from '../trust/facts.ts'
import type { Snapshot } from '../trust/snapshot.ts'

/** What the registry lets a relying party ask for, and on what terms. */
export type RegisteredPurpose = {
  purpose: Purpose
  claims: readonly PermittedClaims[]
  /** On which data may cross the border for it, by the recognitions in force. */
  transferBases: string[]
}

/** The purposes that a relying party is registered for at an instant. */
export function registeredPurposes(
  { id, country }: Entity,
  snapshot: Snapshot,
  at: Date,
): RegisteredPurpose[] {
  return snapshot.purposes(at).flatMap((purpose) => {
    const claims = snapshot.permitted(id, purpose.code, at)
    if (!claims) return []
    return { purpose, claims, transferBases: transferBases(country, purpose.code, snapshot, at) }
  })
}

function transferBases(recogniser: Country, purpose: string, snapshot: Snapshot, at: Date) {
  const bases = snapshot
    .recognitionsAt(at)
    .filter(({ fact, standing }) => standing === 'granted' && fact.recogniser === recogniser)
    .filter(({ fact }) => fact.purposes.includes(purpose))
    .flatMap(({ fact }) => fact.transferBases)
  return [...new Set(bases)].sort()
}
