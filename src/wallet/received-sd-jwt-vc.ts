import { parseJsonObject } from '../credential/json.ts'
import { verifyJws } from '../credential/jws.ts'
import { holderKeyOf } from '../credential/registered-claims.ts'
import { parseSdJwt, revealClaims } from '../credential/sd-jwt.ts'
import { verifyPath } from '../credential/x509.ts'
import type { HeldSdJwtVc } from './held-credential.ts'
import type { HolderKey } from './holder-key.ts'
import { insist } from './rule.ts'

const what = 'The credential'

/**
 * Reads a credential that an issuer just gave, against what was asked for: an SD-JWT VC of the `vct`
 * in the metadata, bound to the key that was proved. Its signature is checked, but whether the signer
 * may issue it is for verifiers to judge.
 */
export async function readReceivedSdJwtVc(
  text: string,
  expected: { vct?: string | undefined },
  { publicJwk }: HolderKey,
  at: Date,
): Promise<Pick<HeldSdJwtVc, 'format' | 'vct' | 'claims' | 'sdJwt'>> {
  const sdJwt = parseSdJwt(text)
  insist(sdJwt.ok, `${what} is no SD-JWT: ${sdJwt.ok || sdJwt.error}`)
  const { jws, disclosures, kbJwt } = sdJwt.value
  insist(kbJwt === undefined, `${what} came with a key binding JWT (RFC 9901 4)`)
  insist(jws.header.typ === 'dc+sd-jwt', `${what} is not of typ dc+sd-jwt (SD-JWT VC 2.2.1)`)
  const path = await verifyPath(jws.header.x5c, at, 'credential')
  insist(path.ok, `${what} has no good certificates: ${path.ok || path.error}`)
  insist(await verifyJws(jws, path.value.leafKey), `${what} is not signed with ES256 by its x5c`)
  const payload = parseJsonObject(jws.payload)
  insist(payload, `${what} has no JSON object as payload`)
  const revealed = await revealClaims(payload, disclosures)
  insist(revealed.ok, `${what} is malformed: ${revealed.ok || revealed.error}`)
  const { vct } = revealed.value
  insist(
    typeof vct === 'string' && vct === expected.vct,
    `${what} has another vct than the metadata says (OpenID4VCI 1.0 A.3)`,
  )
  const bound = holderKeyOf(payload)
  insist(
    bound?.x === publicJwk.x && bound.y === publicJwk.y,
    `${what} is not bound by cnf to the key of the proof (OpenID4VCI 1.0 8.3)`,
  )
  return { format: 'dc+sd-jwt', vct, claims: revealed.value, sdJwt: text }
}
