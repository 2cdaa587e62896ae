/** The types of credentials that relying parties may ask for by name; to offer another is to add a row. */
export const credentialTypes = [
  {
    name: 'pid',
    type: 'urn:gerbang:pid:1',
    queryIds: { 'dc+sd-jwt': 'pid-sd-jwt' },
    members: { address: ['formatted', 'country'], place_of_birth: ['country'] },
  },
  {
    name: 'age',
    type: 'urn:gerbang:age:1',
    queryIds: { 'dc+sd-jwt': 'age-sd-jwt' },
    members: {},
  },
] as const satisfies readonly CredentialType[]

/**
 * `name` is what `ask` says; `type` what a credential says of itself (its `vct`); `queryIds` are the
 * ids of its credential queries by format: the credential configuration ids of our issuers. `members`
 * are those that an object claim always has: each is a disclosure of its own, and wallets differ in
 * whether the path of the object alone brings them along.
 */
export type CredentialType = {
  name: string
  type: string
  queryIds: Record<Format, string>
  members: Readonly<Record<string, readonly string[]>>
}

/** Formats that we can verify (OpenID4VP 1.0 appendix B). */
export const formats = ['dc+sd-jwt'] as const
export type Format = (typeof formats)[number]

export const isFormat = (format: string): format is Format =>
  formats.some((known) => known === format)
