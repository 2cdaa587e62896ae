import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import type { MdocLies } from './mdoc-lies.ts'

/**
 * What a wallet can be told to lie about, each an attack that a verifier must withstand. Lies may be
 * combined; whatever is not lied about stays as an honest wallet would do it.
 */
export type Lies = MdocLies & {
  // Key binding: the KB-JWT of every presentation (RFC 9901 4.3), signed anew by the holder, or the
  // signature of the device (ISO/IEC 18013-5 9.1.3), as far as it says such a thing

  /** Another nonce than the request's: a presentation made for another occasion. */
  nonce?: string
  /** Another `aud` than the whole client_id, for instance without its prefix: made for somebody else. */
  audience?: string | ((clientId: string) => string)
  /** An `sd_hash` over something else: disclosures added or withheld after signing. */
  sdHash?: string
  /** Seconds added to the honest `iat`: made long ago, or in stock for later. */
  iat?: number
  /** `other`: signed by a key that is not in `cnf`: a stolen credential. */
  holderKey?: 'other'
  /** Another `typ` than `kb+jwt`: some other JWT of the holder's, passed off as key binding. */
  kbTyp?: string
  /** `none`: no signature at all. `HS256`: a MAC, keyed with the public key that anyone knows. */
  kbAlg?: 'none' | 'HS256'
  /** No KB-JWT: the presentation ends with a tilde. Of an mdoc there is no DeviceSigned. */
  dropKeyBinding?: true

  // Transaction data: what the KB-JWT says of it (OpenID4VP 1.0 B.3.3.1)

  /** Other hashes than those of what was sent; null for none. */
  transactionDataHashes?: readonly string[] | null
  /** Another hash algorithm than `sha-256`; null for none named. */
  transactionDataAlg?: string | null
  /** The id of the credential query in whose proof the hashes stand, whatever was asked. */
  transactionDataIn?: string

  // The credential: what stands before the KB-JWT, which is then made over it, or what the issuer signed
  // of an mdoc, where each element that is shown is a disclosure

  /** The value in the first disclosure is another. */
  alterDisclosure?: true
  /** One more disclosure, which no digest calls for. */
  extraDisclosure?: true
  /** The first disclosure twice. */
  duplicateDisclosure?: true
  /** More than was asked: the claim at this path of the credential, or everything. Not forged. */
  disclosureNotAsked?: ClaimsPathPointer | true
  /** Less than was asked: without the claim at this path of the credential, or without the last. */
  omitDisclosure?: ClaimsPathPointer | true
  /** One bit of the issuer's signature is flipped. */
  tamperIssuerSignature?: true
  /** The credential re-signed: not at all, or by a MAC keyed with the issuer's own certificate. */
  issuerAlg?: 'none' | 'HS256'

  // Where the answer is given to a page (OpenID4VP 1.0 A)

  /** Made for a page of another origin than the browser says. */
  origin?: string
  /** Given to a page of an origin that whoever signed did not expect: the request was passed on. */
  ignoreExpectedOrigins?: true

  // The response

  /** These strings are presented instead, for every credential query: a replay. */
  presentations?: readonly string[]
  /** What takes the place of the honest `vp_token`: another shape, two elements, an unknown id. */
  vpToken?: (honest: Record<string, string[]>) => unknown
  /** What takes the place of the response parameters, `state` included, before they are encrypted. */
  parameters?: (honest: Record<string, unknown>) => Record<string, unknown>
  /** An OAuth error instead of an answer, such as `access_denied`. */
  error?: string
  /** Another `state` than the request's; null for none. */
  state?: string | null
  /** The response parameters unencrypted, as for `direct_post` (HAIP 1.0 5.1 forbids it). */
  plaintext?: true
  /** `other`: encrypted to a key that is not the verifier's, under its `kid`. */
  encryptTo?: 'other'
  /** Another `kid` in the JWE; null for none. */
  kid?: string | null
  /** Another content encryption, perhaps one that was not announced. */
  enc?: string
  /** Another key management, such as `ECDH-ES+A256KW`. */
  alg?: string
  /** What takes the place of the form that is posted. */
  form?: (honest: Record<string, string>) => Record<string, string>
}
