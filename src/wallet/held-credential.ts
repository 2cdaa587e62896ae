import type { JsonObject } from '../credential/json.ts'
import type { HolderKey } from './holder-key.ts'

/** What is the same of every credential in the wallet. */
type Held = {
  /** Under which id the issuer's metadata describes it. */
  configurationId: string
  /** The Credential Issuer identifier of whom it was received from. */
  issuer: string
  /** The key that it is bound to. */
  holderKey: HolderKey
}

export type HeldSdJwtVc = Held & {
  format: 'dc+sd-jwt'
  vct: string
  /** Everything the holder can show: the processed payload with every disclosure (RFC 9901 7.1). */
  claims: JsonObject
  /** As issued: `<issuer-signed JWT>~<disclosure>~…~`. */
  sdJwt: string
}

export type HeldMdoc = Held & {
  format: 'mso_mdoc'
  docType: string
  /** Everything the holder can show: by namespace, element by element. */
  claims: JsonObject
  /** As issued: IssuerSigned (ISO/IEC 18013-5 8.3.2.1.2.2), base64url. */
  issuerSigned: string
}

/** A credential in the wallet. */
export type HeldCredential = HeldSdJwtVc | HeldMdoc

/** The `vct` or document type. */
export const typeOf = (credential: HeldCredential): string =>
  credential.format === 'mso_mdoc' ? credential.docType : credential.vct
