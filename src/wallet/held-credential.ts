import type { JsonObject } from '../credential/json.ts'
import type { HolderKey } from './holder-key.ts'

/** An SD-JWT VC in the wallet. */
export type HeldCredential = {
  /** Under which id the issuer's metadata describes it. */
  configurationId: string
  vct: string
  /** The Credential Issuer identifier of whom it was received from. */
  issuer: string
  /** Everything the holder can show: the processed payload with every disclosure (RFC 9901 7.1). */
  claims: JsonObject
  /** As issued: `<issuer-signed JWT>~<disclosure>~…~`. */
  sdJwt: string
  /** The key that its `cnf` names. */
  holderKey: HolderKey
}
