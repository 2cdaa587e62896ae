import { describe, expect, it } from 'vitest'
import { askedClaims, wantedClaims } from '../../src/presentation/asked-claims.ts'
import type { CredentialQuery } from '../../src/presentation/dcql.ts'
import { surplus } from '../../src/purposes/minimise.ts'
import type { ClaimPath, PermittedClaims } from '../../src/trust/facts.ts'

const pid = 'urn:gerbang:pid:1'
const doctype = 'org.gerbang.pid.1'
const permits = (...paths: ClaimPath[]): PermittedClaims[] => [{ credentialType: pid, paths }]
const mdoc = (...paths: ClaimPath[]): CredentialQuery => ({
  id: 'm',
  format: 'mso_mdoc',
  meta: { doctype_value: doctype },
  claims: paths.map((path) => ({ path })),
})
const sdJwtVc = (...paths: ClaimPath[]): CredentialQuery => ({
  id: 's',
  format: 'dc+sd-jwt',
  meta: { vct_values: [pid] },
  claims: paths.map((path) => ({ path })),
})
const beyond = (
  permitted: readonly PermittedClaims[],
  credentials: CredentialQuery[],
  parts: ClaimPath[] = [],
) => surplus(askedClaims({ query: { credentials }, parts }, permitted), permitted)

describe('what an mdoc is asked for', () => {
  it('is what an SD-JWT VC of the type is asked for', () => {
    const asked = askedClaims({ query: { credentials: [mdoc([doctype, 'name'])] } }, [])
    expect(asked).toEqual([
      { credentialType: pid, paths: [] },
      { credentialType: pid, paths: [['name']] },
    ])
    expect(beyond(permits(['name']), [mdoc([doctype, 'name'])])).toEqual([])
    expect(beyond(permits(['name']), [mdoc([doctype, 'sex'])])).toEqual(permits(['sex']))
  })

  it('counts together with what an SD-JWT VC is asked for, each claim once', () => {
    const one = [
      { ...permits(['a'], ['b'])[0], credentialType: pid, paths: [['a'], ['b']], atMost: 1 },
    ]
    expect(beyond(one, [sdJwtVc(['a']), mdoc([doctype, 'a'])])).toEqual([])
    expect(beyond(one, [sdJwtVc(['a']), mdoc([doctype, 'b'])])).toEqual(one)
  })

  it('is permitted where something in the element is', () => {
    expect(beyond(permits(['address', 'country']), [mdoc([doctype, 'address'])])).toEqual([])
    expect(beyond(permits(['address', 'country']), [sdJwtVc(['address'])])).toEqual(
      permits(['address']),
    )
  })

  it('is not permitted for what is permitted beside what is wanted of the element', () => {
    const parts = [[doctype, 'address', 'formatted']]
    expect(beyond(permits(['address', 'country']), [mdoc([doctype, 'address'])], parts)).toEqual(
      permits(['address', 'formatted']),
    )
    expect(beyond(permits(['address']), [mdoc([doctype, 'address'])], parts)).toEqual([])
  })

  it('is not what no purpose may permit, wherever it stands', () => {
    expect(beyond(permits(['race']), [mdoc([doctype, 'race'])])).toEqual(permits(['race']))
    const within = permits(['address', 'religion'])
    expect(beyond(within, [mdoc([doctype, 'address'])])).toEqual(permits(['address']))
  })

  it.each<[string, ClaimPath]>([
    ['another type', ['org.gerbang.age.1', 'name']],
    ['nobody', ['org.example', 'name']],
    ['the very name of a claim', ['name', 'religious_name']],
  ])('in a namespace of %s is no claim of the type', (_, path) => {
    expect(beyond(permits(['name']), [mdoc(path)])).toEqual([
      { credentialType: doctype, paths: [path] },
    ])
  })

  it('of a doctype that the registry knows by itself are its elements', () => {
    const mdl: CredentialQuery = {
      ...mdoc(['org.iso.18013.5.1', 'family_name']),
      meta: { doctype_value: 'org.iso.18013.5.1.mDL' },
    }
    const permitted = [
      { credentialType: 'org.iso.18013.5.1.mDL', paths: [['org.iso.18013.5.1', 'family_name']] },
    ]
    expect(beyond(permitted, [mdl])).toEqual([])
    expect(beyond([], [mdl])).toEqual(permitted)
  })
})

describe('what is wanted by one path', () => {
  const wanted = (path: ClaimPath, permitted: PermittedClaims[], parts: ClaimPath[] = []) =>
    wantedClaims('mso_mdoc', doctype, path, permitted, parts)
  const address = [doctype, 'address']

  it.each<[string, ClaimPath[], PermittedClaims[], ClaimPath[]]>([
    ['all of an element that is permitted', [address], permits(['address']), []],
    [
      'the parts that were asked for',
      [[...address, 'country']],
      permits(['address']),
      [
        [...address, 'country'],
        [doctype, 'place_of_birth', 'country'],
      ],
    ],
    [
      'the parts that are permitted, where not all of it is',
      [
        [...address, 'country'],
        [...address, 'locality'],
      ],
      permits(['address', 'country'], ['name'], ['address', 'locality'], ['address', 'race']),
      [],
    ],
    [
      'all of it, where nothing of it is permitted: that is too much',
      [address],
      permits(['name']),
      [],
    ],
  ])('%s', (_, paths, permitted, parts) => {
    expect(wanted(address, permitted, parts)).toEqual(paths)
  })

  it('of an SD-JWT VC is the claim itself', () => {
    const claims = wantedClaims('dc+sd-jwt', pid, ['address'], permits(['address', 'country']))
    expect(claims).toEqual([['address']])
  })
})
