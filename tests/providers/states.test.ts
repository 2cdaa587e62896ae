import { describe, expect, it } from 'vitest'
import { ageOver, born } from '../../src/providers/person.ts'
import type { Persona, StateProfile } from '../../src/providers/profile.ts'
import { states } from '../../src/providers/states.ts'

const unrated = ['bn', 'la', 'mm', 'tl']
const all = [...states]
const personas: [string, Persona, StateProfile][] = all.flatMap(([, state]) =>
  state.personas.map((persona): [string, Persona, StateProfile] => [persona.id, persona, state]),
)
const now = new Date('2026-07-01T00:00:00Z')

/** Every text in a value, however deep, and the names of object members. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...texts(member)])
}

it('has the eleven states of ASEAN, and Japan as a partner', () => {
  expect([...states.keys()].sort().join(' ')).toBe('bn id jp kh la mm my ph sg th tl vn')
  expect(all.filter(([, s]) => s.bloc === 'partner').map(([cc]) => cc)).toEqual(['jp'])
})

describe.each(all)('the profile of %s', (cc, state) => {
  it('is of that country, and has names and languages', () => {
    expect(state.country).toBe(cc.toUpperCase())
    expect(state.name.en).toBeTruthy()
    expect(Intl.getCanonicalLocales(state.languages)).toEqual(state.languages)
    expect(state.scheme.id).toMatch(new RegExp(`^${cc}-[a-z-]+$`))
  })

  it('says that it is a mock', () => {
    expect(state.scheme.note).toMatch(/mock/)
    expect(state.issuingAuthority).toMatch(/\(sandbox mock\)$/)
  })

  it('has one pair for each national statement, and none when unrated', () => {
    const statements = state.levels.map(({ national }) => national)
    expect(new Set(statements).size).toBe(statements.length)
    expect(statements.length === 0).toBe(unrated.includes(cc))
  })

  it('has rules of its own and that of the LEI', () => {
    const schemes = state.identifiers.map(({ scheme }) => scheme)
    expect(schemes.every((scheme) => scheme === 'lei' || scheme.startsWith(`${cc}-`))).toBe(true)
    expect(schemes).toContain('lei')
    expect(new Set(schemes).size).toBe(schemes.length)
  })

  it('has at least four natural persons', () => {
    expect(state.personas.filter(({ kind }) => kind === 'natural').length).toBeGreaterThan(3)
  })
})

it.each(['bn', 'id', 'kh', 'la', 'mm', 'my', 'ph', 'tl', 'vn'])(
  'calls the mock of %s illustrative, for its protocol or levels are unpublished',
  (cc) => expect(states.get(cc)?.scheme.note).toMatch(/illustrative/),
)

it.each([
  ['vn', 'level 2 / authentication 4', 'high', 'high'],
  ['vn', 'level 2 / authentication 3', 'substantial', 'substantial'],
  ['vn', 'level 1 / authentication 2', 'low', 'low'],
  ['vn', 'level 1 / authentication 1', 'low', 'low'],
  ['sg', 'urn:singpass:authentication:loa:1', 'substantial', 'low'],
  ['sg', 'urn:singpass:authentication:loa:3', 'substantial', 'substantial'],
  ['th', 'IAL2.2 / AAL1', 'low', 'low'],
  ['th', 'IAL2.3 / AAL2.2', 'substantial', 'substantial'],
  ['th', 'IAL3 / AAL3', 'high', 'high'],
  ['jp', 'JPKI signature certificate / card and PIN', 'high', 'high'],
  ['ph', 'National ID / signed QR offline', 'substantial', 'low'],
  ['kh', 'CamDigiKey / card scan and selfie', 'low', 'substantial'],
])('takes of %s %s as proofing %s, authn %s', (cc, national, proofing, authn) => {
  expect(states.get(cc)?.levels).toContainEqual({ national, proofing, authn })
})

it('gives every persona and every card a number of its own', () => {
  expect(new Set(personas.map(([id]) => id)).size).toBe(personas.length)
  const cards = personas.map(([, { person }]) => person.document_number)
  expect(new Set(cards).size).toBe(personas.length)
  const numbers = personas.flatMap(([, { identifiers }]) => identifiers.map((i) => i.value))
  expect(new Set(numbers).size).toBe(numbers.length)
})

describe.each(personas)('%s', (id, { identifiers, national, person }, state) => {
  const cc = state.country.toLowerCase()

  it('is named after its state', () => expect(id).toMatch(new RegExp(`^${cc}(-[a-z]+)+$`)))

  it('has identifiers that pass the rules of its state, normalised', () => {
    for (const { scheme, value } of identifiers) {
      const rule = state.identifiers.find((r) => r.scheme === scheme)
      expect(rule?.parse(value), scheme).toEqual({ ok: true, value })
    }
    expect(identifiers.length > 0).toBe(cc !== 'jp')
  })

  it('states a level that its state maps, unless the state is unrated', () => {
    const mapped = state.levels.some((pair) => pair.national === national)
    expect(mapped).toBe(!unrated.includes(cc))
  })

  it('has a birth date of the precision that its shape tells', () => {
    const { birthdate, birthdate_precision } = person
    expect(born(birthdate)).toEqual({ birthdate, birthdate_precision })
  })

  it('is written in NFC without invisible characters', () => {
    for (const text of texts(person)) {
      expect(text).toBe(text.normalize('NFC'))
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]|^\s|\s$/u)
    }
  })

  it("has the issuer's Latin form of a name in another script, unless the card has none", () => {
    const latin = Object.keys(person).some((claim) => /^name#[a-z]+-Latn$/.test(claim))
    const alreadyLatin = /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+$/u.test(
      person.name,
    )
    const japanese = person.nationalities.includes('JP')
    expect(latin).toBe(!alreadyLatin && !japanese)
  })

  it('names countries by two capitals, and its own address', () => {
    const countries = [...person.nationalities, person.place_of_birth?.country ?? state.country]
    for (const country of countries) expect(country).toMatch(/^[A-Z]{2}$/)
    expect(person.nationalities.length).toBeGreaterThan(0)
    expect(person.address).toMatchObject({ country: state.country, formatted: expect.any(String) })
  })

  it('is a citizen exactly if of the nationality of its state', () => {
    expect(person.residence_status === 'citizen').toBe(person.nationalities.includes(state.country))
    expect(person.residence_status === 'stateless').toBe(person.nationalities.includes('QS'))
  })

  it('carries a card whose number is no number of a person', () => {
    expect(person.document_type).toBeTruthy()
    expect(person.document_number).toMatch(new RegExp(`^${state.country}T\\d{6}$`))
  })

  it('has a family name only where the issuer has split one off', () => {
    if (person.name_order === 'mononym') expect(person.given_name).toBe(person.name)
    if (person.name_order === 'mononym') expect(person.family_name).toBeUndefined()
    for (const part of [person.given_name, person.family_name, person.patronymic]) {
      if (part !== undefined) expect(person.name).toContain(part)
    }
  })
})

it('knows Nguyễn Thị An', () => {
  const an = states.get('vn')?.personas.find(({ id }) => id === 'vn-nguyen-thi-an')
  expect(an).toMatchObject({
    national: 'level 2 / authentication 4',
    person: { name: 'Nguyễn Thị An', name_order: 'family-first' },
  })
})

it('knows no My Number, wherever it might hide', () => {
  const myNumber = states.get('jp')?.identifiers.find(({ scheme }) => scheme === 'jp-my-number')
  const found = texts(states.get('jp')?.personas).filter((text) => myNumber?.parse(text).ok)
  expect(myNumber).toBeDefined()
  expect(found).toEqual([])
})

describe('among the personas', () => {
  const some = (test: (persona: Persona) => boolean) => personas.filter(([, p]) => test(p)).length

  it.each([18, 20, 21])('some are over %i and some are not', (age) => {
    for (const answer of [true, false]) {
      expect(some(({ person }) => ageOver(person.birthdate, age, now) === answer)).toBeGreaterThan(
        1,
      )
    }
  })

  it('one can prove neither that she is over 18 nor that she is not', () => {
    expect(some(({ person }) => ageOver(person.birthdate, 18, now) === undefined)).toBe(1)
  })

  it('some are over 18 and not over 20', () => {
    expect(
      some(
        ({ person: { birthdate } }) =>
          ageOver(birthdate, 18, now) === true && ageOver(birthdate, 20, now) === false,
      ),
    ).toBeGreaterThan(1)
  })

  it.each(['year', 'month', 'day'])('some have a birth date precise to the %s', (precision) => {
    expect(some(({ person }) => person.birthdate_precision === precision)).toBeGreaterThan(1)
  })

  it.each(['given-first', 'family-first', 'mononym', 'patronymic', 'unknown'])(
    'some names are %s',
    (order) => expect(some(({ person }) => person.name_order === order)).toBeGreaterThan(1),
  )

  it('one is stateless', () => {
    expect(some(({ person }) => person.nationalities.includes('QS'))).toBe(1)
  })
})
