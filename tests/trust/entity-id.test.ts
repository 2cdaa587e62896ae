import { expect, it } from 'vitest'
import { entityIds, shortId } from '../../src/trust/entity-id.ts'

const ids = entityIds('https://gateway.example')

it('entity identifiers lie below the origin of the gateway', () => {
  expect(ids.issuer('VN')).toBe('https://gateway.example/issuers/vn')
  expect(ids.authority('VN')).toBe('https://gateway.example/states/vn')
  expect(ids.relyingParty('bank-sg')).toBe('https://gateway.example/relying-parties/bank-sg')
})

it('the short id is the end of an entity identifier', () => {
  expect(shortId(ids.relyingParty('bank-sg'))).toBe('bank-sg')
})

it('each gateway has a registry of its own', () => {
  expect(ids.registry).toBe('urn:gerbang:registry:https://gateway.example')
})
