import { calculateJwkThumbprint } from 'jose'
import { digestText } from '../credential/digest.ts'
import { parseJsonObject } from '../credential/json.ts'
import { ecPublicJwk } from '../credential/jwk.ts'
import { parseJws, verifyJws } from '../credential/jws.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type ProofId, staleness } from './freshness.ts'

/** The request that a DPoP proof must have been made for. */
export type DpopRequest = {
  method: string
  /** The endpoint as we publish it, never as the request's `Host` header would have it. */
  url: string
  accessToken?: string
}

/** What is wrong with a proof that was spent before. */
export const proofSpent = 'It was used before. Make a new one for each request.'

/**
 * Checks a DPoP proof (RFC 9449 4.3), all but whether it was used before: it still has to be spent.
 *
 * Its `key` is the RFC 7638 thumbprint to which a token is or was bound. A refusal is a sentence.
 */
export async function verifyDpopProof(
  proof: string,
  { method, url, accessToken }: DpopRequest,
  at: Date,
): Promise<Result<ProofId, string>> {
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
  return ok({ key: await calculateJwkThumbprint(jwk), jti })
}

/** A URL without query and fragment, host and default port normalised (RFC 9449 4.3, step 9). */
function endpointOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
