import { it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, type Members, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

const shared = sharedForger()

it.each<[string, Lies]>([
  ['another nonce', { nonce: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['an empty nonce', { nonce: '' }],
])('a presentation made for another occasion is refused: %s (SDJ-N14, VER-10)', async (_, lies) => {
  expectRefused(await attack(shared.gateway, lies), 'key_binding.nonce')
})

it.each<[string, (nonce: string) => unknown]>([
  ['no nonce', () => undefined],
  ['null', () => null],
  ['a number', () => 7],
  ['a list with the nonce', (nonce) => [nonce]],
  ['an object with the nonce', (nonce) => ({ nonce })],
  ['the nonce with more behind', (nonce) => `${nonce}A`],
  ['the nonce in capitals', (nonce) => nonce.toUpperCase()],
])('the nonce is that very string: %s (SDJ-N14)', async (_, change) => {
  const binding = ({ nonce }: Members) => ({ claims: { nonce: change(String(nonce)) } })
  expectRefused(await shared.forger.attack({}, { binding }), 'key_binding.nonce')
})
