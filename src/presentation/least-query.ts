import { isAllowed, isPermitted } from '../purposes/minimise.ts'
import type { ClaimPath, PermittedClaims } from '../trust/facts.ts'
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
  query: DcqlQuery,
  permitted: readonly PermittedClaims[],
): DcqlQuery | undefined {
  const keeps = keptClaims(query, permitted)
  const credentials = query.credentials.flatMap((each) => leastCredential(each, permitted, keeps))
  const sets = query.credential_sets && leastSets(query.credential_sets, credentials)
  const asked = sets?.flatMap(({ options }) => options.flat())
  const left = credentials.filter(({ id }) => asked?.includes(id) ?? true)
  if (left.length === 0) return undefined
  return { credentials: left, ...(sets && { credential_sets: sets }) }
}

type Keeps = (credentialType: string, path: ClaimPath) => boolean

/** Whether a claim stays: it is permitted, and not one too many of those that a limit counts. */
function keptClaims({ credentials }: DcqlQuery, permitted: readonly PermittedClaims[]): Keeps {
  const permits: Keeps = (type, path) => isPermitted(path, boundsOf(type, permitted))
  const counted = new Map(permitted.map((bound) => [bound, new Set<string>()]))
  const tooMany = new Set<string>()
  for (const query of credentials) {
    const types = permittedTypes(query, permitted)
    for (const { path } of query.claims ?? []) {
      if (!types.every((type) => permits(type, path))) continue
      for (const type of types) {
        const bounds = boundsOf(type, permitted).filter((bound) => isAllowed(path, [bound]))
        if (bounds.some(({ atMost }) => atMost === undefined)) continue
        const full = bounds.some((bound) => !fits(bound, counted.get(bound), path))
        if (full) tooMany.add(nameOf(type, path))
        else for (const bound of bounds) counted.get(bound)?.add(JSON.stringify(path))
      }
    }
  }
  return (type, path) => permits(type, path) && !tooMany.has(nameOf(type, path))
}

const nameOf = (type: string, path: ClaimPath) => JSON.stringify([type, path])
const fits = (
  { atMost = Number.POSITIVE_INFINITY }: PermittedClaims,
  counted: ReadonlySet<string> = new Set(),
  path: ClaimPath,
) => counted.has(JSON.stringify(path)) || counted.size < atMost
const boundsOf = (type: string, permitted: readonly PermittedClaims[]) =>
  permitted.filter(({ credentialType }) => credentialType === type)

/** Those of which something that is asked for is permitted. */
function permittedTypes(query: CredentialQuery, permitted: readonly PermittedClaims[]): string[] {
  return credentialTypesOf(query).filter((type) => {
    const bounds = boundsOf(type, permitted)
    return (
      bounds.length > 0 && (query.claims?.some(({ path }) => isPermitted(path, bounds)) ?? true)
    )
  })
}

/** The credential query with its permitted types and claims; none when no type or no claim is left. */
function leastCredential(
  query: CredentialQuery,
  permitted: readonly PermittedClaims[],
  keeps: Keeps,
): CredentialQuery[] {
  const types = permittedTypes(query, permitted)
  if (types.length === 0) return []
  const { claims, claim_sets: sets, ...rest } = query
  const meta = query.meta.vct_values ? { ...query.meta, vct_values: types } : query.meta
  if (!claims) return [{ ...rest, meta }]
  const kept = claims.filter(({ path }) => types.every((type) => keeps(type, path)))
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
