import type { Clock } from './clock.ts'
import { orAborted } from './or-aborted.ts'

/** Takes part in one attempt for a key; `undefined` where whoever began it took too long. */
export type SingleFlight<T> = (key: string, attempt: () => Promise<T>) => Promise<T | undefined>

type Options = {
  clock: Clock
  /** How long others wait for an attempt, from its beginning. */
  maxMs: number
  timeout?: (ms: number) => AbortSignal
}

type Flight<T> = { begunAt: number; attempt: Promise<T> }

/**
 * Lets all who want the same at the same time share one attempt: the first makes it, the others wait.
 *
 * On Workers the attempt belongs to the request that made it. Others may await it, but where that
 * request is cancelled it never ends: so nobody waits longer than `maxMs`, and whoever comes after
 * that makes a new one.
 */
export function singleFlight<T>({
  clock,
  maxMs,
  timeout = AbortSignal.timeout,
}: Options): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()

  async function begin(key: string, attempt: () => Promise<T>, begunAt: number): Promise<T> {
    const flight = { begunAt, attempt: attempt() }
    flights.set(key, flight)
    try {
      return await flight.attempt
    } finally {
      if (flights.get(key) === flight) flights.delete(key)
    }
  }

  return async (key, attempt) => {
    const now = clock().getTime()
    const flight = flights.get(key)
    const passed = flight ? now - flight.begunAt : maxMs
    // A clock that was set back says nothing of how long it has been.
    if (!flight || passed < 0 || passed >= maxMs) return begin(key, attempt, now)
    return orAborted(flight.attempt, timeout(maxMs - passed))
  }
}
