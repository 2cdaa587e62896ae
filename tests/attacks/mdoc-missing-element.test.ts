import { expect, it } from 'vitest'
import type { Json } from '../../src/credential/json.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'
import { pidDoctype, sharedMdocForger } from '../support/mdoc-forgery.ts'

const shared = sharedMdocForger()

it.each<[string, Lies, string]>([
  ['an element left out', { omitDisclosure: [pidDoctype, 'birthdate'] }, 'query.claims'],
  ['all elements left out', { omitDisclosure: [pidDoctype] }, 'query.claims'],
  ['all of them among the errors', { elementErrors: true }, 'credential.format'],
])('an mdoc with %s is no answer (MDOC-N08)', async (_, lies, check) => {
  expectRefused(await attack(shared.gateway, lies, 'pid-mdoc'), check)
})

it.each<[string, Json]>([
  ['is not there', { formatted: '1, Phố Mẫu' }],
  ['is a husk', { country: '', formatted: '1, Phố Mẫu' }],
  ['cannot be there', '1, Phố Mẫu, Việt Nam'],
])('an element whose part that was asked for %s is no answer (MDOC-N08)', async (_, address) => {
  const ask = { purpose: 'bank-kyc', ask: ['name', 'address.country'] }
  const elements = { name: 'Nguyễn Thị An', address }
  const outcome = await shared.forger.attack({ elements }, { ask })
  expectRefused(outcome, 'query.claims')
  const missing = outcome.result.report?.checks.find(({ id }) => id === 'query.claims')
  expect(missing?.detail).toBe(`Not shown: ${pidDoctype}.address.country.`)
})

it('what is shown beyond the request is dropped, and told of (VER-16)', async () => {
  const { result } = await attack(shared.gateway, { disclosureNotAsked: true }, 'pid-mdoc')
  const surplus = result.report?.checks.find(({ id }) => id === 'query.surplus')
  expect(surplus).toMatchObject({ outcome: 'skip', detail: expect.stringMatching(/^Shown beyond/) })
  expect(Object.keys(result.credentials?.['pid-mdoc']?.[0]?.claims ?? {}).toSorted()).toEqual([
    ...['birthdate', 'name', 'nationalities'],
  ])
})
