import { type Assurance, type Level, least, levels, meets } from './assurance.ts'
import type { LevelPair, Purpose } from './facts.ts'

/** What a recognition, or an authorization, lets a credential count as at most. */
export type Caps = { maxProofing?: Level; maxAuthn?: Level }

/** The levels that a purpose asks for. */
export type Demand = Pick<Purpose, 'minProofing' | 'minAuthn'>

/** Explicit pairs only: what is not in the map is not near to anything. */
export const pairFor = (national: string | undefined, pairs: readonly LevelPair[] | undefined) =>
  pairs?.find((pair) => pair.national === national)

/** What a national statement counts as: its pair in the map, under every cap. */
export function countsAs(
  national: string | undefined,
  pairs: readonly LevelPair[] | undefined,
  ...caps: readonly (Caps | undefined)[]
): Assurance {
  const { proofing, authn } = pairFor(national, pairs) ?? unrated
  return {
    proofing: least(proofing, ...caps.map((cap) => cap?.maxProofing)),
    authn: least(authn, ...caps.map((cap) => cap?.maxAuthn)),
  }
}

const unrated: Assurance = { proofing: 'unrated', authn: 'unrated' }

/** Orders for a demand: what meets it in both dimensions comes first, then what is higher. */
export function sufficientFirst({ minProofing, minAuthn }: Demand) {
  const isEnough = ({ proofing, authn }: Assurance) =>
    meets(proofing, minProofing) && meets(authn, minAuthn)
  return (a: Assurance, b: Assurance): number =>
    Number(isEnough(b)) - Number(isEnough(a)) ||
    height(b.proofing) - height(a.proofing) ||
    height(b.authn) - height(a.authn)
}

const height = (level: Level | 'unrated') => (level === 'unrated' ? -1 : levels.indexOf(level))
