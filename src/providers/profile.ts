import type { Result } from '../result.ts'
import type { Country, LevelPair, LocalizedName } from '../trust/facts.ts'
import type { PersonData } from './person.ts'

/**
 * What the gateway knows of one state's identity scheme. A mock of it: formats are the real ones
 * where a state publishes them, and what is invented says so in a `note`.
 */
export type StateProfile = {
  country: Country
  bloc: 'ASEAN' | 'partner'
  name: LocalizedName
  /** BCP 47, the state's own first. */
  languages: string[]
  scheme: { id: string; name: string; note: string }
  issuingAuthority: string
  /**
   * What the scheme states about a login, and what it counts as: illustrative, agreed by nobody.
   * Where the sources give a range, the lower end stands here. Empty: unrated.
   */
  levels: LevelPair[]
  identifiers: IdentifierRule[]
  personas: Persona[]
}

/** One kind of national number: how it is written and what must hold of it. */
export type IdentifierRule = {
  /** `{cc}-{name}`, or the bare name of a number that belongs to no state. */
  scheme: string
  label: string
  /** False: no credential or answer may ever carry it, whatever the purpose. */
  crossesBorders: boolean
  note?: string
  /** The number without its separators, or one sentence that names the rule it breaks. */
  parse(value: string): Result<string, string>
}

/** A synthetic person whom the state's mock provider can log in. */
export type Persona = {
  /** `{cc}-{name}`, for example `vn-nguyen-thi-an`. */
  id: string
  kind: 'natural' | 'representative' | 'legal'
  /** Already normalised: `parse` answers each value with itself. */
  identifiers: { scheme: string; value: string }[]
  /** The level statement of her logins, in the scheme's own words; absent where it makes none. */
  national?: string
  person: PersonData
}
