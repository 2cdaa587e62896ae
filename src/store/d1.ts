import type { D1Database, D1Result } from '@cloudflare/workers-types'
import { drizzle } from 'drizzle-orm/d1'
import type { Database, Statement } from './database.ts'

/** The Workers driver. `batch` is D1's only transaction; `BEGIN` is refused. */
export function d1(binding: D1Database): Database {
  const orm = drizzle(binding)
  return {
    orm: orm as unknown as Database['orm'],
    async atomically(statements) {
      const [first, ...rest] = statements
      if (!first) return []
      const results = await orm.batch([first, ...rest] as [Statement, ...Statement[]])
      return (results as D1Result[]).map(({ meta }) => meta.changes)
    },
  }
}
