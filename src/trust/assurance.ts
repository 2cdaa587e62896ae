/** Levels of assurance as in (EU) 2015/1502, lowest first. */
export const levels = ['low', 'substantial', 'high'] as const
export type Level = (typeof levels)[number]

/**
 * How sure the issuer was of the person (proofing) and of the login (authn).
 *
 * The two never mix: a person proofed in an office who logs in with a password is `high` and `low`.
 * `unrated` means that nobody has said; it meets no demand, not even `low`.
 */
export type Assurance = { proofing: Level | 'unrated'; authn: Level | 'unrated' }

/** Whether a level is enough. No demand is met by anything; `unrated` meets no demand. */
export function meets(actual: Level | 'unrated', required: Level | undefined): boolean {
  if (required === undefined) return true
  return actual !== 'unrated' && levels.indexOf(actual) >= levels.indexOf(required)
}

/** The lowest of some levels; `unrated` is below them all, an absent cap does not count. */
export function least(
  first: Level | 'unrated',
  ...caps: readonly (Level | undefined)[]
): Level | 'unrated' {
  return caps.reduce<Level | 'unrated'>(
    (lowest, cap) =>
      cap === undefined || meets(cap, lowest === 'unrated' ? undefined : lowest) ? lowest : cap,
    first,
  )
}
