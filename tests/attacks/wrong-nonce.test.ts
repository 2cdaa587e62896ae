import { beforeAll, it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { createForger, expectRefused, type Forger, type Members } from '../support/forgery.ts'
import { attack, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let forger: Forger
beforeAll(async () => {
  gateway = await testGateway()
  forger = await createForger(gateway)
})

it.each<[string, Lies]>([
  ['another nonce', { nonce: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['an empty nonce', { nonce: '' }],
])('a presentation made for another occasion is refused: %s (SDJ-N14, VER-10)', async (_, lies) => {
  expectRefused(await attack(gateway, lies), 'key_binding.nonce')
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
  expectRefused(await forger.attack({}, { binding }), 'key_binding.nonce')
})
