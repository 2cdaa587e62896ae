import type { ClaimPath, PermittedClaims } from './facts.ts'

/**
 * Whether permission for one path is permission for another: the same path, or one below it.
 *
 * `null` stands for all elements of an array and so covers each of them; one element never covers
 * all. A claim in another language or script is the same claim: `name` covers `name#th-Latn`
 * (OpenID Connect Core 1.0 5.2), but not the other way round.
 */
export function covers(permitted: ClaimPath, asked: ClaimPath): boolean {
  if (asked.length < permitted.length) return false
  return permitted.every((step, i) => stepCovers(step, asked[i]))
}

function stepCovers(permitted: ClaimPath[number], asked: ClaimPath[number] | undefined): boolean {
  if (permitted === asked) return true
  if (permitted === null) return typeof asked === 'number'
  return typeof permitted === 'string' && typeof asked === 'string'
    ? claimName(asked) === permitted
    : false
}

/** The claim's name without its language tag. */
export function claimName(step: string): string {
  const end = step.indexOf('#')
  return end < 0 ? step : step.slice(0, end)
}

/** Each path once, where it first stands. */
export const distinctPaths = (paths: readonly ClaimPath[]): ClaimPath[] => [
  ...new Map(paths.map((path) => [JSON.stringify(path), path])).values(),
]

/** What several permissions give together: all their claims, and the most that one of them allows. */
export function unitedClaims(permissions: readonly PermittedClaims[]): PermittedClaims[] {
  return [...Map.groupBy(permissions, (each) => each.credentialType)].map(
    ([credentialType, each]) => {
      const atMost = Math.max(...each.map((one) => one.atMost ?? Number.POSITIVE_INFINITY))
      const paths = each.flatMap((one) => one.paths)
      return { credentialType, paths, ...(Number.isFinite(atMost) && { atMost }) }
    },
  )
}

/** What both lists permit: of two paths, one below the other, the lower and so the lesser one. */
export function commonClaims(
  first: readonly PermittedClaims[],
  second: readonly PermittedClaims[],
): PermittedClaims[] {
  return first.flatMap((one) =>
    second
      .filter(({ credentialType }) => credentialType === one.credentialType)
      .map((other) => lesserOf(one, other)),
  )
}

function lesserOf(one: PermittedClaims, other: PermittedClaims): PermittedClaims {
  const paths = one.paths.flatMap((path) => lesser(path, other.paths))
  const limits = [one.atMost, other.atMost].filter((limit) => limit !== undefined)
  return {
    credentialType: one.credentialType,
    paths,
    ...(limits.length > 0 && { atMost: Math.min(...limits) }),
  }
}

function lesser(path: ClaimPath, bounds: readonly ClaimPath[]): ClaimPath[] {
  if (bounds.some((bound) => covers(bound, path))) return [path]
  return bounds.filter((bound) => covers(path, bound))
}
