import { describe, expect, it } from 'vitest'
import { disclosure, expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

// The wallet was told what is asked, and is never trusted to have kept to it (VP-V19).

const shared = sharedForger()

type Query = Record<string, unknown>
const pid: Query = {
  id: 'pid',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:gerbang:pid:1'] },
  claims: [{ path: ['name'] }],
}
const asking = (change: Query) => ({
  ask: { purpose: 'bank-kyc', dcql_query: { credentials: [{ ...pid, ...change }] } },
})

it('a claim that was asked for and is missing is refused (VP-N04, VER-15)', async () => {
  expectRefused(await attack(shared.gateway, { omitDisclosure: ['name'] }), 'query.claims')
})

it.each<[string, unknown]>([
  ['null', null],
  ['an empty text', ''],
  ['an empty object', {}],
  ['an object whose members are all withheld', { _sd: ['A'.repeat(43)] }],
])('a claim of which nothing is shown is missing: %s (VP-N04)', async (_, value) => {
  const { text, digest } = await disclosure('name', value)
  const [, ...others] = shared.forger.honest.digests
  const [jwt = '', , ...rest] = (
    await shared.forger.sdJwt({ claims: { _sd: [digest, ...others] } })
  ).split('~')
  expectRefused(await shared.forger.present([jwt, text, ...rest].join('~')), 'query.claims')
})

describe('where particular values are asked for', () => {
  const claims = (...values: unknown[]) => asking({ claims: [{ path: ['name'], values }] })

  it('one of them is good', async () => {
    expectVerified(await shared.forger.attack({}, claims('Somebody Else', 'Nguyễn Thị An')))
  })

  it.each<[string, unknown]>([
    ['another', 'Somebody Else'],
    ['the same in capitals', 'NGUYỄN THỊ AN'],
    ['the same in another Unicode form', 'Nguyễn Thị An'.normalize('NFD')],
  ])('%s is refused (VP-N04, VER-15)', async (_, value) => {
    expectRefused(await shared.forger.attack({}, claims(value)), 'query.values')
  })

  it('of another type is refused (VP-N04)', async () => {
    const { text, digest } = await disclosure('document_number', '7')
    const forgery = {
      claims: { _sd: [...shared.forger.honest.digests, digest] },
      disclosures: [text],
    }
    const asked = (values: unknown[]) => asking({ claims: [{ path: ['document_number'], values }] })
    expectVerified(await shared.forger.attack(forgery, asked(['7'])))
    expectRefused(await shared.forger.attack(forgery, asked([7])), 'query.values')
  })
})

describe('of several credentials', () => {
  const age = {
    id: 'age',
    format: 'dc+sd-jwt',
    meta: { vct_values: ['urn:gerbang:pid:1'] },
    claims: [{ path: ['birthdate'] }],
  }
  const both = (sets?: unknown) => ({
    purpose: 'bank-kyc',
    dcql_query: { credentials: [pid, age], ...(sets ? { credential_sets: sets } : {}) },
  })
  const optional = [{ options: [['pid']] }, { options: [['age']], required: false }]

  it.each<[string, ReturnType<typeof both>, string]>([
    ['a required one is missing', both(), 'age'],
    ['that of a required set is missing', both(optional), 'pid'],
  ])('it is refused when %s (VP-N04, VER-24)', async (_, ask, left) => {
    const lies = {
      vpToken: (honest: Record<string, string[]>) =>
        Object.fromEntries(
          Object.entries(honest)
            .filter(([id]) => id !== left)
            .slice(0, 1),
        ),
    }
    const transaction = await shared.gateway.ask('bank-sg', ask)
    const wallet = await shared.gateway.citizen('vn-nguyen-thi-an')
    const options = { lies, optional: true }
    const answer = await wallet.present(transaction.authorization_request, options)
    expectRefused({ ...answer, result: await transaction.read() }, 'query.credentials')
  })

  it('an optional one may be left out (VER-24)', async () => {
    const transaction = await shared.gateway.ask('bank-sg', both(optional))
    const wallet = await shared.gateway.citizen('vn-nguyen-thi-an')
    const answer = await wallet.present(transaction.authorization_request)
    expectVerified({ ...answer, result: await transaction.read() })
  })

  it('a good one does not save a bad one', async () => {
    const transaction = await shared.gateway.ask('bank-sg', both(optional))
    const wallet = await shared.gateway.citizen('vn-nguyen-thi-an')
    const lies = {
      vpToken: ({ pid = [], age = [] }: Record<string, string[]>) => ({
        pid,
        age: age.map((presentation) => presentation.replace(/.{4}$/, 'AAAA')),
      }),
    }
    const options = { lies, optional: true }
    const answer = await wallet.present(transaction.authorization_request, options)
    expectRefused({ ...answer, result: await transaction.read() }, 'key_binding.signature')
  })
})

it('what was not asked for is verified, dropped and named (VER-06)', async () => {
  const { status, result } = await attack(shared.gateway, { disclosureNotAsked: ['sex'] })
  expect(status).toBe(200)
  expect(Object.keys(result.credentials?.['pid-sd-jwt']?.[0]?.claims ?? {})).not.toContain('sex')
  const surplus = result.report?.checks.find(({ id }) => id === 'query.surplus')
  expect(surplus?.detail).toContain('sex')
})
