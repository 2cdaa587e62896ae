import 'reflect-metadata'
import { KeyUsageFlags } from '@peculiar/x509'
import { beforeAll, describe, expect, it } from 'vitest'
import { exampleKeys } from '../../src/example-keys.ts'
import {
  authority,
  type CertificateOptions,
  exampleAuthority,
  type Party,
  signer,
  signWith,
} from '../support/certificates.ts'
import {
  createForger,
  expectRefused,
  expectVerified,
  type Forger,
  type Maker,
} from '../support/forgery.ts'
import { failed, origin, testGateway } from '../support/gateway.ts'

let forger: Forger
let state: Party
beforeAll(async () => {
  forger = await createForger(await testGateway())
  state = await exampleAuthority('ca:issuer-vn')
})

const vietnam = `${origin}/issuers/vn`
const anchor = exampleKeys.anchors['issuer-vn'] ?? ''

/** An issuer of Viet Nam's, certified by the state's own authority. */
async function certified(options: CertificateOptions = {}): Promise<Maker & { leaf: Party }> {
  const names = [{ type: 'url' as const, value: vietnam }]
  const leaf = await signer('Another issuer of Viet Nam', { by: state, names, ...options })
  return { leaf, x5c: [leaf.der, state.der], sign: signWith(leaf.keys) }
}

const chainOf = (change: (x5c: readonly string[]) => unknown) => ({
  x5c: change(forger.vietnam.x5c),
})

it('another certificate of the state’s own authority will do', async () => {
  expectVerified(await forger.attack({ by: await certified() }))
})

describe('a certificate is good for its part and its time (VC-N05)', () => {
  it.each<[string, CertificateOptions]>([
    ['expired', { notAfter: new Date('2026-11-24T07:59:59Z') }],
    ['not yet valid', { notBefore: new Date('2026-11-24T08:00:01Z') }],
    ['without the usage of signing data', { usage: KeyUsageFlags.keyAgreement }],
    ['that of an authority', { isAuthority: true, usage: KeyUsageFlags.digitalSignature }],
    ['on another curve', { curve: 'P-384' }],
    ['signed over SHA-1', { hash: 'SHA-1' }],
  ])('%s, it is refused', async (_, options) => {
    const by = { ...(await certified(options)), sign: forger.vietnam.sign }
    expectRefused(await forger.attack({ by }), 'credential.chain')
  })

  it('one that does not name the issuer is refused (VC-N06)', async () => {
    const by = await certified({ names: [{ type: 'dns', value: 'issuer.vn.example' }] })
    expectRefused(await forger.attack({ by }), 'credential.issuer')
  })

  it('one that was signed below the leaf is refused', async () => {
    const { leaf, x5c } = await certified()
    const below = await signer('Below', { by: leaf, names: [{ type: 'url', value: vietnam }] })
    const by = { x5c: [below.der, ...x5c], sign: signWith(below.keys) }
    expectRefused(await forger.attack({ by }), 'credential.chain')
  })
})

describe('x5c leads from the leaf to the anchor, step by step (VC-N05)', () => {
  it.each<[string, (x5c: readonly string[]) => unknown]>([
    ['in the wrong order', (x5c) => x5c.toReversed()],
    ['with a certificate missing', ([leaf]) => [leaf]],
    ['without the leaf', ([, ...above]) => above],
    ['with the leaf twice', ([leaf, ...above]) => [leaf, leaf, ...above]],
    ['with an authority twice', ([leaf, above]) => [leaf, above, above]],
    ['with nothing in it', () => []],
    ['as a string', ([leaf]) => leaf],
    ['null', () => null],
    ['with what is no certificate', (x5c) => ['AAAA', ...x5c]],
    ['with what is no string', (x5c) => [...x5c, 7]],
    [
      'in base64url',
      (x5c) => x5c.map((der) => der.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')),
    ],
    [
      'in PEM',
      (x5c) => x5c.map((der) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----`),
    ],
    [
      'with a line break',
      ([leaf = '', ...above]) => [`${leaf.slice(0, 64)}\n${leaf.slice(64)}`, ...above],
    ],
    ['with a hundred certificates', (x5c) => Array(50).fill(x5c).flat()],
  ])('%s, it leads nowhere', async (_, change) => {
    const outcome = await forger.attack({ header: chainOf(change) })
    expectRefused(outcome, 'credential.chain')
  })

  it('in the unprotected header it is not even read', async () => {
    const alter = (presentation: string) => {
      const [jwt = ''] = presentation.split('~')
      const [header, payload, signature] = jwt.split('.')
      return JSON.stringify({
        protected: header,
        payload,
        signature,
        header: { x5c: forger.vietnam.x5c },
      })
    }
    const sdJwt = await forger.sdJwt({ header: { x5c: undefined } })
    expectRefused(await forger.present(sdJwt, { alter }), 'credential.format')
  })
})

describe('who brings his own anchor is not believed (HAIP-N01)', () => {
  it('be it the right one', async () => {
    const outcome = await forger.attack({ header: chainOf((x5c) => [...x5c, anchor]) })
    expectRefused(outcome, 'credential.chain')
  })

  it('or alone', async () => {
    const outcome = await forger.attack({ header: { x5c: [anchor] } })
    expectRefused(outcome, 'credential.chain')
  })

  it('or a leaf that signs itself', async () => {
    const leaf = await signer('Itself', { names: [{ type: 'url', value: vietnam }] })
    const by = { x5c: [leaf.der], sign: signWith(leaf.keys) }
    expectRefused(await forger.attack({ by }), 'credential.chain')
  })

  it('or a leaf that signs itself, below the state’s authority (VER-13)', async () => {
    const leaf = await signer('Itself', { names: [{ type: 'url', value: vietnam }] })
    const by = { x5c: [leaf.der, state.der], sign: signWith(leaf.keys) }
    expectRefused(await forger.attack({ by }), 'credential.chain')
  })

  it('or a root with the anchor’s own name and key identifier', async () => {
    const { subject } = (await exampleAuthority('ca:issuer-vn')).certificate
    const twin = await authority('Twin', { issuer: subject, authorityKey: state.keys.publicKey })
    const leaf = await signer('Signer', {
      by: twin,
      issuer: subject,
      authorityKey: state.keys.publicKey,
      names: [{ type: 'url', value: vietnam }],
    })
    const by = { x5c: [leaf.der, state.der], sign: signWith(leaf.keys) }
    expectRefused(await forger.attack({ by }), 'credential.chain')
  })
})

describe('there is no other way to know the issuer’s key', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a kid', { kid: 'issuer-vn' }],
    ['a jwk', { jwk: { kty: 'EC' } }],
    ['an x5u', { x5u: 'https://attacker.example/chain.pem' }],
    ['an x5t', { 'x5t#S256': 'A'.repeat(43) }],
    ['a trust chain', { trust_chain: ['e30.e30.AAAA'] }],
    ['nothing', {}],
  ])('than x5c: not by %s (HAIP-N02)', async (_, header) => {
    const outcome = await forger.attack({ header: { x5c: undefined, ...header } })
    expectRefused(outcome, 'credential.header')
    expect(failed(outcome.result)).not.toContain('credential.chain')
  })
})
