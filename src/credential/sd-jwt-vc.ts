import type { Finding } from '../result.ts'
import type { JsonObject } from './json.ts'
import type { EcPublicJwk } from './jwk.ts'
import type { Sign } from './jws.ts'
import type { ClaimPath } from './sd-jwt.ts'
import type { TrustedCertificate } from './x509.ts'

export type SdJwtVcDraft = {
  header: { kid: string; x5c: string[] }
  visible: JsonObject
  selective: JsonObject
  decoys: number
}
declare const prepared: unique symbol
export type PreparedSdJwtVc = {
  header: JsonObject
  payload: JsonObject
  disclosures: string[]
  [prepared]: true
}
export type CredentialCheck =
  | 'credential.format'
  | 'credential.header'
  | 'credential.chain'
  | 'credential.signature'
  | 'credential.disclosures'
  | 'credential.claims'
  | 'credential.issuer'
  | 'credential.validity'
  | 'key_binding.present'
  | 'key_binding.header'
  | 'key_binding.signature'
  | 'key_binding.nonce'
  | 'key_binding.audience'
  | 'key_binding.time'
  | 'key_binding.sd_hash'

export type SdJwtVcPolicy = {
  at: Date
  anchors: readonly TrustedCertificate[]
  keyBinding: { nonce: string; audience: string } | 'none'
}
export type SdJwtVc = {
  vct: string
  issuer?: string
  anchor: string
  claims: JsonObject
  /** Where the claims stand that came by disclosure. */
  disclosed: ClaimPath[]
  holderKey?: EcPublicJwk
  status?: { uri: string; idx: number }
  authorityKeyIds: string[]
}
export async function prepareSdJwtVc(
  _draft: SdJwtVcDraft,
  _random: (size: number) => Uint8Array,
): Promise<PreparedSdJwtVc> {
  throw new Error('not built yet')
}
export async function signSdJwtVc(_prepared: PreparedSdJwtVc, _sign: Sign): Promise<string> {
  throw new Error('not built yet')
}
export async function verifySdJwtVc(
  _text: string,
  _policy: SdJwtVcPolicy,
): Promise<{ findings: Finding<CredentialCheck>[]; credential?: SdJwtVc }> {
  throw new Error('not built yet')
}
