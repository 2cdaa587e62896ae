import { claimName, covers, distinctPaths } from '../trust/claim-path.ts'
import type { ClaimPath, PermittedClaims } from '../trust/facts.ts'

/** What some national sources hold, and no purpose may ever ask for. */
const denied: ReadonlySet<string> = new Set(['religion', 'race', 'blood_type', 'marital_status'])

/** Whether a path names, anywhere in it, what may never be asked for. */
export function isDenied(path: ClaimPath): boolean {
  return path.some((step) => typeof step === 'string' && denied.has(claimName(step)))
}

/**
 * What is asked for beyond what is permitted; empty when nothing is. A credential type that is not
 * permitted at all is listed even when no claim of it is asked for: that one holds it, tells much.
 * Where claims are permitted by themselves but not together, those asked for are listed with the
 * number (`atMost`) that they exceed.
 */
export function surplus(
  asked: readonly PermittedClaims[],
  permitted: readonly PermittedClaims[],
): PermittedClaims[] {
  const byType = Map.groupBy(asked, ({ credentialType }) => credentialType)
  return [...byType].flatMap(([credentialType, each]) => {
    const bounds = permitted.filter((bound) => bound.credentialType === credentialType)
    const paths = distinctPaths(each.flatMap((one) => one.paths))
    const beyond = paths.filter((path) => !isPermitted(path, bounds))
    const isSurplus = beyond.length > 0 || bounds.length === 0
    return [
      ...(isSurplus ? [{ credentialType, paths: beyond }] : []),
      ...tooMany(credentialType, paths, bounds),
    ]
  })
}

/** Claims that a limit counts, where they are more than it allows. */
function tooMany(
  credentialType: string,
  paths: readonly ClaimPath[],
  bounds: readonly PermittedClaims[],
): PermittedClaims[] {
  if (bounds.every(({ atMost }) => atMost === undefined)) return []
  const unlimited = bounds.filter(({ atMost }) => atMost === undefined)
  const counted = paths.filter((path) => !isAllowed(path, unlimited))
  return bounds.flatMap((bound) => {
    const { atMost = Number.POSITIVE_INFINITY } = bound
    const together = counted.filter((path) => isAllowed(path, [bound]))
    return together.length > atMost ? [{ credentialType, paths: together, atMost }] : []
  })
}

/** Whether a claim may be asked for, by any of the bounds of its credential type. */
export const isPermitted = (path: ClaimPath, bounds: readonly PermittedClaims[]) =>
  !isDenied(path) && isAllowed(path, bounds)

export const isAllowed = (path: ClaimPath, bounds: readonly PermittedClaims[]) =>
  bounds.some((bound) => bound.paths.some((allowed) => covers(allowed, path)))
