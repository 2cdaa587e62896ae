import { type Finding, fail, pass, skip } from '../result.ts'
import type { Country, LevelPair, Purpose, Recognition } from './facts.ts'
import type { TrustQuestion } from './question.ts'
import type { Snapshot } from './snapshot.ts'
import { words } from './standing.ts'

export type Recognised = {
  finding: Finding<'trust.recognition'>
  recognition?: Recognition | null
  purpose?: Purpose
  /** What the level statements of the issuer's state count as here. */
  levels?: readonly LevelPair[]
  /** A recognition may cap them. */
  caps?: Pick<Recognition, 'maxProofing' | 'maxAuthn'>
}

/** Whether the relying party's state recognises those of `country` for this type and purpose. */
export function judgeRecognition(
  { at, relyingParty, purpose: code, credentialType, national }: TrustQuestion,
  country: Country | undefined,
  snapshot: Snapshot,
): Recognised {
  const check = 'trust.recognition'
  if (!country) return { finding: skip(check, 'Not judged: the state of the issuer is not known.') }
  const recogniser = snapshot.relyingParty(relyingParty)?.country
  const purpose = snapshot.purpose(code)
  if (!recogniser || !purpose) {
    const unknown = recogniser ? 'purpose' : 'relying party'
    return { finding: fail(check, `The ${unknown} is not in the registry. Register it first.`) }
  }
  if (recogniser === country) {
    const detail = `At home: ${country} needs no recognition of its own credentials.`
    const levels = snapshot.country(country)?.levels ?? []
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
  const nearest = byType.find(({ fact }) => fact.purposes.includes(code))
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

/** Explicit pairs only: what is not in the map is not near to anything. */
export const pairFor = (national: string | undefined, pairs: readonly LevelPair[] | undefined) =>
  pairs?.find((pair) => pair.national === national)
