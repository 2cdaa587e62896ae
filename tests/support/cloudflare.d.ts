// The little of the Workers test runtime that the twins of our support files use. The full types
// would bring a second set of web globals with them.
declare module 'cloudflare:test' {
  import type { D1Database } from '@cloudflare/workers-types'
  export type D1Migration = { name: string; queries: string[] }
  export function applyD1Migrations(db: D1Database, migrations: D1Migration[]): Promise<void>
}
declare module 'cloudflare:workers' {
  export const env: Record<string, unknown>
}
