import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Migration } from './store/migrations.ts'

/** The SQLite file in DATA_DIR. */
export const databaseFile = (dataDir: string): string => join(dataDir, 'gerbang.sqlite')

/** The migrations, in their order. */
export function readMigrations(): Migration[] {
  const folder = join(import.meta.dirname, '../migrations')
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }))
}
