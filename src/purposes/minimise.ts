import { claimName, commonClaims, covers } from '../trust/claim-path.ts'
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
 */
export function surplus(
  asked: readonly PermittedClaims[],
  permitted: readonly PermittedClaims[],
): PermittedClaims[] {
  return asked.flatMap(({ credentialType, paths }) => {
    const bounds = permitted.filter((each) => each.credentialType === credentialType)
    const allowed = bounds.flatMap((each) => each.paths)
    const beyond = paths.filter(
      (path) => isDenied(path) || !allowed.some((bound) => covers(bound, path)),
    )
    return beyond.length > 0 || bounds.length === 0 ? [{ credentialType, paths: beyond }] : []
  })
}

/** The least of two lists: what both permit, and never what is denied. */
export function least(
  first: readonly PermittedClaims[],
  second: readonly PermittedClaims[],
): PermittedClaims[] {
  return commonClaims(first, second).map(({ credentialType, paths }) => ({
    credentialType,
    paths: paths.filter((path) => !isDenied(path)),
  }))
}
