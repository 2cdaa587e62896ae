import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import type { ClaimPath } from '../trust/facts.ts'

/** The types of credentials that relying parties may ask for by name; to offer another is to add a row. */
export const credentialTypes = [
  {
    name: 'pid',
    type: 'urn:gerbang:pid:1',
    doctype: 'org.gerbang.pid.1',
    queryIds: { 'dc+sd-jwt': 'pid-sd-jwt', mso_mdoc: 'pid-mdoc' },
    members: { address: ['formatted', 'country'], place_of_birth: ['country'] },
  },
  {
    name: 'age',
    type: 'urn:gerbang:age:1',
    doctype: 'org.gerbang.age.1',
    queryIds: { 'dc+sd-jwt': 'age-sd-jwt', mso_mdoc: 'age-mdoc' },
    members: {},
  },
] as const satisfies readonly CredentialType[]

/**
 * `name` is what `ask` says; `type` what the facts of the registry say, and an SD-JWT VC of itself (its
 * `vct`); `doctype` what an mdoc says of itself, and its only namespace. `queryIds` are the ids of its
 * credential queries by format: the credential configuration ids of our issuers. `members` are those
 * that an object claim always has: each is a disclosure of its own, and wallets differ in whether the
 * path of the object alone brings them along.
 */
export type CredentialType = {
  name: string
  type: string
  doctype: string
  queryIds: Record<Format, string>
  members: Readonly<Record<string, readonly string[]>>
}

/** Formats that we can verify (OpenID4VP 1.0 appendix B), in the order of preference. */
export const formats = ['dc+sd-jwt', 'mso_mdoc'] as const
export type Format = (typeof formats)[number]

export const isFormat = (format: string): format is Format =>
  formats.some((known) => known === format)

/** A claim as the facts of the registry speak of it. */
export type RegistryClaim = { credentialType: string; path: ClaimPath }

const byDoctype = new Map<string, CredentialType>(
  credentialTypes.map((each) => [each.doctype, each]),
)
const byType = new Map<string, CredentialType>(credentialTypes.map((each) => [each.type, each]))

const ofFormat = (format: string, type: string) =>
  format === 'mso_mdoc' ? byDoctype.get(type) : undefined

/**
 * The type by which the registry knows a credential: one for all its formats, so that what holds of the
 * type, limits among it, holds of them together. A doctype that has no such type is a type by itself. One
 * that is a URI is not the type of that name: its elements would pass for claims of it.
 */
export function registryType(format: string, type: string): string {
  const known = ofFormat(format, type)
  if (known) return known.type
  return format === 'mso_mdoc' && type.includes(':') ? `doctype ${type}` : type
}

/**
 * A claim of a credential, in the words of the registry: without the namespace that goes without
 * saying. What stands in another namespace is no claim of that type.
 */
export function registryClaim(
  format: string,
  type: string,
  path: ClaimsPathPointer,
): RegistryClaim {
  const known = ofFormat(format, type)
  if (!known) return { credentialType: registryType(format, type), path }
  if (path[0] !== known.doctype) return { credentialType: type, path }
  return { credentialType: known.type, path: path.slice(1) }
}

/** Where a claim that the registry speaks of stands in a credential. */
export function placeOf(format: string, type: string, claim: ClaimPath): ClaimsPathPointer {
  const known = ofFormat(format, type)
  return known ? [known.doctype, ...claim] : claim
}

/** The doctype under which credentials of a type travel as mdocs. */
export const doctypeOf = (credentialType: string): string =>
  byType.get(credentialType)?.doctype ?? credentialType
