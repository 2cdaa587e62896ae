import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import { isAllowed, isPermitted } from '../purposes/minimise.ts'
import type { ClaimPath, PermittedClaims } from '../trust/facts.ts'
import { type AskedQuery, wantedClaims } from './asked-claims.ts'
import { type RegistryClaim, registryClaim, registryType } from './credential-types.ts'
import {
  type ClaimsQuery,
  type CredentialQuery,
  credentialTypesOf,
  type DcqlQuery,
} from './dcql.ts'

/**
 * What is left of a query when all that goes beyond what is permitted is taken out: a query that may
 * be sent as it stands. Undefined when nothing would be left.
 *
 * Of claims that are permitted one by one the first that were asked for stay. Alternatives that need
 * what is not permitted fall away while there is another; the last ones keep what is permitted of them.
 */
export function leastQuery(
  asked: AskedQuery,
  permitted: readonly PermittedClaims[],
): DcqlQuery | undefined {
  const { query } = asked
  const terms = termsOf(asked, permitted)
  const credentials = query.credentials.flatMap((each) => leastCredential(each, terms))
  const sets = query.credential_sets && leastSets(query.credential_sets, credentials)
  const needed = sets?.flatMap(({ options }) => options.flat())
  const left = credentials.filter(({ id }) => needed?.includes(id) ?? true)
  if (left.length === 0) return undefined
  return { credentials: left, ...(sets && { credential_sets: sets }) }
}

/** Of one format, a type and the path of a claim. */
type Place = { format: string; type: string; path: ClaimsPathPointer }

/** What may stay of a query, and of its credential queries. */
type Terms = {
  /** Those of which something that is asked for is permitted. */
  types(query: CredentialQuery): string[]
  /** Whether a claim stays: it is permitted, and not one too many of those that a limit counts. */
  keeps(place: Place): boolean
}

function termsOf(
  { query: { credentials }, parts }: AskedQuery,
  permitted: readonly PermittedClaims[],
): Terms {
  const claims = ({ format, type, path }: Place): RegistryClaim[] =>
    wantedClaims(format, type, path, permitted, parts).map((wanted) =>
      registryClaim(format, type, wanted),
    )
  const permits = (place: Place) =>
    claims(place).every(({ credentialType, path }) =>
      isPermitted(path, boundsOf(credentialType, permitted)),
    )
  const types = (query: CredentialQuery) =>
    credentialTypesOf(query).filter((type) => {
      const { format } = query
      const isKnown = boundsOf(registryType(format, type), permitted).length > 0
      return isKnown && (query.claims?.some(({ path }) => permits({ format, type, path })) ?? true)
    })
  const tooMany = countedOut(
    credentials.flatMap((query) => {
      const { format } = query
      const all = types(query)
      return (query.claims ?? [])
        .map(({ path }) => all.map((type) => ({ format, type, path })))
        .filter((places) => places.every(permits))
        .flatMap((places) => places.flatMap(claims))
    }),
    permitted,
  )
  const isLeft = (claim: RegistryClaim) => !tooMany.has(nameOf(claim))
  return { types, keeps: (place) => permits(place) && claims(place).every(isLeft) }
}

/** Claims that are one too many of those that a limit counts, by their names. */
function countedOut(
  asked: readonly RegistryClaim[],
  permitted: readonly PermittedClaims[],
): ReadonlySet<string> {
  const counted = new Map(permitted.map((bound) => [bound, new Set<string>()]))
  const tooMany = new Set<string>()
  for (const { credentialType, path } of asked) {
    const bounds = boundsOf(credentialType, permitted).filter((bound) => isAllowed(path, [bound]))
    if (bounds.some(({ atMost }) => atMost === undefined)) continue
    const full = bounds.some((bound) => !fits(bound, counted.get(bound), path))
    if (full) tooMany.add(nameOf({ credentialType, path }))
    else for (const bound of bounds) counted.get(bound)?.add(JSON.stringify(path))
  }
  return tooMany
}

const nameOf = ({ credentialType, path }: RegistryClaim) => JSON.stringify([credentialType, path])
const fits = (
  { atMost = Number.POSITIVE_INFINITY }: PermittedClaims,
  counted: ReadonlySet<string> = new Set(),
  path: ClaimPath,
) => counted.has(JSON.stringify(path)) || counted.size < atMost
const boundsOf = (type: string, permitted: readonly PermittedClaims[]) =>
  permitted.filter(({ credentialType }) => credentialType === type)

/** The credential query with its permitted types and claims; none when no type or no claim is left. */
function leastCredential(
  query: CredentialQuery,
  { types: typesOf, keeps }: Terms,
): CredentialQuery[] {
  const types = typesOf(query)
  if (types.length === 0) return []
  const { claims, claim_sets: sets, ...rest } = query
  const { format } = query
  const meta = query.meta.vct_values ? { ...query.meta, vct_values: types } : query.meta
  if (!claims) return [{ ...rest, meta }]
  const kept = claims.filter(({ path }) => types.every((type) => keeps({ format, type, path })))
  if (kept.length === 0) return []
  if (!sets) return [{ ...rest, meta, claims: kept }]
  const claim_sets = leastOptions(
    sets,
    kept.flatMap(({ id }) => id ?? []),
  )
  if (claim_sets.length === 0) return []
  return [{ ...rest, meta, claims: kept.filter(isIn(claim_sets)), claim_sets }]
}

const isIn =
  (sets: readonly (readonly string[])[]) =>
  ({ id }: ClaimsQuery) =>
    sets.some((set) => id !== undefined && set.includes(id))

/** Alternatives of which every part is left; where there is none, what is left of each. */
function leastOptions(options: readonly string[][], left: readonly string[]): string[][] {
  const whole = options.filter((option) => option.every((id) => left.includes(id)))
  if (whole.length > 0) return whole
  const parts = options
    .map((option) => option.filter((id) => left.includes(id)))
    .filter((option) => option.length > 0)
  return [...new Map(parts.map((option) => [option.join(), option])).values()]
}

/** Where nothing that was required can be had, what was welcome is what there is to ask for. */
function leastSets(
  sets: NonNullable<DcqlQuery['credential_sets']>,
  credentials: readonly CredentialQuery[],
): NonNullable<DcqlQuery['credential_sets']> {
  const ids = credentials.map(({ id }) => id)
  const left = sets
    .map((set) => ({ ...set, options: leastOptions(set.options, ids) }))
    .filter(({ options }) => options.length > 0)
  if (left.some(({ required = true }) => required)) return left
  return left.map(({ options }) => ({ options }))
}
