import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import { type Result, refuse } from '../result.ts'
import { type CredentialType, credentialTypes, type Format } from './credential-types.ts'
import { type CredentialQuery, type DcqlQuery, parseDcql } from './dcql.ts'

/**
 * What a relying party wants to know, without having to know DCQL: claims of the person's
 * identification (`"name"`, `"address.country"`), or claims of a type named beside them.
 */
export type Ask = readonly (string | { type: string; claims: readonly string[] })[]

export type AskTerms = {
  /** The formats that will do, in the order of preference. */
  formats: readonly Format[]
  /** Base64url key ids of the authorities that will do (OpenID4VP 1.0 6.1.1.1); absent: all. */
  authorityKeyIds?: readonly string[]
}

/**
 * Compiles an `ask` to DCQL: one credential query per type and format, whose id is the credential
 * configuration id, and where a type may come in several formats a credential set that takes either.
 */
export function compileAsk(ask: Ask, terms: AskTerms): Result<DcqlQuery, string> {
  const paths = new Map<string, ClaimsPathPointer[]>()
  for (const item of ask) {
    const { type, claims } = typeof item === 'string' ? { type: 'pid', claims: [item] } : item
    if (claims.includes('') || claims.some((claim) => claim.split('.').includes(''))) {
      return refuse('ask: a claim is a name, or names joined by dots, such as address.country.')
    }
    const asked = claims.map((claim) => claim.split('.'))
    paths.set(type, [...(paths.get(type) ?? []), ...asked])
  }
  const known = credentialTypes.filter(({ name }) => paths.has(name))
  if (known.length < paths.size || known.length === 0) {
    const names = credentialTypes.map(({ name }) => name).join(', ')
    return refuse(`ask: name claims of at least one of these types: ${names}.`)
  }
  const formats = [...new Set(terms.formats)]
  const credentials = known.flatMap((type) =>
    formats.map((format) => credentialQuery(type, format, paths.get(type.name) ?? [], terms)),
  )
  if (formats.length === 1) return checked({ credentials })
  const credential_sets = known.map(({ queryIds }) => ({
    options: formats.map((format) => [queryIds[format]]),
  }))
  return checked({ credentials, credential_sets })
}

/** What we compile is held to all that a query of an outsider is. */
function checked(query: DcqlQuery): Result<DcqlQuery, string> {
  const parsed = parseDcql(query)
  return parsed.ok ? parsed : refuse(`ask: it comes to a query that cannot be. ${parsed.error}`)
}

/** An object claim is asked for by its members, so that no wallet shows the object as a husk. */
const inMembers = (
  path: ClaimsPathPointer,
  members: CredentialType['members'],
): ClaimsPathPointer[] => {
  const [name, ...below] = path
  if (typeof name !== 'string' || below.length > 0 || !Object.hasOwn(members, name)) return [path]
  return (members[name] ?? []).map((member) => [name, member])
}

/** Each claim once, and none that a claim above it brings along. */
function leastPaths(paths: readonly ClaimsPathPointer[]): ClaimsPathPointer[] {
  const distinct = [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()]
  const isBelow = (path: ClaimsPathPointer, other: ClaimsPathPointer) =>
    other.length < path.length && other.every((step, i) => step === path[i])
  return distinct.filter((path) => !distinct.some((other) => isBelow(path, other)))
}

function credentialQuery(
  { type, queryIds, members }: CredentialType,
  format: Format,
  paths: readonly ClaimsPathPointer[],
  { authorityKeyIds }: AskTerms,
): CredentialQuery {
  const claims = leastPaths(paths.flatMap((path) => inMembers(path, members)))
  return {
    id: queryIds[format],
    format,
    meta: { vct_values: [type] },
    ...(claims.length > 0 && { claims: claims.map((path) => ({ path })) }),
    ...(authorityKeyIds && {
      trusted_authorities: [{ type: 'aki', values: [...authorityKeyIds] }],
    }),
  }
}
