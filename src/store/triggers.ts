import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'

/** The registry: the ledger, what belongs to its entries, and each family of facts. */
const registry = [
  'ledger',
  'ledger_blob',
  'jurisdiction',
  'entity',
  'trust_anchor',
  'authorization_version',
  'purpose_version',
  'recognition_version',
  'status_event',
]

/** What was issued, and what became of it. */
const issuance = ['status_lists', 'issuances', 'credential_status_events']

/** The triggers of migrations/0001_append_only.sql, without which history is not what it says. */
export const triggers: readonly string[] = [
  ...[...registry, ...issuance].flatMap((table) => [`${table}_no_update`, `${table}_no_delete`]),
  'ledger_next',
  ...registry.slice(1).map((table) => `${table}_in_newest_entry`),
  'entity_of_a_jurisdiction',
  ...['authorization', 'purpose', 'recognition'].map((what) => `${what}_version_step`),
  ...['authorization', 'recognition'].map((what) => `${what}_version_same`),
  'status_event_target_known',
  'status_event_terminal',
  ...['ledger_blob', 'jurisdiction', 'entity', 'trust_anchor', 'status_event'].map(
    (table) => `${table}_no_replace`,
  ),
  'credential_status_events_invalid_is_final',
]

/** Triggers that the database lacks. We do not start without one: a migration tool may cut them. */
export async function missingTriggers({ orm }: Database): Promise<string[]> {
  const names = await orm.all<{ name: string }>(
    sql`SELECT name FROM sqlite_master WHERE type = 'trigger'`,
  )
  return triggers.filter((trigger) => !names.some(({ name }) => name === trigger))
}
