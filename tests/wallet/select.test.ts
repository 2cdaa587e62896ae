import { describe, expect, it } from 'vitest'
import { authorityKeyIds } from '../../src/credential/x509.ts'
import { readDcqlQuery } from '../../src/wallet/dcql.ts'
import { disclosuresOf, readHeldSdJwt } from '../../src/wallet/held-sd-jwt.ts'
import { type Selection, select } from '../../src/wallet/select.ts'
import { hasVectors, jsonVector } from '../support/vectors.ts'
import { disclosedIn, hidden, holding, identityType, signer } from './parties.ts'

const claims = {
  given_name: hidden('An'),
  family_name: hidden('Nguyen'),
  postal_code: hidden('90210'),
  age: hidden(34),
  address: hidden({
    street_address: hidden('1 Trang Tien'),
    country: hidden('VN'),
    geo: hidden({ lat: hidden(21.0), long: hidden(105.8) }),
  }),
  nationalities: hidden([hidden('VN'), hidden('SG')]),
  degrees: [hidden({ type: 'BSc' }), hidden({ type: 'MSc' })],
  env: 'sandbox',
}

const query = (credential: object) =>
  readDcqlQuery({
    credentials: [
      { id: 'q', format: 'dc+sd-jwt', meta: { vct_values: [identityType] }, ...credential },
    ],
  })

async function disclosed({ credential, claims }: Selection): Promise<string[]> {
  if (credential.format !== 'dc+sd-jwt') throw new Error('not an SD-JWT VC')
  return disclosuresOf((await readHeldSdJwt(credential)).disclosures, claims)
}

/** What is disclosed for a query, without salts: `[name, value]` or `[element]`, values shortened. */
async function shown(credential: object) {
  const selections = await select(query(credential), [await holding(claims)])
  const [selection] = selections ?? []
  return (
    selection &&
    disclosedIn(['', ...(await disclosed(selection)), ''].join('~')).map(([name, value]) =>
      value === undefined ? `[${typeof name === 'object' ? name.type : name}]` : name,
    )
  )
}

describe('select discloses', () => {
  it.each<[string, object, string[] | undefined]>([
    ['nothing when no claims are asked for', {}, []],
    ['nothing for a claim that is always visible', { claims: [{ path: ['env'] }] }, []],
    ['one claim', { claims: [{ path: ['given_name'] }] }, ['given_name']],
    [
      'a claim inside another, with its parents and not its siblings',
      { claims: [{ path: ['address', 'geo', 'lat'] }] },
      ['lat', 'geo', 'address'],
    ],
    [
      'an object with all that is inside it',
      { claims: [{ path: ['address', 'geo'] }] },
      ['lat', 'long', 'geo', 'address'],
    ],
    [
      'every element of an array for null',
      { claims: [{ path: ['nationalities', null] }] },
      ['[VN]', '[SG]', 'nationalities'],
    ],
    [
      'one element of an array by its position',
      { claims: [{ path: ['nationalities', 1] }] },
      ['[SG]', 'nationalities'],
    ],
    ['members of elements', { claims: [{ path: ['degrees', null, 'type'] }] }, ['[BSc]', '[MSc]']],
    [
      'only the elements that have an asked value',
      { claims: [{ path: ['nationalities', null], values: ['SG', 'MY'] }] },
      ['[SG]', 'nationalities'],
    ],
    [
      'a parent once, though two claims need it',
      { claims: [{ path: ['address', 'country'] }, { path: ['address', 'street_address'] }] },
      ['street_address', 'country', 'address'],
    ],
    [
      'the first claim set that can be had in whole',
      {
        claims: [
          { id: 'a', path: ['no_such'] },
          { id: 'b', path: ['age'] },
          { id: 'c', path: ['given_name'] },
        ],
        claim_sets: [['a', 'b'], ['b'], ['c']],
      },
      ['age'],
    ],
    ['no credential without the claim', { claims: [{ path: ['no_such'] }] }, undefined],
    [
      'no credential with one of two claims',
      { claims: [{ path: ['age'] }, { path: ['x'] }] },
      undefined,
    ],
    ['no credential with another value', { claims: [{ path: ['age'], values: [35] }] }, undefined],
    [
      'no credential for a value of another type',
      { claims: [{ path: ['age'], values: ['34'] }] },
      undefined,
    ],
    [
      'no credential by a name in an array',
      { claims: [{ path: ['nationalities', 'x'] }] },
      undefined,
    ],
    ['no credential by a position in an object', { claims: [{ path: ['address', 0] }] }, undefined],
    [
      'no credential past the end of an array',
      { claims: [{ path: ['nationalities', 2] }] },
      undefined,
    ],
    ['no credential by an inherited name', { claims: [{ path: ['constructor'] }] }, undefined],
    ['no credential of another type', { meta: { vct_values: ['urn:other'] } }, undefined],
    [
      'no credential in another format',
      { format: 'mso_mdoc', meta: { doctype_value: identityType } },
      undefined,
    ],
  ])('%s', async (_, credential, expected) => {
    expect(await shown(credential)).toEqual(expected)
  })
})

describe('select chooses', () => {
  const ids = async (value: unknown, types: string[], options?: { optional: boolean }) => {
    const held = await Promise.all(
      types.map((vct) =>
        holding(
          {
            ...{ given_name: 'An', family_name: 'Nguyen', postal_code: '1', locality: 'Ha Noi' },
            ...{ region: 'HN', rewards_number: 7, address: { street_address: '1 Trang Tien' } },
          },
          { vct },
        ),
      ),
    )
    return (await select(readDcqlQuery(value), held, options))?.map(({ queryId }) => queryId)
  }
  const reduced = 'https://credentials.example.com/reduced_identity_credential'
  const residence = 'https://cred.example/residence_credential'
  const rewards = 'https://company.example/company_rewards'

  describe.skipIf(!hasVectors)('for the alternatives in the text of OpenID4VP', () => {
    const file = 'openid4vp/dcql/credentials_alternatives.json'
    it.each<[string, string[], string[] | undefined]>([
      ['the first option it can satisfy', [reduced, residence, identityType], ['pid']],
      [
        'an option of two credentials',
        [residence, reduced],
        ['pid_reduced_cred_1', 'pid_reduced_cred_2'],
      ],
      ['nothing with half an option', [reduced], undefined],
      ['nothing with the optional one alone', [rewards], undefined],
      ['not the optional one unless told', [identityType, rewards], ['pid']],
    ])('%s', async (_, types, expected) => {
      expect(await ids(jsonVector(file), types)).toEqual(expected)
    })

    it('the optional one when told', async () => {
      const chosen = await ids(jsonVector(file), [identityType, rewards], { optional: true })
      expect(chosen).toEqual(['pid', 'nice_to_have'])
    })

    it('no mdoc, which this wallet cannot hold', async () => {
      expect(await ids(jsonVector('openid4vp/dcql/complex_mdoc.json'), [identityType])).toBe(
        undefined,
      )
    })

    it('by value, all four claims of the example', async () => {
      const example = jsonVector('openid4vp/dcql/value_matching_simple.json')
      expect(await ids(example, [identityType])).toBe(undefined)
      const doe = await holding({
        ...{ family_name: 'Doe', given_name: 'Jo', postal_code: '90211' },
        address: { street_address: '1 Main St' },
      })
      expect(await select(readDcqlQuery(example), [doe])).toHaveLength(1)
    })

    it('the second claim set of the example when there is no locality', async () => {
      const example = readDcqlQuery(jsonVector('openid4vp/dcql/claims_alternatives.json'))
      const held = await holding({
        ...{ family_name: hidden('Doe'), postal_code: hidden('90210') },
        ...{ date_of_birth: hidden('1990-01-01'), region: hidden('CA') },
      })
      const [selection] = (await select(example, [held])) ?? []
      expect(selection?.paths).toEqual([['family_name'], ['postal_code'], ['date_of_birth']])
    })
  })

  it('the newest of several credentials that fit', async () => {
    const [older, newer] = [await holding({ age: 1 }), await holding({ age: 2 })]
    const [selection] = (await select(query({}), [older, newer])) ?? []
    expect(selection?.credential).toBe(newer)
  })

  it('a credential of the trusted authority, though a newer one is of another', async () => {
    const [vn, th] = [await holding({}), await holding({}, { by: 'credential:th' })]
    const values = authorityKeyIds(signer('credential:vn').x5c)
    expect(values).not.toHaveLength(0)
    const trusting = (type: string) => query({ trusted_authorities: [{ type, values }] })
    const [selection] = (await select(trusting('aki'), [vn, th])) ?? []
    expect(selection?.credential).toBe(vn)
    expect(await select(trusting('aki'), [th])).toBe(undefined)
    expect(await select(trusting('etsi_tl'), [vn])).toBe(undefined)
  })
})

describe('a DCQL query is refused', () => {
  const credential = { id: 'q', format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } }
  it.each<[string, object, RegExp]>([
    ['without credentials', { credentials: [] }, /malformed at \/credentials/],
    ['with an id twice', { credentials: [credential, credential] }, /id twice/],
    ['with an id of other characters', { credentials: [{ ...credential, id: 'a b' }] }, /0\/id/],
    ['without meta', { credentials: [{ id: 'q', format: 'dc+sd-jwt' }] }, /0\/meta/],
    ['without vct_values', { credentials: [{ ...credential, meta: {} }] }, /no vct_values/],
    ['with an empty path', { credentials: [{ ...credential, claims: [{ path: [] }] }] }, /path/],
    [
      'with a negative index',
      { credentials: [{ ...credential, claims: [{ path: [-1] }] }] },
      /path/,
    ],
    [
      'with a claim id twice',
      {
        credentials: [
          {
            ...credential,
            claims: [
              { id: 'a', path: ['a'] },
              { id: 'a', path: ['b'] },
            ],
          },
        ],
      },
      /claim id twice/,
    ],
    [
      'with a claim set that names no claim',
      { credentials: [{ ...credential, claims: [{ path: ['a'] }], claim_sets: [['a']] }] },
      /claim that is not there/,
    ],
    [
      'with a credential set that names no credential query',
      { credentials: [credential], credential_sets: [{ options: [['p']] }] },
      /credential query that is not there/,
    ],
  ])('%s', (_, value, rule) => {
    expect(() => readDcqlQuery(value)).toThrow(rule)
  })

  it('never for a property that is not known', () => {
    const strange = { credentials: [{ ...credential, strange: 1 }], strange: true }
    expect(readDcqlQuery(strange).credentials).toHaveLength(1)
  })
})
