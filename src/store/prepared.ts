import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import { fillPlaceholders } from 'drizzle-orm/sql'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Statement } from './database.ts'

// Putting a query together takes Drizzle as long as SQLite takes to run it. So those of every request
// are put together once, with placeholders, and only filled.

/**
 * Makes something when it is first needed, and keeps it: a query cannot be prepared before its tables
 * are there.
 */
export function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** A write for `atomically`, to be filled as often as it is needed. */
export function fillable(make: () => Statement): (values: Record<string, unknown>) => Statement {
  const query = lazily(() => make().toSQL())
  return (values) => ({
    toSQL: () => ({ sql: query().sql, params: fillPlaceholders(query().params, values) }),
  })
}

/** Placeholders for some columns of a table, each of its column's name. Null may be filled in. */
export function slots<Table extends SQLiteTable, Name extends keyof Table['$inferSelect']>(
  table: Table,
  names: readonly Name[],
): Record<Name, SQL> {
  const columns = getTableColumns(table) as unknown as Record<Name, Column>
  const slot = (name: Name) => {
    const mapToDriverValue = (value: unknown) =>
      value === null ? null : columns[name].mapToDriverValue(value)
    return sql`${sql.param(sql.placeholder(String(name)), { mapToDriverValue })}`
  }
  return Object.fromEntries(names.map((name) => [name, slot(name)])) as Record<Name, SQL>
}

type Column = { mapToDriverValue(value: unknown): unknown }

/** The names of all columns of a table. */
export const columnsOf = <Table extends SQLiteTable>(table: Table) =>
  Object.keys(getTableColumns(table)) as (keyof Table['$inferSelect'] & string)[]

/** Nothing in any of these columns: what is filled in over it need not name them all. */
export const blank = (names: readonly string[]): Record<string, null> =>
  Object.fromEntries(names.map((name) => [name, null]))
