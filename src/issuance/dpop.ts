import { calculateJwkThumbprint } from 'jose'
import { digestText } from '../credential/digest.ts'
import { parseJsonObject } from '../credential/json.ts'
import { ecPublicJwk } from '../credential/jwk.ts'
import { parseJws, verifyJws } from '../credential/jws.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type RememberProof, spendJti, staleness } from './freshness.ts'

/** The request that a DPoP proof must have been made for. */
export type DpopRequest = {
  method: string
  /** The endpoint as we publish it, never as the request's `Host` header would have it. */
  url: string
  accessToken?: string
}

/**
 * Checks a DPoP proof (RFC 9449 4.3) and spends its `jti`.
 *
 * Gives the RFC 7638 thumbprint of its key, to which a token is or was bound; else a sentence that
 * says what is wrong.
 */
export async function verifyDpopProof(
  deps: { rememberProof: RememberProof },
  proof: string,
  { method, url, accessToken }: DpopRequest,
  at: Date,
): Promise<Result<string, string>> {
  const jws = parseJws(proof)
  const claims = jws && parseJsonObject(jws.payload)
  if (!jws || !claims) return refuse('Send exactly one DPoP proof, a JWT.')
  if (jws.header.typ !== 'dpop+jwt') return refuse('typ must be dpop+jwt.')
  const jwk = ecPublicJwk(jws.header.jwk)
  if (!jwk) return refuse('jwk must be a public P-256 key, without private members.')
  if (!(await verifyJws(jws, jwk))) return refuse('The ES256 signature does not verify with jwk.')
  const { htm, htu, jti, ath } = claims
  if (htm !== method) return refuse(`htm must be ${method}.`)
  if (endpointOf(htu) !== endpointOf(url)) return refuse('htu must be the URL of this endpoint.')
  const stale = staleness(claims, at)
  if (stale) return refuse(stale)
  if (accessToken !== undefined && ath !== (await digestText(accessToken))) {
    return refuse('ath must be the hash of the access token.')
  }
  if (typeof jti !== 'string' || jti === '') return refuse('jti is missing.')
  const jkt = await calculateJwkThumbprint(jwk)
  if (!(await spendJti(deps.rememberProof, { key: jkt, jti }, at))) {
    return refuse('This proof was used before. Make a new one for each request.')
  }
  return ok(jkt)
}

/** A URL without query and fragment, host and default port normalised (RFC 9449 4.3, step 9). */
function endpointOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
