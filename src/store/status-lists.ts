import { and, asc, desc, eq, lte, max, sql } from 'drizzle-orm'
import type { CredentialStatus } from '../credential/credential-status.ts'
import type { StatusListStore } from '../issuance/status-list.ts'
import type { Database } from './database.ts'
import { lazily } from './prepared.ts'
import { issuances, statusEvents, statusLists } from './schema/issuance.ts'

/** Status lists and the events that make them up. Events are only ever added. */
export function statusListStore({ orm }: Database) {
  const newestOf = async (issuer: string) => {
    const [list] = await orm
      .select({ id: statusLists.id, number: statusLists.number })
      .from(statusLists)
      .where(eq(statusLists.issuer, issuer))
      .orderBy(desc(statusLists.number))
      .limit(1)
    return list
  }

  // The last event in a subquery, which walks the index backwards: to join and sort takes ten times as long.
  const statusAt = lazily(() => {
    const last = orm
      .select({ status: statusEvents.status })
      .from(statusEvents)
      .where(
        and(
          eq(statusEvents.statusList, issuances.statusList),
          eq(statusEvents.idx, issuances.idx),
          lte(statusEvents.at, sql.placeholder('at')),
        ),
      )
      .orderBy(desc(statusEvents.id))
      .limit(1)
    return orm
      .select({ issuer: issuances.issuer, status: sql<CredentialStatus | null>`(${last})` })
      .from(issuances)
      .where(
        and(
          eq(issuances.statusList, sql.placeholder('list')),
          eq(issuances.idx, sql.placeholder('idx')),
        ),
      )
      .prepare()
  })

  return {
    newestOf,

    /** Two that open the same number agree on the one that came first. */
    async open(list) {
      await orm.insert(statusLists).values(list).onConflictDoNothing()
    },

    async issuerOf(list) {
      const [found] = await orm
        .select({ issuer: statusLists.issuer })
        .from(statusLists)
        .where(eq(statusLists.id, list))
      return found?.issuer
    },

    async newestEvent(list) {
      const [found] = await orm
        .select({ id: max(statusEvents.id) })
        .from(statusEvents)
        .where(eq(statusEvents.statusList, list))
      return found?.id ?? 0
    },

    async events(list, upTo) {
      return orm
        .select({ idx: statusEvents.idx, status: statusEvents.status })
        .from(statusEvents)
        .where(and(eq(statusEvents.statusList, list), lte(statusEvents.id, upTo)))
        .orderBy(asc(statusEvents.id))
    },

    async statusAt(list, idx, at) {
      const [found] = await statusAt().all({ list, idx, at: at.getTime() })
      return found && { issuer: found.issuer, status: found.status ?? 'valid' }
    },

    /** Only for an index that was issued and is not invalid: the check is the write. */
    async append({ statusList, idx, status, at }) {
      const added = await orm
        .insert(statusEvents)
        .select(
          sql`SELECT NULL, ${issuances.statusList}, ${issuances.idx}, ${status}, ${at.getTime()} FROM ${issuances}
            WHERE ${issuances.statusList} = ${statusList} AND ${issuances.idx} = ${idx}
            AND NOT EXISTS (SELECT 1 FROM ${statusEvents} WHERE ${statusEvents.statusList} = ${statusList}
              AND ${statusEvents.idx} = ${idx} AND ${statusEvents.status} = 'invalid')`,
        )
        .returning({ id: statusEvents.id })
      return added.length === 1
    },
  } satisfies StatusListStore
}
