import { CompactEncrypt, exportJWK, generateKeyPair, importJWK } from 'jose'
import { decodeBase64url, encodeBase64url } from '../credential/base64url.ts'
import { type ClaimsPathPointer, onOneLine } from '../credential/claims-path-pointer.ts'
import { type JsonObject, parseJson, parseJsonObject } from '../credential/json.ts'
import type { HeldDisclosure } from './held-sd-jwt.ts'
import { freshHolderKey, type HolderKey } from './holder-key.ts'
import type { Lies } from './lies.ts'
import type { ResponseEncryption } from './request.ts'

// Each function takes what an honest wallet made and gives it back as the lies want it: unchanged,
// where there are none.

const utf8 = new TextEncoder()
const encode = (value: unknown) => encodeBase64url(utf8.encode(JSON.stringify(value)))

/** The disclosures of a presentation. `held` are all that the wallet could show. */
export function forgeDisclosures(
  honest: readonly string[],
  held: readonly HeldDisclosure[],
  lies: Lies,
): string[] {
  const { disclosureNotAsked: more, omitDisclosure: less } = lies
  const chosen = held.filter(
    ({ disclosure, path }) =>
      honest.includes(disclosure) || more === true || (more && onOneLine(path, more)),
  )
  const omitted = less === true ? chosen.findLast(isInnermost)?.path : less
  const shown = chosen
    .filter(({ path }) => !omitted || !isWithin(path, omitted))
    .map(({ disclosure }) => disclosure)
  const [first] = shown
  if (first !== undefined && lies.alterDisclosure) shown[0] = alter(first)
  if (first !== undefined && lies.duplicateDisclosure) shown.push(first)
  if (lies.extraDisclosure) shown.push(encode(['no-salt-at-all', 'extra_claim', true]))
  return shown
}

const isWithin = (path: ClaimsPathPointer, outer: ClaimsPathPointer) =>
  outer.every((step, i) => step === path[i])

const isInnermost = ({ path }: HeldDisclosure, _: number, all: readonly HeldDisclosure[]) =>
  all.filter((other) => isWithin(other.path, path)).length === 1

function alter(disclosure: string): string {
  const parts = parseJson(decodeBase64url(disclosure) ?? '')
  return encode(Array.isArray(parts) ? [...parts.slice(0, -1), 'altered'] : 'altered')
}

/** The issuer-signed JWT. `certificate` is the issuer's, in base64 DER. */
export async function forgeIssuerJwt(
  honest: string,
  certificate: string,
  { issuerAlg: alg, tamperIssuerSignature }: Lies,
): Promise<string> {
  const jwt = alg ? await resign(honest, { alg }, {}, macOrNothing(alg, certificate)) : honest
  return tamperIssuerSignature ? tamper(jwt) : jwt
}

/** The KB-JWT. */
export async function forgeKbJwt(
  honest: string,
  { publicJwk, sign }: HolderKey,
  lies: Lies,
): Promise<string> {
  const { iat, aud } = decode(honest.split('.')[1])
  const { nonce, audience, sdHash, kbTyp: typ, kbAlg: alg } = lies
  const claims = {
    ...(nonce !== undefined && { nonce }),
    ...(audience !== undefined && {
      aud: typeof audience === 'string' ? audience : audience(String(aud)),
    }),
    ...(sdHash !== undefined && { sd_hash: sdHash }),
    ...(lies.iat !== undefined && { iat: Number(iat) + lies.iat }),
  }
  const header = { ...(typ !== undefined && { typ }), ...(alg && { alg }) }
  const honestly = Object.keys({ ...claims, ...header }).length === 0 && !lies.holderKey
  if (honestly) return honest
  const signer = lies.holderKey === 'other' ? (await freshHolderKey()).sign : sign
  return resign(honest, header, claims, alg ? macOrNothing(alg, JSON.stringify(publicJwk)) : signer)
}

/** The encrypted response. */
export async function forgeJwe(
  plaintext: string,
  { jwk, enc }: ResponseEncryption,
  lies: Lies,
): Promise<string> {
  const kid = lies.kid === undefined ? jwk.kid : lies.kid
  const alg = lies.alg ?? 'ECDH-ES'
  const recipient =
    lies.encryptTo === 'other'
      ? await exportJWK((await generateKeyPair('ECDH-ES')).publicKey)
      : { ...jwk }
  return new CompactEncrypt(utf8.encode(plaintext))
    .setProtectedHeader({ alg, enc: lies.enc ?? enc, ...(kid !== null && { kid }) })
    .encrypt(await importJWK(recipient, alg))
}

export type Signer = (signingInput: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>

async function resign(jwt: string, header: object, claims: object, sign: Signer): Promise<string> {
  const [honestHeader, honestClaims] = jwt.split('.').map(decode)
  const signingInput = [
    encode({ ...honestHeader, ...header }),
    encode({ ...honestClaims, ...claims }),
  ].join('.')
  return `${signingInput}.${encodeBase64url(await sign(utf8.encode(signingInput)))}`
}

export function macOrNothing(alg: 'none' | 'HS256', secret: string): Signer {
  return async (signingInput) => {
    if (alg === 'none') return new Uint8Array()
    const hmac = { name: 'HMAC', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('raw', utf8.encode(secret), hmac, false, ['sign'])
    return new Uint8Array(await crypto.subtle.sign(hmac, key, signingInput))
  }
}

function tamper(jwt: string): string {
  const start = jwt.lastIndexOf('.') + 1
  const signature = decodeBase64url(jwt.slice(start)) ?? new Uint8Array(64)
  const flipped = signature.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
  return jwt.slice(0, start) + encodeBase64url(flipped)
}

const decode = (part = ''): JsonObject => parseJsonObject(decodeBase64url(part) ?? '') ?? {}
