import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import { ok, type Result, refuse } from '../result.ts'
import { distinctPaths } from '../trust/claim-path.ts'
import type { AskedQuery } from './asked-claims.ts'
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
export function compileAsk(ask: Ask, terms: AskTerms): Result<AskedQuery, string> {
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
  const asked = known.map((type) => ({ type, claims: claimsOf(type, paths.get(type.name) ?? []) }))
  const formats = [...new Set(terms.formats)]
  const credentials = asked.flatMap(({ type, claims }) =>
    formats.map((format) => credentialQuery(type, format, claims, terms)),
  )
  const parts = formats.includes('mso_mdoc') ? asked.flatMap(partsOfElements) : []
  if (formats.length === 1) return checked({ credentials }, parts)
  const credential_sets = known.map(({ queryIds }) => ({
    options: formats.map((format) => [queryIds[format]]),
  }))
  return checked({ credentials, credential_sets }, parts)
}

/** What we compile is held to all that a query of an outsider is. */
function checked(
  query: DcqlQuery,
  parts: readonly ClaimsPathPointer[],
): Result<AskedQuery, string> {
  const parsed = parseDcql(query)
  return parsed.ok
    ? ok({ query: parsed.value, ...(parts.length > 0 && { parts }) })
    : refuse(`ask: it comes to a query that cannot be. ${parsed.error}`)
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
  const isBelow = (path: ClaimsPathPointer, other: ClaimsPathPointer) =>
    other.length < path.length && other.every((step, i) => step === path[i])
  const each = distinctPaths(paths)
  return each.filter((path) => !each.some((other) => isBelow(path, other)))
}

const claimsOf = ({ members }: CredentialType, paths: readonly ClaimsPathPointer[]) =>
  leastPaths(paths.flatMap((path) => inMembers(path, members)))

function credentialQuery(
  { type, doctype, queryIds }: CredentialType,
  format: Format,
  claims: readonly ClaimsPathPointer[],
  { authorityKeyIds }: AskTerms,
): CredentialQuery {
  const isMdoc = format === 'mso_mdoc'
  const paths = isMdoc ? elementsOf(doctype, claims) : claims
  return {
    id: queryIds[format],
    format,
    meta: isMdoc ? { doctype_value: doctype } : { vct_values: [type] },
    ...(paths.length > 0 && { claims: paths.map((path) => ({ path })) }),
    ...(authorityKeyIds && {
      trusted_authorities: [{ type: 'aki', values: [...authorityKeyIds] }],
    }),
  }
}

/** An mdoc shows an element in whole: whoever wants a part of it asks for it all (OpenID4VP 1.0 7.2). */
const elementsOf = (namespace: string, claims: readonly ClaimsPathPointer[]) =>
  distinctPaths(claims.map(([element = '']) => [namespace, element]))

/** What is wanted of elements that are asked for in whole. */
const partsOfElements = ({ type, claims }: { type: CredentialType; claims: ClaimsPathPointer[] }) =>
  claims.filter((path) => path.length > 1).map((path) => [type.doctype, ...path])
