import { readdirSync, readFileSync } from 'node:fs'
import { betterSqlite3, openSqlite } from '../../src/store/better-sqlite3.ts'
import type { Database } from '../../src/store/database.ts'

/** Every migration, in the order in which they are applied. */
export const migrations = readdirSync('migrations')
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ name, sql: readFileSync(`migrations/${name}`, 'utf8') }))

/** A database in a file, as a gateway has its own, and how to let go of it. */
export function fileDatabase(file: string): { database: Database; close: () => void } {
  const client = openSqlite(file, migrations)
  return { database: betterSqlite3(client), close: () => client.close() }
}

/** An empty database in memory, with the whole schema, opened as a gateway opens its own. */
export async function memoryDatabase(): Promise<Database> {
  return betterSqlite3(openSqlite(':memory:', migrations))
}
