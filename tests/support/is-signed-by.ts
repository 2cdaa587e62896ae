import { ecPublicJwk } from '../../src/credential/jwk.ts'
import { type Jws, verifyJws } from '../../src/credential/jws.ts'

/** Whether a JWS verifies by a JWK that anybody may have written: no key of ours is an answer too. */
export async function isSignedBy(jws: Jws | undefined, jwk: unknown): Promise<boolean> {
  const key = ecPublicJwk(jwk)
  return jws !== undefined && key !== undefined && verifyJws(jws, key)
}
