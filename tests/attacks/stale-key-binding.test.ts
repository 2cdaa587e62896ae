import { it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

const shared = sharedForger()

const seconds = () => Math.floor(shared.gateway.now().getTime() / 1000)

it.each<[string, Lies]>([
  ['a year ago', { iat: -31_536_000 }],
  ['in a year', { iat: 31_536_000 }],
  ['six minutes ago', { iat: -360 }],
  ['a minute ahead', { iat: 60 }],
  ['eleven seconds ahead', { iat: 11 }],
])('key binding out of its time is refused: %s (SDJ-N15, VER-11)', async (_, lies) => {
  expectRefused(await attack(shared.gateway, lies), 'key_binding.time')
})

it.each([-300, -10, 10])('a clock that is %d seconds off is tolerated (VER-11)', async (iat) => {
  expectVerified(await attack(shared.gateway, { iat }))
})

it.each<[string, (now: number) => Record<string, unknown>]>([
  ['no iat', () => ({ iat: undefined })],
  ['iat null', () => ({ iat: null })],
  ['iat as a string', (now) => ({ iat: String(now) })],
  ['iat as a date', () => ({ iat: shared.gateway.now().toISOString() })],
  ['iat in milliseconds', (now) => ({ iat: now * 1000 })],
  ['iat beyond all time', () => ({ iat: 1e300 })],
  ['iat below all time', () => ({ iat: -1e300 })],
  ['exp that has passed', (now) => ({ exp: now })],
  ['nbf that has not come', (now) => ({ nbf: now + 60 })],
])('what it says of time must be said, and hold: %s (SDJ-N15)', async (_, claimsAt) => {
  const outcome = await shared.forger.attack({}, { binding: { claims: claimsAt(seconds()) } })
  expectRefused(outcome, 'key_binding.time')
})
