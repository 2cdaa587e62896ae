import type { D1Database } from '@cloudflare/workers-types'
import { drizzle } from 'drizzle-orm/d1'
import type { Database, Statement } from './database.ts'

/** The Workers driver. `batch` is D1's only transaction; `BEGIN` is refused. */
export function d1(binding: D1Database): Database {
  const orm = drizzle(binding)
  const bound = (statement: Statement) => {
    const { sql, params } = statement.toSQL()
    return binding.prepare(sql).bind(...params)
  }
  return {
    orm: orm as unknown as Database['orm'],
    async atomically(statements) {
      if (statements.length === 0) return []
      const results = await binding.batch(statements.map(bound))
      return results.map(({ meta }) => meta.changes)
    },
  }
}
