import { expect, it } from 'vitest'
import { relyingPartyKeyStore } from '../../src/store/relying-party-keys.ts'
import { memoryDatabase } from '../support/database.ts'

const createdAt = new Date('2026-11-21T10:00:00Z')
const key = (keyHash: string, relyingParty = 'https://gateway.example/relying-parties/a') => ({
  keyHash,
  relyingParty,
  publicJwk: { kty: 'EC', crv: 'P-256', x: keyHash, y: 'y' },
  createdAt,
})

it('an API key is found by its hash, until it is revoked', async () => {
  const keys = relyingPartyKeyStore(await memoryDatabase())
  const others = key('c', 'https://gateway.example/relying-parties/b')
  for (const each of [key('a'), key('b'), others]) await keys.add(each)
  expect(await keys.find('a')).toEqual(key('a'))
  expect(await keys.find('x')).toBeUndefined()
  expect(await keys.active(key('a').relyingParty)).toEqual([key('a'), key('b')])

  expect(await keys.revoke('a', createdAt)).toBe(true)
  expect(await keys.revoke('a', createdAt)).toBe(false)
  expect(await keys.find('a')).toBeUndefined()
  expect(await keys.active(key('a').relyingParty)).toEqual([key('b')])
})

it('one that is added again stays as it is: revoked, if it was', async () => {
  const keys = relyingPartyKeyStore(await memoryDatabase())
  await keys.add(key('a'))
  await keys.revoke('a', createdAt)
  await keys.add(key('a', 'https://gateway.example/relying-parties/b'))
  expect(await keys.find('a')).toBeUndefined()
})
