import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import { isDenied } from '../purposes/minimise.ts'
import { covers } from '../trust/claim-path.ts'
import type { PermittedClaims } from '../trust/facts.ts'
import { registryClaim, registryType } from './credential-types.ts'
import { credentialTypesOf, type DcqlQuery } from './dcql.ts'

/** A query, and what is wanted of what it asks for. */
export type AskedQuery = {
  query: DcqlQuery
  /**
   * Of elements that an mdoc shows in whole, the parts that are wanted: a path of a query goes no deeper
   * than the element (OpenID4VP 1.0 7.2). Absent: all of each.
   */
  parts?: readonly ClaimsPathPointer[]
}

/** What a query asks for at most, whichever of its alternatives a wallet takes, in the registry's words. */
export function askedClaims(
  { query, parts }: AskedQuery,
  permitted: readonly PermittedClaims[],
): PermittedClaims[] {
  return query.credentials.flatMap((each) =>
    credentialTypesOf(each).flatMap((type) => [
      { credentialType: registryType(each.format, type), paths: [] },
      ...(each.claims ?? [])
        .flatMap(({ path }) => wantedClaims(each.format, type, path, permitted, parts))
        .map((path) => registryClaim(each.format, type, path))
        .map(({ credentialType, path }) => ({ credentialType, paths: [path] })),
    ]),
  )
}

/** The parts that are wanted of what a path of a query leads to; none: all of it. */
export const partsOf = (
  path: ClaimsPathPointer,
  parts: readonly ClaimsPathPointer[],
): ClaimsPathPointer[] => parts.filter((part) => path.every((step, i) => step === part[i]))

/**
 * What is wanted by one path of a query, and so all that is released by it: the claim itself, or of an
 * element of an mdoc, which is shown in whole or not at all, the parts that were asked for. Where not
 * the whole of an element is permitted, but something in it, that is what it is asked for.
 */
export function wantedClaims(
  format: string,
  type: string,
  path: ClaimsPathPointer,
  permitted: readonly PermittedClaims[],
  parts: readonly ClaimsPathPointer[] = [],
): ClaimsPathPointer[] {
  if (format !== 'mso_mdoc') return [path]
  const wanted = partsOf(path, parts)
  if (wanted.length > 0) return wanted
  const claim = registryClaim(format, type, path)
  const bounds = permitted
    .filter(({ credentialType }) => credentialType === claim.credentialType)
    .flatMap(({ paths }) => paths)
  if (bounds.some((bound) => covers(bound, claim.path))) return [path]
  const within = bounds.filter((bound) => covers(claim.path, bound) && !isDenied(bound))
  if (within.length === 0) return [path]
  const namespace = path.slice(0, path.length - claim.path.length)
  return within.map((bound) => [...namespace, ...bound])
}
