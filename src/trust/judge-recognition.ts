import { type Finding, fail, pass, skip } from '../result.ts'
import type { Country, LevelPair, Purpose, Recognition } from './facts.ts'
import { type Caps, countsAs, pairFor, sufficientFirst } from './level-map.ts'
import type { TrustQuestion } from './question.ts'
import type { Snapshot, Standings } from './snapshot.ts'
import { words } from './standing.ts'

export type Recognised = {
  finding: Finding<'trust.recognition'>
  recognition?: Recognition | null
  purpose?: Purpose
  /** What the level statements of the issuer's state count as here. */
  levels?: readonly LevelPair[]
  /** A recognition may cap them. */
  caps?: Caps
}

/** Whether the relying party's state recognises those of `country` for this type and purpose. */
export function judgeRecognition(
  { at, relyingParty, purpose: code, credentialType, national }: TrustQuestion,
  country: Country | undefined,
  snapshot: Snapshot,
): Recognised {
  const check = 'trust.recognition'
  if (!country) return { finding: skip(check, 'Not judged: the state of the issuer is not known.') }
  const recogniser = snapshot.relyingParty(relyingParty, at)?.country
  const purpose = snapshot.purpose(code, at)
  if (!recogniser || !purpose) {
    const unknown = recogniser ? 'purpose' : 'relying party'
    const detail = `The ${unknown} is not in the registry, or not at that time. Register it first.`
    return { finding: fail(check, detail) }
  }
  if (recogniser === country) {
    const detail = `At home: ${country} needs no recognition of its own credentials.`
    const levels = snapshot.country(country, at)?.levels ?? []
    return { purpose, levels, recognition: null, finding: skip(check, detail) }
  }
  const no = (detail: string) =>
    fail(check, `${detail} Only ${recogniser} and ${country} can agree on it.`)
  const onFile = snapshot.recognitions(recogniser, country, at)
  if (onFile.length === 0) {
    return { purpose, finding: no(`${recogniser} does not recognise credentials of ${country}.`) }
  }
  const but = `${recogniser} recognises credentials of ${country}, but not`
  const byType = onFile.filter(({ fact }) => fact.credentialTypes.includes(credentialType))
  if (byType.length === 0) return { purpose, finding: no(`${but} of this type.`) }
  const byPurpose = byType.filter(({ fact }) => fact.purposes.includes(code))
  const nearest = nearestOf(byPurpose, national, purpose)
  if (!nearest) return { purpose, finding: no(`${but} of this type for ${code}.`) }
  const { fact, standing } = nearest
  const known = { purpose, levels: fact.levels, caps: fact }
  const named = `Recognition ${fact.id} of ${country} by ${recogniser}`
  if (standing !== 'granted') return { ...known, finding: no(`${named} is ${words(standing)}.`) }
  if (national !== undefined && !pairFor(national, fact.levels)) {
    return { ...known, finding: no(`${named} has no pair for this level statement.`) }
  }
  return { ...known, recognition: fact, finding: pass(check, `${named} is in force for ${code}.`) }
}

/**
 * The one that carries furthest: in force, with a pair for the statement, at levels that suffice. That
 * a second agreement says less takes nothing from the first.
 */
function nearestOf(
  covering: readonly Standings<Recognition>[],
  national: string | undefined,
  purpose: Purpose,
): Standings<Recognition> | undefined {
  const inForce = covering.filter(({ standing }) => standing === 'granted')
  const bySufficiency = sufficientFirst(purpose)
  const worth = ({ fact }: Standings<Recognition>) => countsAs(national, fact.levels, fact)
  const [best = covering[0]] = inForce.toSorted((a, b) => bySufficiency(worth(a), worth(b)))
  return best
}
