import { it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, type Members, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

const shared = sharedForger()

it.each<[string, Lies]>([
  ['client_id without its prefix', { audience: (id) => id.replace('x509_hash:', '') }],
  ['client_id under another prefix', { audience: (id) => id.replace('x509_hash', 'x509_san_dns') }],
  ['another verifier', { audience: 'x509_hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['a bare origin', { audience: 'http://localhost:8787' }],
  ['an origin as over the DC API', { audience: 'origin:http://localhost:8787' }],
  ['nobody', { audience: '' }],
])('a presentation made for somebody else is refused: %s (VP-N01, VER-10)', async (_, lies) => {
  expectRefused(await attack(shared.gateway, lies), 'key_binding.audience')
})

it.each<[string, (request: Members) => unknown]>([
  ['the response URI', ({ response_uri }) => response_uri],
  ['a list with the client_id', ({ client_id }) => [client_id]],
  ['a list with others too', ({ client_id }) => [client_id, 'https://other.example']],
  ['no aud', () => undefined],
  ['null', () => null],
])('aud is the client_id, as one string: %s (SDJ-N14, VP-N01)', async (_, audienceOf) => {
  const binding = (request: Members) => ({ claims: { aud: audienceOf(request) } })
  expectRefused(await shared.forger.attack({}, { binding }), 'key_binding.audience')
})

it('a credential meant for others is refused, whoever shows it', async () => {
  const outcome = await shared.forger.attack({ claims: { aud: ['https://other.example'] } })
  expectRefused(outcome, 'credential.validity')
})
