/**
 * A value, or the reason we refuse to give one.
 *
 * Anything an outside party can cause is a refusal and is returned. Anything only we can cause (a
 * bug, a lost database) is thrown, and reaches the caller as an opaque 500.
 */
export type Result<T, E> = { ok: true; value: T } | { ok: false; error: E }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })
export const refuse = <E>(error: E): Result<never, E> => ({ ok: false, error })

/**
 * The outcome of one named check of a verification.
 *
 * `detail` is written for the person who must act on it. It never quotes a claim value or a secret.
 * `skip` means that the check does not apply, or that its answer cannot be known; it says which.
 */
export type Finding<Check extends string = string> = {
  check: Check
  outcome: 'pass' | 'fail' | 'skip'
  detail: string
}

export const pass = <C extends string>(check: C, detail: string): Finding<C> => ({
  check,
  outcome: 'pass',
  detail,
})
export const fail = <C extends string>(check: C, detail: string): Finding<C> => ({
  check,
  outcome: 'fail',
  detail,
})
export const skip = <C extends string>(check: C, detail: string): Finding<C> => ({
  check,
  outcome: 'skip',
  detail,
})
