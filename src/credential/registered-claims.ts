import type { ClaimsPathPointer } from './claims-path-pointer.ts'
import type { DraftRules } from './draft-rules.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { ecPublicJwk } from './jwk.ts'
import { isNumericDate } from './numeric-date.ts'
import { usesReservedName } from './sd-jwt.ts'

/** Claims that govern a credential and so are never left to the holder to show (SD-JWT VC 2.2.2.3). */
const neverDisclosed = new Set([
  'iss',
  'nbf',
  'exp',
  'cnf',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'status',
])

export const isNeverDisclosed = (name: string, { akaVcts = true }: DraftRules = {}) =>
  neverDisclosed.has(name) && (akaVcts || name !== 'aka_vcts')

/** How far our clock and an issuer's may differ, for times that should be past. */
export const leeway = 60

/** Where the status of a credential is told (Token Status List 6.2). */
export type StatusReference = { uri: string; idx: number }

/** What is wrong with the shape of the registered claims of an SD-JWT VC, as signed. */
export function claimsFault(payload: JsonObject, rules: DraftRules = {}): string | undefined {
  const { vct, aka_vcts, cnf, status, iss, sub, iat, nbf, exp } = payload
  const { akaVcts = true } = rules
  if (typeof vct !== 'string' || vct === '') return 'vct must be a non-empty string.'
  if (!isStringOrAbsent(payload['vct#integrity'])) return 'vct#integrity must be a string.'
  if (akaVcts && aka_vcts !== undefined && !otherTypesOf(payload)) {
    return 'aka_vcts must be a non-empty list of types other than vct.'
  }
  if (iss !== undefined && !isEntityUri(iss)) {
    return 'iss must be a URI; on the web an https URL of a named host, with at most a path after it.'
  }
  if (!isStringOrAbsent(sub)) return 'sub must be a string.'
  if (![iat, nbf, exp].every(isDateOrAbsent)) {
    return 'iat, nbf and exp must be numbers of seconds, up to the year 9999.'
  }
  if (cnf !== undefined && !holderKeyOf(payload)) {
    return 'cnf must hold the public P-256 key of the holder in jwk.'
  }
  if (status !== undefined && !statusOf(payload)) {
    return 'status must be a status_list with the number idx and the URI uri, and nothing else.'
  }
  for (const name of neverDisclosed) {
    if (isNeverDisclosed(name, rules) && usesReservedName(payload[name] ?? null)) {
      return 'No part of a claim that governs the credential may be hidden in digests.'
    }
  }
  return undefined
}

/** What is wrong with the claims that came by disclosure (SD-JWT VC 2.2.2.3). */
export function disclosedFault(
  claims: JsonObject,
  paths: readonly ClaimsPathPointer[],
  rules: DraftRules = {},
): string | undefined {
  for (const [top] of paths) {
    if (isNeverDisclosed(String(top), rules)) {
      return 'Claims that govern the credential must be signed in the open, not disclosed.'
    }
  }
  if (!isStringOrAbsent(claims.sub)) return 'sub must be a string.'
  if (!isDateOrAbsent(claims.iat)) return 'iat must be a number of seconds.'
  return undefined
}

/**
 * Why a credential is not valid at an instant. An expiry is kept to the second. SD-JWT VC lets exp and
 * status both be absent; it is our policy that a credential must be able to end.
 */
export function validityFault(claims: JsonObject, at: Date): string | undefined {
  const { iat, nbf, exp, status } = claims
  const now = at.getTime() / 1000
  if (exp === undefined && status === undefined) {
    return 'It would never end: the issuer must give it exp, or a status reference.'
  }
  if (typeof exp === 'number' && now >= exp) return 'It has expired: ask the issuer for a new one.'
  if (typeof nbf === 'number' && nbf > now + leeway) return 'It is not valid yet.'
  if (typeof iat === 'number' && iat > now + leeway) return 'It was issued in the future.'
  return undefined
}

/** Whether a credential that is meant for some verifiers only is meant for us (RFC 7519 4.1.3). */
export function audienceFault({ aud }: JsonObject, audience: string): string | undefined {
  if (aud === undefined || aud === audience) return undefined
  if (Array.isArray(aud) && aud.includes(audience)) return undefined
  return 'aud of the credential names other verifiers than this one.'
}

/** The holder's key: `jwk` in `cnf` (RFC 7800 3.2), a public key on P-256. */
export function holderKeyOf({ cnf }: JsonObject) {
  return isJsonObject(cnf) ? ecPublicJwk(cnf.jwk) : undefined
}

/** What its type is called besides (SD-JWT VC 2.2.2.2); undefined when that is not said, or not fit. */
export function otherTypesOf({ vct, aka_vcts: types }: JsonObject): string[] | undefined {
  if (!Array.isArray(types) || types.length === 0 || types.includes(vct ?? null)) return undefined
  return types.every((type) => typeof type === 'string') ? types : undefined
}

/**
 * Whether it names an issuer. An https URL says where the issuer is and nothing else: no query,
 * fragment or credentials (SD-JWT VC 4), and a host with a name, since an address belongs to whoever
 * has it today. http is for a sandbox on this very machine.
 */
function isEntityUri(iss: Json): boolean {
  if (typeof iss !== 'string' || !uri.test(iss)) return false
  const url = URL.parse(iss)
  if (!url) return false
  if (!/^https?:/i.test(iss)) return true
  return webEntity.test(iss) && !/^\[|^[\d.]+$/.test(url.hostname)
}

/** URL parsers pass over white space; we do not. */
const uri = /^[a-z][a-z\d+.-]*:\S+$/i
const webEntity = /^(?:https:\/\/[^\s/?#@\\]+|http:\/\/localhost(?::\d{1,5})?)(?:\/[^\s?#\\]*)?$/

/** The one status mechanism we know (HAIP 1.0 6.1); undefined when there is none or another. */
export function statusOf({ status }: JsonObject): StatusReference | undefined {
  if (!isJsonObject(status) || Object.keys(status).length !== 1) return undefined
  const { status_list: list } = status
  if (!isJsonObject(list)) return undefined
  const { idx, uri } = list
  if (typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0) return undefined
  return typeof uri === 'string' && URL.canParse(uri) ? { uri, idx } : undefined
}

const isStringOrAbsent = (value: Json | undefined): value is string | undefined =>
  value === undefined || typeof value === 'string'
const isDateOrAbsent = (value: Json | undefined) => value === undefined || isNumericDate(value)
