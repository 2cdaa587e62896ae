import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { betterSqlite3 } from '../../src/store/better-sqlite3.ts'
import type { Database } from '../../src/store/database.ts'

/** An empty database in memory, with the whole schema. */
export async function memoryDatabase(): Promise<Database> {
  const { generateSQLiteDrizzleJson, generateSQLiteMigration } = await import('drizzle-kit/api')
  const folder = join(import.meta.dirname, '../../src/store/schema')
  const modules = await Promise.all(
    readdirSync(folder).map((name) => import(join(folder, name)) as Promise<object>),
  )
  const schema = Object.assign({}, ...modules.map((m) => ({ ...m })))
  const statements = await generateSQLiteMigration(
    await generateSQLiteDrizzleJson({}),
    await generateSQLiteDrizzleJson(schema),
  )
  const client = new BetterSqlite3(':memory:')
  client.pragma('foreign_keys = ON')
  for (const statement of statements) client.exec(statement)
  return betterSqlite3(client)
}
