import { expect, it } from 'vitest'
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

it('what is shown beyond the request is dropped, and told of (VER-16)', async () => {
  const { result } = await attack(shared.gateway, { disclosureNotAsked: true }, 'pid-mdoc')
  const surplus = result.report?.checks.find(({ id }) => id === 'query.surplus')
  expect(surplus).toMatchObject({ outcome: 'skip', detail: expect.stringMatching(/^Shown beyond/) })
  expect(Object.keys(result.credentials?.['pid-mdoc']?.[0]?.claims ?? {}).toSorted()).toEqual([
    ...['birthdate', 'name', 'nationalities'],
  ])
})
