/** What is asked of the registry about one credential, for one relying party and purpose. */
export type TrustQuestion = {
  at: Date
  /** The id of the trust anchor in which the credential's chain ends. */
  anchor: string
  /** As the credential names it; undefined where it names none. */
  issuer: string | undefined
  credentialType: string
  /** The level statement of the national scheme, as it stands in the credential. */
  national: string | undefined
  /** Entity identifier. */
  relyingParty: string
  /** Purpose code. */
  purpose: string
}
