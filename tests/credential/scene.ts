import fc from 'fast-check'
import { expect } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import type { CredentialCheck } from '../../src/credential/credential-check.ts'
import { digestText } from '../../src/credential/digest.ts'
import type { Json, JsonObject } from '../../src/credential/json.ts'
import type { EcPublicJwk } from '../../src/credential/jwk.ts'
import type { Sign } from '../../src/credential/jws.ts'
import {
  prepareSdJwtVc,
  type SdJwtVcDraft,
  type SdJwtVcPolicy,
  signSdJwtVc,
} from '../../src/credential/sd-jwt-vc.ts'
import type { Finding } from '../../src/result.ts'
import { certifiedSigner, signer, signWith } from '../support/certificates.ts'
import { signAny } from '../support/raw-jws.ts'

/** The instant of every verification here. */
export const at = new Date('2026-06-01T00:00:00Z')
export const now = at.getTime() / 1000
export const nonce = 'nonce-of-this-request'
export const audience = 'x509_hash:abc'
export const issuerId = 'https://issuer.example/vn'

/** Random bytes that count, so that every run makes the same salts. */
export function countingRandom() {
  let count = 0
  return (size: number) => new Uint8Array(size).fill(0).with(0, ++count)
}

/** Claims that a holder may show one by one; their names mean nothing to us. */
export const anyClaims = fc
  .dictionary(
    fc.string().filter((name) => !meaningful.test(name)),
    fc
      .jsonValue({ maxDepth: 3 })
      .filter((value) => !/"(?:_sd|_sd_alg|\.\.\.|__proto__)":/.test(JSON.stringify(value))),
    { maxKeys: 6 },
  )
  .map((claims) => JSON.parse(JSON.stringify(claims)) as JsonObject)
const meaningful =
  /^(?:_sd|_sd_alg|_sd_decoy|\.\.\.|__proto__|vct|vct#integrity|aka_vcts|iss|sub|aud|iat|nbf|exp|cnf|status)$/

/** A disclosure of a claim, or without a name of an element, and its digest. */
export async function disclosureOf(name: string | undefined, value: Json, salt = 'salt') {
  const parts = name === undefined ? [salt, value] : [salt, name, value]
  const disclosure = encodeBase64url(new TextEncoder().encode(JSON.stringify(parts)))
  return { disclosure, digest: await digestText(disclosure) }
}

export type Scene = Awaited<ReturnType<typeof scene>>

/** An issuer, a holder, and the verifier's policy. */
export async function scene(given?: Awaited<ReturnType<typeof certifiedSigner>>) {
  const issuer = given ?? (await certifiedSigner(issuerId))
  const holder = await signer('Holder')
  const { x, y } = await crypto.subtle.exportKey('jwk', holder.keys.publicKey)
  const jwk = { kty: 'EC', crv: 'P-256', x, y } as EcPublicJwk
  const draft: SdJwtVcDraft = {
    header: { kid: issuer.kid, x5c: issuer.x5c },
    visible: {
      iss: issuerId,
      vct: 'urn:gerbang:pid:1',
      iat: now - 3600,
      nbf: now - 3600,
      exp: now + 3600,
      cnf: { jwk },
      status: { status_list: { idx: 7, uri: 'https://issuer.example/status/1' } },
    },
    selective: {
      given_name: 'An',
      family_name: 'Nguyễn',
      address: { country: 'VN', locality: 'Huế' },
    },
    decoys: 3,
  }
  const prepared = await prepareSdJwtVc(draft, countingRandom())
  const credential = await signSdJwtVc(prepared, issuer.sign)
  const policy: SdJwtVcPolicy = {
    at,
    anchors: [issuer.anchor],
    keyBinding: { nonce, audience },
  }
  const signHolder = signWith(holder.keys)

  /** The credential with other header members or claims, truly signed. `undefined` leaves one out. */
  async function forge(
    header: Record<string, unknown>,
    claims: Record<string, unknown> = {},
  ): Promise<string> {
    const jws = await signAny(
      JSON.parse(JSON.stringify({ ...prepared.header, alg: 'ES256', ...header })),
      { ...prepared.payload, ...claims },
      issuer.sign,
    )
    return `${[jws, ...prepared.disclosures].join('~')}~`
  }

  /** A key binding over a credential, with other header members or claims. */
  async function bind(
    sdJwt: string,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    sign: Sign = signHolder,
  ): Promise<string> {
    const honest = { iat: now, aud: audience, nonce, sd_hash: await digestText(sdJwt) }
    const kbHeader = JSON.parse(JSON.stringify({ typ: 'kb+jwt', alg: 'ES256', ...header }))
    return `${sdJwt}${await signAny(kbHeader, { ...honest, ...claims }, sign)}`
  }

  return { issuer, holder, signHolder, jwk, draft, prepared, credential, policy, forge, bind }
}

/** All that are told of a credential, whatever its format, in their order. */
export const checks: CredentialCheck[] = [
  'credential.format',
  'credential.header',
  'credential.chain',
  'credential.signature',
  'credential.disclosures',
  'credential.claims',
  'credential.issuer',
  'credential.validity',
  'key_binding.present',
  'key_binding.header',
  'key_binding.signature',
  'key_binding.nonce',
  'key_binding.audience',
  'key_binding.time',
  'key_binding.sd_hash',
]

/** The ids of the checks that failed; and, always, that all are told, and that a failure yields no credential. */
export function failedOf(verdict: { findings: Finding<CredentialCheck>[]; credential?: object }) {
  const { findings, credential } = verdict
  expect(findings.map(({ check }) => check)).toEqual(checks)
  const failed = findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
  expect(credential === undefined).toBe(failed.length > 0)
  return failed
}
