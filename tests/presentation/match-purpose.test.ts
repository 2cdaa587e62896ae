import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { matchPurpose } from '../../src/presentation/match-purpose.ts'
import type { PermittedClaims } from '../../src/trust/facts.ts'

const claims = {
  name: 'An',
  religion: 'none of our business',
  address: { country: 'VN' },
  age_over_16: null,
  age_over_18: true,
  age_over_20: true,
}
const permits = (...paths: string[][]): PermittedClaims => ({ credentialType: 'pid', paths })
const released = (...permitted: PermittedClaims[]) =>
  matchPurpose(permitted, { format: 'dc+sd-jwt', type: 'pid', claims }).paths.map((path) =>
    path.join('.'),
  )

describe('without a query a purpose releases', () => {
  it.each<[string, PermittedClaims[], string[]]>([
    ['what it permits and is there', [permits(['name'], ['birthdate'])], ['name']],
    [
      'of an object only the members it permits',
      [permits(['address', 'country'])],
      ['address.country'],
    ],
    ['nothing of another type', [{ ...permits(['name']), credentialType: 'age' }], []],
    ['nothing that no purpose may permit', [permits(['religion'], ['name'])], ['name']],
    [
      'of claims that it permits one by one the first that says something',
      [
        {
          ...permits(['age_over_15'], ['age_over_16'], ['age_over_18'], ['age_over_20']),
          atMost: 1,
        },
        permits(['name']),
      ],
      ['age_over_18', 'name'],
    ],
    [
      'no more than any of its limits allows, where a claim falls under two',
      [
        { ...permits(['age_over_18'], ['name']), atMost: 1 },
        { ...permits(['age_over_20'], ['age_over_18']), atMost: 1 },
      ],
      ['age_over_18'],
    ],
    [
      'what one limit leaves out and no other counts',
      [{ ...permits(['age_over_18'], ['age_over_20']), atMost: 1 }, permits(['age_over_20'])],
      ['age_over_18', 'age_over_20'],
    ],
    ['nothing where it permits nothing', [], []],
  ])('%s', (_, permitted, paths) => {
    expect(released(...permitted)).toEqual(paths)
  })

  it('and says that nothing was held to a query', () => {
    const { findings } = matchPurpose([], { format: 'dc+sd-jwt', type: 'pid', claims })
    expect(findings.map(({ outcome }) => outcome)).toEqual(['skip', 'skip', 'skip', 'skip'])
  })

  it('of an mdoc the elements, in the namespace of its type alone', () => {
    const doctype = 'org.gerbang.pid.1'
    const permitted = [
      { credentialType: 'urn:gerbang:pid:1', paths: [['name'], ['address', 'country'], ['race']] },
    ]
    const elements = { name: 'An', address: { country: 'VN', formatted: 'Huế' }, race: 'none' }
    const of = (claims: JsonObject, type = doctype) =>
      matchPurpose(permitted, { format: 'mso_mdoc', type, claims }).paths
    expect(of({ [doctype]: elements })).toEqual([
      [doctype, 'name'],
      [doctype, 'address', 'country'],
    ])
    expect(of({ 'org.other': elements })).toEqual([])
    expect(of({ [doctype]: elements }, 'org.other')).toEqual([])
  })
})
