import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { sha256 } from '../../src/credential/digest.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import type { Sign } from '../../src/credential/jws.ts'
import {
  prepareSdJwtVc,
  type SdJwtVcDraft,
  signSdJwtVc,
  verifySdJwtVc,
} from '../../src/credential/sd-jwt-vc.ts'
import { anyClaims, at, audience, nonce, now, type Scene, scene } from './scene.ts'

let s: Scene
let visible: SdJwtVcDraft['visible']
beforeAll(async () => {
  s = await scene()
  const { status, ...others } = s.draft.visible
  visible = others
})

/** The library trips over a claim without a name, and over names that every object inherits. */
const namedClaims = anyClaims.filter((claims) => {
  const names = ['', ...Object.getOwnPropertyNames(Object.prototype)]
  return !names.some((name) => JSON.stringify(claims).includes(`"${name}":`))
})

/** The SD-JWT VC library of the OpenWallet Foundation, with the keys of the scene. */
function library() {
  const signing = (sign: Sign) => async (data: string) =>
    encodeBase64url(await sign(new TextEncoder().encode(data)))
  const verifying = (key: CryptoKey) => (data: string, signature: string) =>
    crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      decodeBase64url(signature) ?? new Uint8Array(),
      new TextEncoder().encode(data),
    )
  return new SDJwtVcInstance({
    hasher: (data) => sha256(typeof data === 'string' ? data : new Uint8Array(data)),
    hashAlg: 'sha-256',
    saltGenerator: () => encodeBase64url(crypto.getRandomValues(new Uint8Array(16))),
    signAlg: 'ES256',
    signer: signing(s.issuer.sign),
    verifier: verifying(s.issuer.leaf.keys.publicKey),
    kbSignAlg: 'ES256',
    kbSigner: signing(s.signHolder),
    kbVerifier: verifying(s.holder.keys.publicKey),
    statusListFetcher: async () => {
      throw new Error('no network')
    },
  })
}

const random = (size: number) => crypto.getRandomValues(new Uint8Array(size))
const issue = async (selective: JsonObject) => {
  const draft = { ...s.draft, visible, selective }
  return signSdJwtVc(await prepareSdJwtVc(draft, random), s.issuer.sign)
}
const header = () => ({ x5c: s.issuer.x5c, kid: s.issuer.kid })

describe('the library verifies what we issue, and sees the same claims:', () => {
  it('a person', async () => {
    const credential = await issue(s.draft.selective)
    const { payload } = await library().verify(credential, { currentDate: now })
    expect(payload).toEqual({ ...visible, ...s.draft.selective })
  })

  it('with key binding', async () => {
    const text = await s.bind(await issue(s.draft.selective))
    const { kb } = await library().verify(text, { currentDate: now, keyBindingNonce: nonce })
    expect(kb?.payload).toMatchObject({ nonce, aud: audience })
  })

  it('any claims at all', async () => {
    await fc.assert(
      fc.asyncProperty(namedClaims, async (selective) => {
        const credential = await issue(selective)
        const { payload } = await library().verify(credential, { currentDate: now })
        expect(payload).toEqual({ ...visible, ...selective })
      }),
      { numRuns: 50 },
    )
  })
})

describe('we verify what the library issues, and see the same claims:', () => {
  const claims = () => ({
    ...visible,
    given_name: 'An',
    address: { country: 'VN', locality: 'Huế' },
    nationalities: ['VN', 'LA', 'KH'],
  })
  const frame = {
    _sd: ['given_name', 'address'],
    _sd_decoy: 2,
    address: { _sd: ['country', 'locality'] },
    nationalities: { _sd: [0, 2], _sd_decoy: 1 },
  }
  const issued = () =>
    library().issue(claims() as never, frame as never, { header: header() }) as Promise<string>
  const kb = { payload: { iat: now, aud: audience, nonce } }

  it('recursive disclosures, elements of arrays, decoys', async () => {
    const text = await s.bind(await issued())
    const { credential, findings } = await verifySdJwtVc(text, s.policy)
    expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect(credential?.claims).toEqual(claims())
    expect(credential?.disclosed).toHaveLength(6)
  })

  it('a part of it, bound by the library', async () => {
    const shown = { address: { country: true }, nationalities: { 2: true } }
    const text = await library().present(await issued(), shown as never, { kb })
    const { credential } = await verifySdJwtVc(text, s.policy)
    expect(credential?.claims).toEqual({
      ...visible,
      address: { country: 'VN' },
      nationalities: ['LA', 'KH'],
    })
  })

  it('any claims at all', async () => {
    await fc.assert(
      fc.asyncProperty(namedClaims, async (selective) => {
        const payload = { ...visible, ...selective }
        const text = await library().issue(
          payload as never,
          { _sd: Object.keys(selective) } as never,
          { header: header() },
        )
        const policy = { ...s.policy, at, keyBinding: 'none' as const }
        const { credential } = await verifySdJwtVc(text, policy)
        expect(credential?.claims).toEqual(payload)
      }),
      { numRuns: 50 },
    )
  })
})

it('what we accept of a credential, in any part and order, the library accepts as the same', async () => {
  const [jwt = '', ...disclosures] = (await issue(s.draft.selective)).split('~').slice(0, -1)
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(disclosures), async (shown) => {
      const text = `${[jwt, ...shown].join('~')}~`
      const { credential } = await verifySdJwtVc(text, { ...s.policy, keyBinding: 'none' })
      if (!credential) return
      accepted++
      const { payload } = await library().verify(text, { currentDate: now })
      expect(payload).toEqual(credential.claims)
    }),
    { numRuns: 60 },
  )
  expect(accepted).toBeGreaterThan(0)
})
