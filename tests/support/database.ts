import { readdirSync, readFileSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { betterSqlite3 } from '../../src/store/better-sqlite3.ts'
import type { Database } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrations.ts'

const migrations = readdirSync('migrations')
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ name, sql: readFileSync(`migrations/${name}`, 'utf8') }))

/** An empty database in memory, with the whole schema. */
export async function memoryDatabase(): Promise<Database> {
  const client = new BetterSqlite3(':memory:')
  client.pragma('foreign_keys = ON')
  migrate(client, migrations)
  return betterSqlite3(client)
}
