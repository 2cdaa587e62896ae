import { beforeAll, describe, expect, it } from 'vitest'
import type { Encodable } from '../../src/credential/cbor-encoder.ts'
import { coseHeader, x5chainHeader } from '../../src/credential/cose.ts'
import { keyPurposeIds } from '../../src/credential/key-purpose.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import {
  authority,
  type CertificateOptions,
  exampleAuthority,
  type Party,
  signer,
  signWith,
} from '../support/certificates.ts'
import { createForger, expectRefused, expectVerified, type Maker } from '../support/forgery.ts'
import { attack, failed, origin } from '../support/gateway.ts'
import { issuedBy, sharedMdocForger } from '../support/mdoc-forgery.ts'
import { signer as keyFor } from '../wallet/parties.ts'

const shared = sharedMdocForger()
let state: Party
beforeAll(async () => {
  state = await exampleAuthority('ca:issuer-vn')
})

const extendedUsage: string[] = [keyPurposeIds.mdoc]

/** A document signer of Viet Nam's, certified by the state's own authority. */
async function certified(options: CertificateOptions = { extendedUsage }): Promise<Maker> {
  const leaf = await signer('Another signer', { by: state, ...options })
  return { x5c: [leaf.der, state.der], sign: signWith(leaf.keys) }
}

it('another document signer of the state’s own authority will do', async () => {
  expectVerified(await shared.forger.bend(issuedBy(await certified())))
  const names = [{ type: 'url' as const, value: `${origin}/issuers/vn` }]
  expectVerified(await shared.forger.bend(issuedBy(await certified({ extendedUsage, names }))))
})

describe('a document signer is certified as one, for now (MDOC-N05)', () => {
  it.each<[string, CertificateOptions]>([
    ['does not say what it is for', {}],
    ['is for SD-JWT VCs', { extendedUsage: [keyPurposeIds.credential] }],
    ['is for status lists', { extendedUsage: [keyPurposeIds['status-list']] }],
    ['is for anything', { extendedUsage: ['2.5.29.37.0'] }],
    ['is that of an authority', { extendedUsage, isAuthority: true }],
    ['has expired', { extendedUsage, notAfter: new Date('2026-11-24T07:59:59Z') }],
    ['is not valid yet', { extendedUsage, notBefore: new Date('2026-11-24T08:00:01Z') }],
    ['is on another curve', { extendedUsage, curve: 'P-384' }],
    ['is signed over SHA-1', { extendedUsage, hash: 'SHA-1' }],
  ])('one whose certificate %s is refused', async (_, options) => {
    const by = { ...(await certified(options)), sign: shared.forger.vietnam.sign }
    expectRefused(await shared.forger.bend(issuedBy(by)), 'credential.chain')
  })

  it.each(['credential:vn', 'status-list:vn', 'access:bank-sg'])(
    'the key %s signs no mdoc',
    async (purpose) => {
      expectRefused(await shared.forger.bend(issuedBy(keyFor(purpose))), 'credential.chain')
    },
  )

  it('nor does the authority itself', async () => {
    const by = { x5c: [state.der], sign: signWith(state.keys) }
    expectRefused(await shared.forger.bend(issuedBy(by)), 'credential.chain')
  })

  it('nor a document signer an SD-JWT VC', async () => {
    const forger = await createForger(shared.gateway)
    expectRefused(await forger.attack({ by: keyFor('document:vn') }), 'credential.chain')
  })
})

describe('x5chain leads from the signer to an anchor of the registry (MDOC-N05)', () => {
  it('which a stranger’s does not', async () => {
    const root = await authority('Root of his own')
    const leaf = await signer('Signer of his own', { by: root, extendedUsage })
    const by = { x5c: [leaf.der], sign: signWith(leaf.keys) }
    expectRefused(await shared.forger.bend(issuedBy(by)), 'credential.chain')
    expectRefused(
      await shared.forger.bend(issuedBy({ ...by, x5c: [leaf.der, root.der] })),
      'credential.chain',
    )
  })

  it.each<[string, (x5c: readonly string[]) => readonly string[]]>([
    ['in the wrong order', (x5c) => x5c.toReversed()],
    ['with a certificate missing', ([leaf = '']) => [leaf]],
    ['without the signer', ([, ...above]) => above],
    ['with the signer twice', ([leaf = '', ...above]) => [leaf, leaf, ...above]],
    ['with the anchor (HAIP-N01)', (x5c) => [...x5c, exampleKeys.anchors['issuer-vn'] ?? '']],
    ['with a hundred certificates', (x5c) => Array(50).fill(x5c).flat()],
    ['with nothing in it', () => []],
    ['with what is no certificate', (x5c) => ['AAAA', ...x5c]],
  ])('%s it leads nowhere', async (_, change) => {
    const { x5c, sign } = shared.forger.vietnam
    expectRefused(
      await shared.forger.bend(issuedBy({ x5c: change(x5c), sign })),
      'credential.chain',
    )
  })

  it('it is not there (HAIP-N02)', async () => {
    const outcome = await shared.forger.bend({ issuerUnprotected: new Map() })
    expectRefused(outcome, 'credential.header')
  })

  it('it is not read where it is protected', async () => {
    const { x5c } = shared.forger.vietnam
    const issuerProtected = new Map<number, Encodable>([
      [coseHeader.alg, -7],
      [coseHeader.x5chain, x5chainHeader(x5c)],
    ])
    const outcome = await shared.forger.bend({ issuerProtected, issuerUnprotected: new Map() })
    expectRefused(outcome, 'credential.header')
  })

  it('another state’s signer speaks for that state, and not as this one', async () => {
    const { result } = await shared.forger.bend(issuedBy(keyFor('document:la')))
    expect(failed(result)).toContain('trust.recognition')
  })

  it('a signer that names another issuer is that issuer’s, and believed as such alone', async () => {
    const names = [{ type: 'url' as const, value: `${origin}/issuers/th` }]
    const outcome = await shared.forger.bend(issuedBy(await certified({ extendedUsage, names })))
    expectRefused(outcome, ...failed(outcome.result))
    expect(failed(outcome.result)).toContain('trust.issuer')
  })

  it('a signer of two issuers is none’s', async () => {
    const names = ['vn', 'th'].map((cc) => ({
      type: 'url' as const,
      value: `${origin}/issuers/${cc}`,
    }))
    const outcome = await shared.forger.bend(issuedBy(await certified({ extendedUsage, names })))
    expectRefused(outcome, 'credential.issuer')
  })
})

describe('the issuer’s signature is over these very bytes, by ES256 (MDOC-N05)', () => {
  it.each<[string, Lies, string[]]>([
    ['one bit of it flipped', { tamperIssuerSignature: true }, ['credential.signature']],
    ['nothing in its place', { issuerAlg: 'none' }, ['credential.header', 'credential.signature']],
    ['a MAC in its place', { issuerAlg: 'HS256' }, ['credential.header', 'credential.signature']],
  ])('%s', async (_, lies, checks) => {
    expectRefused(await attack(shared.gateway, lies, 'pid-mdoc'), ...checks)
  })

  it('by another key than the certificate’s', async () => {
    const { sign } = await certified()
    const outcome = await shared.forger.bend({ signIssuer: sign })
    expectRefused(outcome, 'credential.signature')
  })

  it.each([-35, -36, -257, 5, -8, 0])('said to be by algorithm %i', async (alg) => {
    const issuerProtected = new Map([[coseHeader.alg, alg]])
    const outcome = await shared.forger.bend({ issuerProtected })
    expectRefused(outcome, 'credential.header', 'credential.signature')
  })

  it('by an algorithm that is not signed itself', async () => {
    const issuerUnprotected = new Map<number, Encodable>([
      [coseHeader.alg, -7],
      [coseHeader.x5chain, x5chainHeader(shared.forger.vietnam.x5c)],
    ])
    const outcome = await shared.forger.bend({ issuerProtected: new Map(), issuerUnprotected })
    expectRefused(outcome, 'credential.header', 'credential.signature')
  })
})
