import { encodeBase64url } from './base64url.ts'
import { digestText, sha256 } from './digest.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { type Sign, signJws } from './jws.ts'
import { claimsFault, isNeverDisclosed } from './registered-claims.ts'
import { usesReservedName } from './sd-jwt.ts'

/** A credential as its issuer means it. */
export type SdJwtVcDraft = {
  header: { kid: string; x5c: string[] }
  /** Claims everybody sees who sees the credential: `vct` at least. */
  visible: JsonObject
  /** Claims the holder shows one by one. Members of an object are shown one by one too. */
  selective: JsonObject
  /** How many digests that stand for nothing are mixed in (RFC 9901 4.2.5). */
  decoys: number
}

type Parts = { header: JsonObject; payload: JsonObject; disclosures: string[] }

declare const prepared: unique symbol

/** A credential whose every rule was checked: the only thing that may be signed. */
export type PreparedSdJwtVc = Parts & { readonly [prepared]: true }

type Random = (size: number) => Uint8Array

const utf8 = new TextEncoder()

/**
 * Makes salts, disclosures and digests (RFC 9901 4.2, 6.3).
 *
 * Digests are sorted, so that their order tells nothing of the order of the claims, nor which of them
 * are decoys. Throws when the draft breaks a rule of SD-JWT VC: the mistake is ours, and a wrong
 * credential cannot be called back.
 */
export async function prepareSdJwtVc(
  draft: SdJwtVcDraft,
  random: Random,
): Promise<PreparedSdJwtVc> {
  const fault = draftFault(draft)
  if (fault) throw new Error(fault)
  const { header, visible, selective, decoys } = draft
  const payload: JsonObject = { ...visible }
  const hidden = await hide(selective, random)
  if (hidden.digests.length > 0) {
    const empty = await Promise.all(Array.from({ length: decoys }, () => sha256(random(32))))
    payload._sd = [...hidden.digests, ...empty.map(encodeBase64url)].sort()
    payload._sd_alg = 'sha-256'
    if (new Set(payload._sd).size < payload._sd.length) throw new Error('random repeats itself')
  }
  const parts: Parts = {
    header: { typ: 'dc+sd-jwt', kid: header.kid, x5c: header.x5c },
    payload,
    disclosures: hidden.disclosures,
  }
  return parts as PreparedSdJwtVc
}

/** Signs a prepared credential: `<JWT>~<disclosure>~…~`, the last tilde included (RFC 9901 4). */
export async function signSdJwtVc(
  { header, payload, disclosures }: PreparedSdJwtVc,
  sign: Sign,
): Promise<string> {
  return `${[await signJws(header, payload, sign), ...disclosures].join('~')}~`
}

function draftFault({ header, visible, selective }: SdJwtVcDraft): string | undefined {
  if (header.x5c.length === 0) return 'A credential carries the certificates of its issuer in x5c.'
  if (usesReservedName(visible) || usesReservedName(selective)) {
    return 'No claim may be called _sd, _sd_alg or three dots.'
  }
  const names = Object.keys(selective)
  // aud as a whole may not be hidden (RFC 9901 9.7), and its members never are: arrays stay whole.
  if (names.some((name) => isNeverDisclosed(name) || name === 'aud')) {
    return 'A claim that governs the credential must be visible.'
  }
  if (names.some((name) => Object.hasOwn(visible, name))) {
    return 'A claim is either visible or selective.'
  }
  return claimsFault(visible)
}

type Hidden = { digests: string[]; disclosures: string[] }

/** Hides each member behind a digest; objects first hide their own members (RFC 9901 6.3). */
async function hide(members: JsonObject, random: Random): Promise<Hidden> {
  const digests: string[] = []
  const disclosures: string[] = []
  for (const [name, value] of Object.entries(members)) {
    const inner = isJsonObject(value) ? await hide(value, random) : undefined
    const shown: Json = inner && inner.digests.length > 0 ? { _sd: inner.digests.sort() } : value
    const salt = encodeBase64url(random(16))
    const disclosure = encodeBase64url(utf8.encode(JSON.stringify([salt, name, shown])))
    digests.push(await digestText(disclosure))
    disclosures.push(disclosure, ...(inner?.disclosures ?? []))
  }
  return { digests, disclosures }
}
