import type { Database } from './database.ts'
import { wrappedKeys } from './schema/keys.ts'

export function wrappedKeyStore({ orm }: Database) {
  return {
    async all(): Promise<{ kid: string; box: string }[]> {
      return await orm.select().from(wrappedKeys)
    },
  }
}
