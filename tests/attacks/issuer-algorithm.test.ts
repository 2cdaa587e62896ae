import { expect, it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, sharedForger } from '../support/forgery.ts'
import { attack, failed } from '../support/gateway.ts'

const shared = sharedForger()

it.each<[string, Lies]>([
  ['alg none', { issuerAlg: 'none' }],
  ['alg HS256, keyed with the certificate', { issuerAlg: 'HS256' }],
])('the credential does not choose how it is verified: %s (SDJ-N01)', async (_, lies) => {
  const outcome = await attack(shared.gateway, lies)
  expectRefused(outcome, 'credential.header', 'credential.signature')
})

it.each<[string, unknown]>([
  ['no alg', undefined],
  ['alg in lower case', 'es256'],
  ['alg None', 'None'],
  ['alg ES384', 'ES384'],
  ['alg RS256', 'RS256'],
  ['alg EdDSA', 'EdDSA'],
  ['a list of algorithms', ['ES256']],
  ['alg null', null],
])('an issuer signs with ES256 and says so: %s (SDJ-N01)', async (_, alg) => {
  const outcome = await shared.forger.attack({ header: { alg } })
  expectRefused(outcome, 'credential.header', 'credential.signature')
})

it.each<[string, Record<string, unknown>]>([
  ['crit', { crit: ['exp'], exp: 1 }],
  ['an empty crit', { crit: [] }],
  ['b64', { b64: false, crit: ['b64'] }],
])('a header that changes how it is to be read is not read: %s (SDJ-N01)', async (_, header) => {
  const { status, result } = await shared.forger.attack({ header })
  expect(status).toBe(400)
  expect(failed(result)).toEqual(['credential.format'])
})

it('a key that the credential brings along counts for nothing (SDJ-N01)', async () => {
  const { sign, publicJwk } = shared.forger.holder
  const by = { x5c: shared.forger.vietnam.x5c, sign }
  const header = { jwk: publicJwk, jku: 'https://attacker.example/jwks', kid: 'own' }
  expectRefused(await shared.forger.attack({ by, header }), 'credential.signature')
})
