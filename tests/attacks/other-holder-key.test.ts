import { describe, it } from 'vitest'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import { expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

const shared = sharedForger()

it('a stolen credential is refused: key binding by another key (SDJ-N13, VER-09)', async () => {
  expectRefused(await attack(shared.gateway, { holderKey: 'other' }), 'key_binding.signature')
})

it('a key that the wallet sends along counts for nothing (SDJ-N13)', async () => {
  const { sign, publicJwk: jwk } = await freshHolderKey()
  const outcome = await shared.forger.attack({}, { binding: { sign, header: { jwk, kid: 'own' } } })
  expectRefused(outcome, 'key_binding.signature')
})

it('nor does the key of the issuer (SDJ-N13)', async () => {
  const outcome = await shared.forger.attack({}, { binding: { sign: shared.forger.vietnam.sign } })
  expectRefused(outcome, 'key_binding.signature')
})

it('a signature of nothing is none (SDJ-N13, VER-09)', async () => {
  const sign = async () => new Uint8Array(64)
  expectRefused(await shared.forger.attack({}, { binding: { sign } }), 'key_binding.signature')
})

describe('a credential that is bound to nobody', () => {
  it('cannot be presented: it has no cnf (SDJ-N13)', async () => {
    const outcome = await shared.forger.attack({ claims: { cnf: undefined } })
    expectRefused(outcome, 'key_binding.signature')
  })

  const { kty, crv, x, y } = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }
  it.each<[string, unknown]>([
    ['a kid', { kid: 'holder-1' }],
    ['a jku', { jku: 'https://holder.example/jwks', kid: '1' }],
    ['a jwe', { jwe: 'e30.e30.e30.e30.e30' }],
    ['nothing', {}],
    ['a string', 'the holder'],
    ['a list', [{ jwk: {} }]],
    ['an empty jwk', { jwk: {} }],
    ['a symmetric jwk', { jwk: { kty: 'oct', k: 'AAAA' } }],
    ['a jwk of another curve', { jwk: { kty, crv: 'P-384', x, y } }],
    ['a jwk without y', { jwk: { kty, crv, x } }],
  ])('cnf needs a jwk on P-256: %s (SDJ-N13, HAIP-N05)', async (_, cnf) => {
    const outcome = await shared.forger.attack({ claims: { cnf } })
    expectRefused(outcome, 'credential.claims', 'key_binding.signature')
  })

  it('nor to a key whose point is not on the curve (SDJ-N13)', async () => {
    const outcome = await shared.forger.attack({ claims: { cnf: { jwk: { kty, crv, x, y } } } })
    expectRefused(outcome, 'key_binding.signature')
  })
})

it('cnf.jwk needs no more than kty, crv, x and y (VER-08)', async () => {
  const { kty, crv, x, y } = shared.forger.holder.publicJwk
  expectVerified(await shared.forger.attack({ claims: { cnf: { jwk: { kty, crv, x, y } } } }))
})
