import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { D1Database } from '@cloudflare/workers-types'
import { d1 } from '../../src/store/d1.ts'
import type { Database } from '../../src/store/database.ts'

const { DB, MIGRATIONS } = env as unknown as { DB: D1Database; MIGRATIONS: D1Migration[] }

/** An empty D1 database with the whole schema: the twin of the one in memory. */
export async function memoryDatabase(): Promise<Database> {
  const { results } = await DB.prepare(
    "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'table') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY type DESC, rowid DESC",
  ).all<{ type: string; name: string }>()
  // Tables refer to each other: what they refer to may go first, as long as all are gone in the end.
  const drops = results.map(({ type, name }) => DB.prepare(`DROP ${type} "${name}"`))
  if (drops.length > 0) await DB.batch([DB.prepare('PRAGMA defer_foreign_keys = on'), ...drops])
  await applyD1Migrations(DB, MIGRATIONS)
  return d1(DB)
}
