import { describe, expect, it } from 'vitest'
import { type Encodable, mapOf } from '../../src/credential/cbor-encoder.ts'
import { coseHeader, coseKeyOf } from '../../src/credential/cose.ts'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, expectVerified } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'
import { pidDoctype, sharedMdocForger } from '../support/mdoc-forgery.ts'

const shared = sharedMdocForger()
const signature = 'key_binding.signature'

it.each<[string, Lies, string[]]>([
  ['nothing at all', { dropKeyBinding: true }, ['key_binding.present']],
  ['neither signature nor MAC', { deviceAuth: 'missing' }, ['key_binding.present']],
  ['a MAC', { deviceAuth: 'mac' }, ['key_binding.present']],
  ['a signature and a MAC', { deviceAuth: 'both' }, ['key_binding.present']],
  ['a signature by another key', { holderKey: 'other' }, [signature]],
  ['what was signed as well', { deviceAuth: 'attached' }, ['key_binding.header']],
  [
    'a signature over something else',
    { deviceAuth: 'attached-other' },
    ['key_binding.header', signature],
  ],
  [
    'an algorithm that is not signed',
    { deviceAuth: 'unprotected-alg' },
    ['key_binding.header', signature],
  ],
  ['no algorithm, and no signature', { kbAlg: 'none' }, ['key_binding.header', signature]],
  ['a MAC for a signature', { kbAlg: 'HS256' }, ['key_binding.header', signature]],
])('a device that proves itself by %s is refused (MDOC-N06, VER-12)', async (_, lies, checks) => {
  expectRefused(await attack(shared.gateway, lies, 'pid-mdoc'), ...checks)
})

it('a stolen mdoc is refused: the key that counts is the issuer’s word (MDOC-N06)', async () => {
  const thief = await freshHolderKey()
  expectRefused(await shared.forger.bend({ signDevice: thief.sign }), signature)
  // His key in the mobile security object would have to be signed by the issuer.
  const deviceKeyInfo = mapOf({ deviceKey: coseKeyOf(thief.publicJwk) })
  const signIssuer = thief.sign
  const outcome = await shared.forger.bend({
    mso: { deviceKeyInfo },
    signIssuer,
    signDevice: signIssuer,
  })
  expectRefused(outcome, 'credential.signature')
})

it('nor do the issuer’s own signature, or one of zeros, stand for the device’s (MDOC-N06)', async () => {
  expectRefused(await shared.forger.bend({ signDevice: shared.forger.vietnam.sign }), signature)
  expectRefused(await shared.forger.bend({ signDevice: async () => new Uint8Array(64) }), signature)
  expectRefused(await shared.forger.bend({ signDevice: async () => new Uint8Array() }), signature)
})

it.each([-35, -8, 5, 0])('algorithm %i is not for devices (MDOC-N06)', async (alg) => {
  const outcome = await shared.forger.bend({ deviceProtected: new Map([[coseHeader.alg, alg]]) })
  expectRefused(outcome, 'key_binding.header', signature)
})

it('ESP256 is another name of ES256 on P-256 (MDOC-V10)', async () => {
  expectVerified(await shared.forger.bend({ deviceProtected: new Map([[coseHeader.alg, -9]]) }))
})

it.each<[string, (honest: Encodable[]) => Encodable]>([
  ['a text', () => 'signed'],
  ['null', () => null],
  ['a list', (honest) => honest],
  ['a signature of three parts', (honest) => mapOf({ deviceSignature: honest.slice(0, 3) })],
  ['a signature with its tag', (honest) => mapOf({ deviceSignature: { tag: 18, value: honest } })],
  ['a list of signatures', (honest) => mapOf({ deviceSignature: [honest, honest] })],
])('what is no proof is none: %s (MDOC-N06)', async (_, deviceAuth) => {
  expectRefused(await shared.forger.bend({ deviceAuth }), 'key_binding.present')
})

describe('what a holder says of herself', () => {
  const elements = { [pidDoctype]: { name: 'Somebody Else' } }

  it('is no word of the issuer’s, and refused (MDOC-V09)', async () => {
    const outcome = await attack(shared.gateway, { deviceElements: elements }, 'pid-mdoc')
    expectRefused(outcome, 'credential.disclosures')
  })

  it('is dropped even where the issuer lets her say it', async () => {
    const deviceKey = coseKeyOf(shared.forger.device.publicJwk)
    const keyAuthorizations = mapOf({ nameSpaces: [pidDoctype] })
    const keyInfo = (shared.forger.mso.get('deviceKeyInfo') as Map<string, Encodable>).get(
      'keyInfo',
    )
    const outcome = await shared.forger.bend({
      mso: { deviceKeyInfo: mapOf({ deviceKey, keyAuthorizations, keyInfo: keyInfo ?? null }) },
      deviceNameSpaces: mapOf({ [pidDoctype]: mapOf({ name: 'Somebody Else' }) }),
    })
    expectVerified(outcome)
    expect(JSON.stringify(outcome.result.credentials)).not.toContain('Somebody Else')
  })
})
