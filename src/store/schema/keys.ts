import { sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** On Workers: the gateway's private keys, each sealed under the secret `KEYS_KEK`. */
export const wrappedKeys = sqliteTable('wrapped_keys', {
  kid: text('kid').primaryKey(),
  box: text('box').notNull(),
})
