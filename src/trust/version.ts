import type { Versioned, Window } from './facts.ts'
import { outside, seconds } from './standing.ts'

/** The newest version that has begun; where none has, the one that begins the series. */
export function versionAt<F extends Versioned>(versions: readonly F[], at: Date): F | undefined {
  const oldestFirst = versions.toSorted((a, b) => a.version - b.version)
  return oldestFirst.findLast(({ validFrom }) => validFrom <= seconds(at)) ?? oldestFirst[0]
}

/** The same for what no status tells of: undefined before it begins, and once it is over. */
export function versionInForce<F extends Versioned & Window>(
  versions: readonly F[] | undefined,
  at: Date,
): F | undefined {
  const version = versionAt(versions ?? [], at)
  return version && !outside(version, at) ? version : undefined
}
