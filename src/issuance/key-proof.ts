import { parseJsonObject } from '../credential/json.ts'
import { type EcPublicJwk, ecPublicJwk } from '../credential/jwk.ts'
import { parseJws, verifyJws } from '../credential/jws.ts'
import { ok, type Result, refuse } from '../result.ts'
import { staleness } from './freshness.ts'

/** A holder's key, proven to be in the wallet's hands, and the nonce that shows it is proven now. */
export type KeyProof = { holderKey: EcPublicJwk; nonce: string }

export type KeyProofPolicy = {
  /** The Credential Issuer Identifier, the only audience. */
  issuer: string
  /** Who got the access token; undefined for an anonymous client, whose proofs must have no `iss`. */
  clientId: string | undefined
  at: Date
}

/**
 * Verifies a key proof of type `jwt` (OpenID4VCI 1.0 F.1, F.4); else a sentence that says what is
 * wrong. The nonce still has to be spent, last, so that a bad proof does not use up a good nonce.
 */
export async function verifyKeyProof(
  jwt: string,
  { issuer, clientId, at }: KeyProofPolicy,
): Promise<Result<KeyProof, string>> {
  const jws = parseJws(jwt)
  const claims = jws && parseJsonObject(jws.payload)
  if (!jws || !claims) return refuse('The key proof is not a JWT.')
  const { typ, alg, jwk, kid, x5c } = jws.header
  if (typ !== 'openid4vci-proof+jwt') return refuse('typ must be openid4vci-proof+jwt.')
  if (alg !== 'ES256') return refuse('alg must be ES256.')
  if (jwk === undefined || kid !== undefined || x5c !== undefined) {
    return refuse('The header must hold the key as jwk, and neither kid nor x5c.')
  }
  const holderKey = ecPublicJwk(jwk)
  if (!holderKey) return refuse('jwk must be a public P-256 key, without private members.')
  if (!(await verifyJws(jws, holderKey))) return refuse('The signature does not verify with jwk.')
  const { aud, iss, nonce } = claims
  if (aud !== issuer) return refuse(`aud must be ${issuer} as a string.`)
  // F.1: iss names the client, and must be absent where the token was got anonymously.
  if (iss !== undefined && iss !== clientId) return refuse('iss must be the client id, or absent.')
  const stale = staleness(claims, at)
  if (stale) return refuse(stale)
  if (typeof nonce !== 'string') return refuse('nonce is missing. Get one at the nonce endpoint.')
  return ok({ holderKey, nonce })
}
