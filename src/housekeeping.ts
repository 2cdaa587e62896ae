import type { Clock } from './platform/clock.ts'
import { asOf, type TransactionUpkeep } from './presentation/transaction.ts'
import type { CurrentRegistry } from './registry/current.ts'

type Forgetful = { forgetExpired(now: Date): Promise<void> }

export type HousekeepingDeps = {
  clock: Clock
  registry: Pick<CurrentRegistry, 'refresh'>
  transactions: TransactionUpkeep
  /** Families of rows that are good for a while only. */
  forgetful: readonly Forgetful[]
}

/** Forgets what has run its course, and catches up with the ledger. Doing it twice does no harm. */
export async function keepHouse(deps: HousekeepingDeps): Promise<void> {
  const now = deps.clock()
  await deps.transactions.expire(now)
  await lapseOverdue(deps, now)
  await deps.transactions.forgetResults(now)
  for (const family of deps.forgetful) await family.forgetExpired(now)
  await deps.registry.refresh()
}

/** Whose browser never came back is refused: what was answered is told to nobody. */
async function lapseOverdue({ transactions }: HousekeepingDeps, now: Date): Promise<void> {
  for (const overdue of await transactions.overdue(now)) {
    const lapsed = asOf(overdue, now)
    if (lapsed.status === 'refused') await transactions.lapse(lapsed, now)
  }
}
