import type BetterSqlite3 from 'better-sqlite3'

export type Migration = { name: string; sql: string }

/**
 * Brings a database to the newest schema, all or nothing, in the order of the names.
 *
 * What was applied is kept in the table that `wrangler d1 migrations apply` keeps, so both tools
 * agree. Throws a sentence for the operator when the file was written by a newer gerbang.
 */
export function migrate(client: BetterSqlite3.Database, migrations: readonly Migration[]): void {
  client.exec(
    'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  )
  const applied = new Set(
    client.prepare('SELECT name FROM d1_migrations').pluck().all() as string[],
  )
  const unknown = applied.difference(new Set(migrations.map(({ name }) => name)))
  if (unknown.size > 0) {
    throw new Error(
      `the database is newer than this gerbang (${[...unknown].join(', ')}); start the newer one`,
    )
  }
  client.transaction(() => {
    for (const { name, sql } of migrations) {
      if (applied.has(name)) continue
      client.exec(sql)
      client.prepare('INSERT INTO d1_migrations (name) VALUES (?)').run(name)
    }
  })()
}

/** Whether a database has just these migrations, so that it can be read as it stands. */
export function isUpToDate(
  client: BetterSqlite3.Database,
  migrations: readonly Migration[],
): boolean {
  const applied = client.prepare('SELECT name FROM d1_migrations').pluck().all() as string[]
  const known = new Set(migrations.map(({ name }) => name))
  return known.symmetricDifference(new Set(applied)).size === 0
}
