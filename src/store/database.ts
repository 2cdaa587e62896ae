import type { Query } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'

/** A write, as every query builder of Drizzle is one. */
export type Statement = { toSQL(): Query }

/**
 * SQLite, wherever it runs.
 *
 * `orm` is only ever awaited, so the same query text serves better-sqlite3 (synchronous) and D1
 * (asynchronous). `atomically` exists because their transactions do not: better-sqlite3 takes a
 * synchronous callback and D1 takes a finished list. A list is what both can honour, so no write may
 * depend on what an earlier write in the same list returned: say it in a WHERE or a constraint.
 */
export type Database = {
  orm: BaseSQLiteDatabase<'async', unknown>
  /** Tells of each statement how many rows it wrote. */
  atomically(statements: readonly Statement[]): Promise<number[]>
}
