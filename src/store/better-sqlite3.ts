import type BetterSqlite3 from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Database } from './database.ts'

/** The Node driver: one process, one file, synchronous underneath. */
export function betterSqlite3(client: BetterSqlite3.Database): Database {
  const orm = drizzle(client)
  return {
    orm: orm as unknown as Database['orm'],
    async atomically(statements) {
      client.transaction(() => {
        for (const statement of statements) (statement as unknown as { run(): unknown }).run()
      })()
    },
  }
}
