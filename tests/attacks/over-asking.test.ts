import { beforeAll, expect, it } from 'vitest'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

it.each<[string, string, Record<string, unknown>, string, RegExp]>([
  [
    'a birth date to check an age',
    'shop-th',
    { purpose: 'age-check', ask: ['birthdate'] },
    'purpose_exceeded',
    /birthdate/,
  ],
  [
    'an address beyond the purpose',
    'telco-my',
    { purpose: 'sim-registration', ask: ['name', 'address'] },
    'purpose_exceeded',
    /address/,
  ],
  [
    'what nobody may ask',
    'bank-sg',
    { purpose: 'bank-kyc', ask: ['name', 'religion'] },
    'purpose_exceeded',
    /religion/,
  ],
  [
    'a query of its own that asks for all there is',
    'bank-sg',
    {
      purpose: 'bank-kyc',
      dcql_query: {
        credentials: [
          {
            id: 'a',
            format: 'dc+sd-jwt',
            meta: { vct_values: ['urn:gerbang:pid:1'] },
            claims: [{ path: ['name'] }, { path: ['sex'] }],
          },
        ],
      },
    },
    'purpose_exceeded',
    /sex/,
  ],
  [
    'a type beyond the purpose',
    'shop-th',
    {
      purpose: 'age-check',
      dcql_query: {
        credentials: [
          { id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['urn:gerbang:pid:1'] } },
        ],
      },
    },
    'purpose_exceeded',
    /pid/,
  ],
  [
    'two ages where one is enough',
    'shop-th',
    { purpose: 'age-check', ask: [{ type: 'age', claims: ['age_over_18', 'age_over_21'] }] },
    'purpose_exceeded',
    /more than 1 of age_over_18, age_over_21 of urn:gerbang:age:1 together/,
  ],
  [
    'two ages where one is enough, each in another format',
    'shop-th',
    {
      purpose: 'age-check',
      dcql_query: {
        credentials: [
          {
            id: 'a',
            format: 'dc+sd-jwt',
            meta: { vct_values: ['urn:gerbang:age:1'] },
            claims: [{ path: ['age_over_18'] }],
          },
          {
            id: 'b',
            format: 'mso_mdoc',
            meta: { doctype_value: 'org.gerbang.age.1' },
            claims: [{ path: ['org.gerbang.age.1', 'age_over_21'] }],
          },
        ],
      },
    },
    'purpose_exceeded',
    /more than 1 of age_over_18, age_over_21 of urn:gerbang:age:1 together/,
  ],
  [
    'an element of another namespace than the one that is permitted',
    'shop-th',
    {
      purpose: 'age-check',
      dcql_query: {
        credentials: [
          {
            id: 'b',
            format: 'mso_mdoc',
            meta: { doctype_value: 'org.gerbang.age.1' },
            claims: [{ path: ['org.gerbang.pid.1', 'age_over_18'] }],
          },
        ],
      },
    },
    'purpose_exceeded',
    /does not permit any org\.gerbang\.age\.1|org\.gerbang\.pid\.1\.age_over_18/,
  ],
  [
    'a purpose it is not registered for',
    'bank-sg',
    { purpose: 'age-check', ask: [{ type: 'age', claims: ['age_over_18'] }] },
    'purpose_not_registered',
    /age-check/,
  ],
])('%s never reaches a wallet', async (_, relyingParty, body, code, detail) => {
  const key = await gateway.keyOf(relyingParty)
  const answer = await gateway.post<{ code: string; detail: string }>(
    '/v1/presentations',
    body,
    key,
  )
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  expect(answer.body).toMatchObject({ code, detail: expect.stringMatching(detail) })
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
})

it('what is refused says the least query that would do, and that query is taken', async () => {
  const key = await gateway.keyOf('shop-th')
  const claims = ['birthdate', 'age_over_20', 'age_over_18', 'race']
  const body = { purpose: 'age-check', ask: ['name', { type: 'age', claims }], issuers: ['vn'] }
  const refused = await gateway.post('/v1/presentations', body, key)
  expect(refused.body).toMatchObject({
    code: 'purpose_exceeded',
    status: 403,
    surplus: [
      { type: 'urn:gerbang:pid:1', claims: [['name']] },
      { type: 'urn:gerbang:age:1', claims: [['birthdate'], ['race']] },
      { type: 'urn:gerbang:age:1', claims: [['age_over_20'], ['age_over_18']], at_most: 1 },
    ],
    least_query: {
      credentials: [
        { id: 'age-sd-jwt', claims: [{ path: ['age_over_20'] }] },
        { id: 'age-mdoc', claims: [{ path: ['org.gerbang.age.1', 'age_over_20'] }] },
      ],
      credential_sets: [{ options: [['age-sd-jwt'], ['age-mdoc']] }],
    },
  })
  const dcql_query = refused.body.least_query
  const taken = await gateway.post('/v1/presentations', { purpose: 'age-check', dcql_query }, key)
  expect(taken.status).toBe(201)
})
