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
  const [name = step] = step.split('#', 1)
  return name
}

/** What both lists permit: of two paths, one below the other, the lower and so the lesser one. */
export function commonClaims(
  first: readonly PermittedClaims[],
  second: readonly PermittedClaims[],
): PermittedClaims[] {
  return first.flatMap(({ credentialType, paths }) => {
    const others = second.filter((each) => each.credentialType === credentialType)
    if (others.length === 0) return []
    const bounds = others.flatMap((each) => each.paths)
    return [{ credentialType, paths: paths.flatMap((path) => lesser(path, bounds)) }]
  })
}

function lesser(path: ClaimPath, bounds: readonly ClaimPath[]): ClaimPath[] {
  if (bounds.some((bound) => covers(bound, path))) return [path]
  return bounds.filter((bound) => covers(path, bound))
}
