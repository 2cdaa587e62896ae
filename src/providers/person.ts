import { daysIn, isDay } from './calendar.ts'

type NameClaim =
  | 'name'
  | 'given_name'
  | 'family_name'
  | 'middle_name'
  | 'patronymic'
  | 'name_suffix'
  | 'title'
  | 'also_known_as'

/**
 * What a state's provider tells of a person, in the claim names of the common person data.
 *
 * `name` alone is mandatory: half of the states have no family name to give, and a name that its
 * issuer did not split is never split here. Another form of a name, as printed by the issuer and
 * never transliterated by us, stands beside it under `name#{BCP 47}`, for example `name#th-Latn`
 * (OpenID Connect Core 1.0 5.2). All text is NFC. Who issues, when and how sure it is, is not the
 * person's: the issuer adds it.
 */
export type PersonData = {
  name: string
  given_name?: string
  family_name?: string
  middle_name?: string
  /** `bin Ali`, `S/O Kumaran`: not a family name. */
  patronymic?: string
  name_suffix?: string
  title?: string
  also_known_as?: string
  name_order: 'given-first' | 'family-first' | 'mononym' | 'patronymic' | 'unknown'
  /** `YYYY-MM-DD`, or `YYYY-MM` or `YYYY` where no more is known. */
  birthdate: string
  birthdate_precision: BirthdatePrecision
  place_of_birth?: PlaceOfBirth
  /** ISO 3166-1 alpha-2, `QS` stateless, `QU` unknown. */
  nationalities: string[]
  residence_status?: 'citizen' | 'permanent' | 'temporary' | 'stateless' | 'refugee'
  /** ISO/IEC 5218: 0 not known, 1 male, 2 female, 9 not applicable. */
  sex?: 0 | 1 | 2 | 9
  address?: Address
  document_type?: 'identity_card' | 'residence_card'
  /** The number of the card, which changes with the card; not the number of the person. */
  document_number?: string
} & { [form in `${NameClaim}#${string}`]?: string }

export type BirthdatePrecision = 'day' | 'month' | 'year'

export type PlaceOfBirth = { country: string; region?: string; locality?: string }

/** Structured parts only where the issuer has them; `admin_area_1` is the largest. */
export type Address = {
  formatted: string
  country: string
  street_address?: string
  postal_code?: string
  admin_area_1?: string
  admin_area_2?: string
  admin_area_3?: string
  admin_area_4?: string
}

/** A birth date with the precision that its shape tells. Throws for what is no date: our own bug. */
export function born(birthdate: string): Pick<PersonData, 'birthdate' | 'birthdate_precision'> {
  const precisions = new Map<number, BirthdatePrecision>([
    [4, 'year'],
    [7, 'month'],
    [10, 'day'],
  ])
  const birthdate_precision = precisions.get(birthdate.length)
  if (!birthdate_precision || !possibleBirths(birthdate)) throw new Error('Not a birth date')
  return { birthdate, birthdate_precision }
}

/**
 * Whether someone has reached an age: an answer only if every possible birth date agrees on it,
 * `undefined` (cannot be proved) otherwise and for what is no date.
 *
 * Who was born on 29 February completes a year on 1 March of common years. The day is that of
 * UTC, and all our states lie east of it: nobody is over an age here before being so at home.
 */
export function ageOver(birthdate: string, threshold: number, at: Date): boolean | undefined {
  const births = possibleBirths(birthdate)
  if (!births) return undefined
  const today = at.toISOString().slice(0, 10)
  // Compared as text, 29 February of a common year falls after the 28th and before 1 March.
  const reached = (birth: string) =>
    `${Number(birth.slice(0, 4)) + threshold}${birth.slice(4)}` <= today
  if (reached(births.latest)) return true
  return reached(births.earliest) ? undefined : false
}

/** The first and the last day that a possibly partial date may mean. */
function possibleBirths(birthdate: string): { earliest: string; latest: string } | undefined {
  const [, year, month, day] = /^([12]\d{3})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(birthdate) ?? []
  if (year === undefined) return undefined
  const lastMonth = month ?? '12'
  const lastDay = day ?? String(daysIn(Number(year), Number(lastMonth)))
  if (!isDay(Number(year), Number(lastMonth), Number(lastDay))) return undefined
  return {
    earliest: `${year}-${month ?? '01'}-${day ?? '01'}`,
    latest: `${year}-${lastMonth}-${lastDay}`,
  }
}
