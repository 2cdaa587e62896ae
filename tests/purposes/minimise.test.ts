import { describe, expect, it } from 'vitest'
import { isDenied, surplus } from '../../src/purposes/minimise.ts'
import { purposeProfiles } from '../../src/purposes/profiles.ts'
import type { ClaimPath } from '../../src/trust/facts.ts'

const pid = (...paths: ClaimPath[]) => ({ credentialType: 'urn:gerbang:pid:1', paths })
const age = (...paths: ClaimPath[]) => ({ credentialType: 'urn:gerbang:age:1', paths })
const permitted = [pid(['name'], ['address'], ['nationalities', null])]

describe('surplus', () => {
  it('is empty for what is permitted, exactly or below it', () => {
    expect(
      surplus([pid(['name'], ['address', 'country'], ['nationalities', 0])], permitted),
    ).toEqual([])
    expect(surplus([], permitted)).toEqual([])
  })

  it('names just what goes beyond', () => {
    expect(surplus([pid(['name'], ['sex'], ['birthdate'])], permitted)).toEqual([
      pid(['sex'], ['birthdate']),
    ])
  })

  it('counts a credential type that is not permitted, even when nothing of it is asked for', () => {
    expect(surplus([age()], permitted)).toEqual([age()])
    expect(surplus([age(['age_over_18'])], permitted)).toEqual([age(['age_over_18'])])
  })

  it.each<ClaimPath>([['religion'], ['person', 'race'], ['blood_type'], ['marital_status#id']])(
    'counts %j.%j even where it was permitted',
    (...path) => {
      expect(surplus([pid(path)], [pid(path)])).toEqual([pid(path)])
    },
  )

  it('permits nothing where nothing is permitted', () => {
    expect(surplus([pid(['name'])], [])).toEqual([pid(['name'])])
  })
})

describe('at most so many together', () => {
  const ages: ClaimPath[] = [['age_over_18'], ['age_over_20'], ['age_over_21']]
  const one = { ...age(...ages), atMost: 1 }

  it('any one of them alone', () => {
    for (const path of ages) expect(surplus([age(path)], [one])).toEqual([])
    expect(surplus([age()], [one])).toEqual([])
  })

  it('two are named with the number that they exceed', () => {
    const two = age(['age_over_18'], ['age_over_21'])
    expect(surplus([two], [one])).toEqual([{ ...two, atMost: 1 }])
  })

  it('two in two parts of a request are two all the same, one twice is one', () => {
    const parts = [age(['age_over_18']), age(['age_over_21'])]
    expect(surplus(parts, [one])).toEqual([{ ...age(['age_over_18'], ['age_over_21']), atMost: 1 }])
    expect(surplus([age(['age_over_18']), age(['age_over_18'])], [one])).toEqual([])
  })

  it('what is permitted without a limit is not counted', () => {
    const two = age(['age_over_18'], ['age_over_21'])
    expect(surplus([two], [one, age(['age_over_18'])])).toEqual([])
    expect(surplus([age(...ages)], [one, age(['age_over_18'])])).toEqual([
      { ...age(['age_over_20'], ['age_over_21']), atMost: 1 },
    ])
  })

  it('what goes beyond is named beside it', () => {
    const asked = age(['age_over_18'], ['age_over_21'], ['birthdate'])
    expect(surplus([asked], [one])).toEqual([
      age(['birthdate']),
      { ...age(['age_over_18'], ['age_over_21']), atMost: 1 },
    ])
  })
})

describe('the purposes', () => {
  it('ask for nothing that is denied, and never for a national number', () => {
    const paths = purposeProfiles.flatMap(({ claims }) => claims.flatMap((each) => each.paths))
    expect(paths.filter(isDenied)).toEqual([])
    expect(paths.flat()).not.toContain('personal_administrative_number')
  })

  it.each([
    ['bank-kyc', 'substantial', 'substantial'],
    ['sim-registration', 'substantial', 'low'],
    ['age-check', 'low', 'low'],
    ['e-signature', 'high', 'high'],
    ['qr-payment-consent', undefined, 'substantial'],
  ])('%s asks for %s and %s', (code, minProofing, minAuthn) => {
    const purpose = purposeProfiles.find((each) => each.code === code)
    expect([purpose?.minProofing, purpose?.minAuthn]).toEqual([minProofing, minAuthn])
  })

  it('an age check shows one age and nothing that links', () => {
    const purpose = purposeProfiles.find(({ code }) => code === 'age-check')
    expect(purpose?.claims).toEqual([
      { ...age(['age_over_18'], ['age_over_20'], ['age_over_21']), atMost: 1 },
    ])
  })
})
