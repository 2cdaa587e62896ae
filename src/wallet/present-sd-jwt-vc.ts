import type { JsonObject } from '../credential/json.ts'
import { createKbJwt } from '../credential/key-binding.ts'
import { forgeDisclosures, forgeIssuerJwt, forgeKbJwt } from './forge.ts'
import type { HeldSdJwtVc } from './held-credential.ts'
import { disclosuresOf, readHeldSdJwt } from './held-sd-jwt.ts'
import type { Lies } from './lies.ts'
import { type AuthorizationRequest, audienceOf } from './request.ts'
import type { Selection } from './select.ts'

/** An SD-JWT+KB (RFC 9901 4): the disclosures that were selected, bound to this request. */
export async function presentSdJwtVc(
  request: AuthorizationRequest,
  { credential, claims }: Selection<HeldSdJwtVc>,
  iat: Date,
  lies: Lies,
  more: JsonObject,
): Promise<string> {
  const { holderKey } = credential
  const { issuerJwt, x5c, disclosures } = await readHeldSdJwt(credential)
  const selected = disclosuresOf(disclosures, claims)
  const sdJwt = [
    await forgeIssuerJwt(issuerJwt, x5c[0] ?? '', lies),
    ...forgeDisclosures(selected, disclosures, lies),
    '',
  ].join('~')
  if (lies.dropKeyBinding) return sdJwt
  const binding = { nonce: request.nonce, audience: audienceOf(request) }
  const kbJwt = await createKbJwt({ sdJwt, ...binding, iat, more }, holderKey.sign)
  return sdJwt + (await forgeKbJwt(kbJwt, holderKey, lies))
}
