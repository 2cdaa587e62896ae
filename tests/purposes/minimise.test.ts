import { describe, expect, it } from 'vitest'
import { isDenied, least, surplus } from '../../src/purposes/minimise.ts'
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

describe('least', () => {
  it('is what both permit, without what is denied to all', () => {
    const wide = [pid(['name'], ['address'], ['religion'])]
    expect(least(wide, [pid(['address', 'country'], ['religion'])])).toEqual([
      pid(['address', 'country']),
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

  it('an age check shows an age and nothing that links', () => {
    const purpose = purposeProfiles.find(({ code }) => code === 'age-check')
    expect(purpose?.claims).toEqual([age(['age_over_18'], ['age_over_20'], ['age_over_21'])])
  })
})
