import type { JsonObject } from '../credential/json.ts'

/** What a wallet can be told to lie about that only an mdoc has; see `Lies`. */
export type MdocLies = {
  // What the device signs: the session transcript (OpenID4VP 1.0 B.2.6.1)

  /** Another `response_uri`: an answer that was made for another address. */
  responseUri?: string
  /** Of another key than the response is encrypted to; null as for a response in the clear. */
  jwkThumbprint?: 'other' | null
  /**
   * How an mdoc is tied to another kind of request: at a link, or by the Digital Credentials API, now
   * and in draft 24; ISO/IEC TS 18013-7 Annex B, as drafts 18 to 24 of OpenID4VP had it, with a nonce of
   * the wallet's.
   */
  handover?: 'redirect' | 'iso-18013-7' | 'dc-api' | 'dc-api-draft-24'

  // The proof of the device: DeviceSigned (ISO/IEC 18013-5 9.1.3)

  /**
   * `missing`: neither signature nor MAC. `mac`: a MAC instead. `both`: a MAC beside the signature.
   * `attached`: what is signed stands in the signature as well, the very same. `attached-other`: what
   * stands there is not what was to be signed. `unprotected-alg`: whoever forwards it could change how
   * it is signed.
   */
  deviceAuth?: 'missing' | 'mac' | 'both' | 'attached' | 'attached-other' | 'unprotected-alg'
  /** By namespace, elements that the holder says of herself, truly signed by her key. */
  deviceElements?: Record<string, JsonObject>

  // The document

  /** Another document type than the one the issuer signed, which the device signs all the same. */
  docType?: string
  /** The first element that is shown stands in another namespace. */
  moveDisclosure?: string
  /** The elements that are shown are listed among the errors, too. */
  elementErrors?: true

  // The DeviceResponse

  /** Another `status` than 0. */
  responseStatus?: number
  /** Another `version` than 1.0. */
  responseVersion?: string
  /** The document a second time. */
  extraDocument?: true
  /** Another document is told of that could not be had. */
  documentErrors?: true
  /** A byte that belongs to nothing follows. */
  trailingByte?: true
}
