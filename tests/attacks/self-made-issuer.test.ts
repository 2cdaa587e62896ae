import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { cryptography } from '../../src/credential/crypto.ts'
import { prepareSdJwtVc, signSdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import { systemRandom } from '../../src/platform/random.ts'
import type { HeldSdJwtVc } from '../../src/wallet/held-credential.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import { authority, certifiedSigner, signer, signWith } from '../support/certificates.ts'
import { failed, sdJwtVcIn, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let genuine: HeldSdJwtVc
beforeAll(async () => {
  gateway = await testGateway()
  genuine = sdJwtVcIn(await gateway.citizen('vn-nguyen-thi-an'))
})

type Maker = { x5c: string[]; sign: (bytes: Uint8Array) => Promise<Uint8Array<ArrayBuffer>> }

/** The claims of a genuine credential, for the same holder, in the name of somebody else. */
async function forge({ x5c, sign }: Maker, change: Record<string, unknown> = {}) {
  const { name, birthdate, nationalities, iss, vct, cnf, exp, env, verification } = genuine.claims
  const visible = { iss, vct, cnf, exp, env, verification, ...change }
  const draft = {
    header: { kid: encodeBase64url(systemRandom(8)), x5c },
    visible: JSON.parse(JSON.stringify(visible)),
    selective: JSON.parse(JSON.stringify({ name, birthdate, nationalities })),
    decoys: 0,
  }
  const sdJwt = await signSdJwtVc(await prepareSdJwtVc(draft, systemRandom), sign)
  return { ...genuine, sdJwt, claims: { ...genuine.claims, ...change } } as HeldSdJwtVc
}

async function present(credential: HeldSdJwtVc) {
  const { fetch, now } = gateway
  const wallet = createWallet({ fetch, now, random: systemRandom, credentials: [credential] })
  const transaction = await gateway.ask()
  const { status } = await wallet.present(transaction.authorization_request)
  return { status, result: await transaction.read() }
}

const vietnam = `${'http://localhost:8787'}/issuers/vn`

describe('a credential that no state issued is refused (VER-13)', () => {
  it('under a root of its own', async () => {
    const { x5c, sign } = await certifiedSigner(vietnam)
    const { status, result } = await present(await forge({ x5c, sign }))
    expect(status).toBe(400)
    expect(result).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(result)).toContain('credential.chain')
  })

  it('with the genuine intermediate put above a certificate it never signed', async () => {
    const [, intermediate = ''] =
      exampleKeys.keys.find((k) => k.purpose === 'credential:vn')?.x5c ?? []
    const own = await authority('Somebody')
    const leaf = await signer('Signer', { by: own, names: [{ type: 'url', value: vietnam }] })
    const maker = { x5c: [leaf.der, intermediate], sign: signWith(leaf.keys) }
    const { result } = await present(await forge(maker))
    expect(failed(result)).toContain('credential.chain')
  })

  it('under the genuine certificates, signed by another key', async () => {
    const x5c = exampleKeys.keys.find((k) => k.purpose === 'credential:vn')?.x5c ?? []
    const { sign } = await certifiedSigner(vietnam)
    const { result } = await present(await forge({ x5c, sign }))
    expect(failed(result)).toContain('credential.signature')
  })

  it('with its own root in x5c (HAIP-N01)', async () => {
    const { x5c, root, sign } = await certifiedSigner(vietnam)
    const { result } = await present(await forge({ x5c: [...x5c, root.der], sign }))
    expect(failed(result)).toContain('credential.chain')
  })
})

describe('an issuer can speak for itself alone', () => {
  const ring = jwkKeyRing(exampleKeys, cryptography())
  const signedFor = (purpose: string): Maker => ({
    x5c: [...(ring.publicKeys(purpose)[0].x5c ?? [])],
    sign: (bytes) => ring.sign(purpose, bytes),
  })

  it('not in the name of another state (VC-N06)', async () => {
    const { result } = await present(await forge(signedFor('credential:la'), { iss: vietnam }))
    expect(result).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(result)).toContain('trust.issuer')
  })

  it('nor for a type that its state has not authorised', async () => {
    const forged = await forge(signedFor('credential:vn'), { vct: 'urn:gerbang:other:1' })
    const { result } = await present({ ...forged, vct: 'urn:gerbang:pid:1' })
    expect(failed(result)).toEqual(expect.arrayContaining(['trust.issuer', 'query.type']))
  })

  it("a relying party's certificate issues nothing", async () => {
    const { result } = await present(await forge(signedFor('access:bank-sg'), { iss: undefined }))
    expect(failed(result)).toContain('credential.chain')
  })
})
