import { type Finding, fail, pass } from '../result.ts'

/** The finding of a check that was carried out: failed when there is a fault to tell of. */
export const judged = <C extends string>(
  check: C,
  fault: string | undefined,
  passed: string,
): Finding<C> => (fault === undefined ? pass(check, passed) : fail(check, fault))
