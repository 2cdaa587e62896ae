import type { Clock } from './platform/clock.ts'
import type { CurrentRegistry } from './registry/current.ts'

type Forgetful = { forgetExpired(now: Date): Promise<void> }

export type HousekeepingDeps = {
  clock: Clock
  registry: Pick<CurrentRegistry, 'refresh'>
  transactions: Record<'expire' | 'lapse' | 'forgetResults', (now: Date) => Promise<void>>
  /** Families of rows that are good for a while only. */
  forgetful: readonly Forgetful[]
}

/** Forgets what has run its course, and catches up with the ledger. Doing it twice does no harm. */
export async function keepHouse(deps: HousekeepingDeps): Promise<void> {
  const now = deps.clock()
  await deps.transactions.expire(now)
  await deps.transactions.lapse(now)
  await deps.transactions.forgetResults(now)
  for (const family of deps.forgetful) await family.forgetExpired(now)
  await deps.registry.refresh()
}
