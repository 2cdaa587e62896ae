import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'

/** Facts that come in versions: the column that names the thing, and what stays the same in all. */
const versions: Readonly<Record<string, { key: string; same: readonly string[] }>> = {
  jurisdiction_version: { key: 'country', same: [] },
  entity_version: { key: 'id', same: ['country', 'role'] },
  authorization_version: { key: 'id', same: ['authority', 'subject', 'action', 'resource'] },
  purpose_version: { key: 'code', same: [] },
  recognition_version: { key: 'id', same: ['recogniser', 'recognised'] },
}

/** What else belongs to an entry of the ledger: the columns of its key, under which nothing is replaced. */
const writtenOnce: Readonly<Record<string, readonly string[]>> = {
  ledger_blob: ['position', 'piece'],
  jurisdiction: ['country'],
  entity: ['id'],
  trust_anchor: ['id'],
  status_event: ['position', 'target_type', 'target_id', 'effective_from'],
}

const facts = [...Object.keys(writtenOnce), ...Object.keys(versions)]
const issuance = ['status_lists', 'issuances', 'credential_status_events']

const trigger = (name: string, event: string, when: string, outcome: string) =>
  [name, `CREATE TRIGGER ${name} BEFORE ${event}${when} BEGIN SELECT ${outcome}; END`] as const

/** Refuses an insert where a condition holds of it (`NEW`), with words for who attempts it. */
const refuse = (table: string, what: string, when: string, says: string) =>
  trigger(`${table}_${what}`, `INSERT ON ${table}`, ` WHEN ${when}`, `RAISE(ABORT, '${says}')`)

const appendOnly = (family: string, table: string) =>
  ['UPDATE', 'DELETE'].map((event) =>
    trigger(
      `${table}_no_${event.toLowerCase()}`,
      `${event} ON ${table}`,
      '',
      `RAISE(ABORT, '${family}: ${table} is append-only')`,
    ),
  )

const allEqual = (columns: readonly string[]) =>
  columns.map((column) => `p.${column} = NEW.${column}`).join(' AND ')
const someRow = (table: string, where: string) => `EXISTS (SELECT 1 FROM ${table} p WHERE ${where})`

/** Only a compromise may reach into the past; the first entry tells of it what it knows. */
const backdated = (instant: string) =>
  `NEW.position > 0 AND NEW.${instant} < (SELECT l.recorded_at FROM ledger l WHERE l.position = NEW.position)`

const registry = [
  ...['ledger', ...facts].flatMap((table) => appendOnly('registry', table)),
  refuse(
    'ledger',
    'next',
    'NEW.position <> COALESCE((SELECT MAX(position) FROM ledger), -1) + 1',
    'registry: position must be the next one',
  ),
  ...facts.map((table) =>
    refuse(
      table,
      'in_newest_entry',
      'NEW.position <> (SELECT MAX(position) FROM ledger)',
      'registry: facts enter with their entry',
    ),
  ),
  // INSERT OR REPLACE deletes without a word to the triggers on DELETE, so it must not come so far.
  ...Object.entries(writtenOnce).map(([table, key]) =>
    refuse(table, 'no_replace', someRow(table, allEqual(key)), `registry: ${table} has it already`),
  ),
  ...Object.entries(versions).flatMap(([table, { key, same }]) => [
    refuse(
      table,
      'step',
      `NEW.version <> COALESCE((SELECT MAX(p.version) FROM ${table} p WHERE ${allEqual([key])}), 0) + 1`,
      'registry: version must be the next one',
    ),
    refuse(
      table,
      'not_backdated',
      `NEW.version > 1 AND ${backdated('valid_from')}`,
      'registry: a later version may not begin in the past',
    ),
    ...(same.length === 0
      ? []
      : [
          refuse(
            table,
            'same',
            someRow(table, `${allEqual([key])} AND NOT (${allEqual(same)})`),
            'registry: a version may not move to other parties',
          ),
        ]),
  ]),
  refuse(
    'entity_version',
    'of_a_jurisdiction',
    `NEW.country <> 'ZZ' AND NOT ${someRow('jurisdiction', allEqual(['country']))}`,
    'registry: entity of an unknown jurisdiction',
  ),
  refuse(
    'status_event',
    'target_known',
    [
      ['entity', 'entity'],
      ['trust_anchor', 'trust_anchor'],
      ['authorization', 'authorization_version'],
      ['recognition', 'recognition_version'],
    ]
      .map(
        ([type, table = '']) =>
          `NOT (NEW.target_type = '${type}' AND ${someRow(table, 'p.id = NEW.target_id')})`,
      )
      .join(' AND '),
    'registry: status of an unknown target',
  ),
  refuse(
    'status_event',
    'terminal',
    someRow(
      'status_event',
      `${allEqual(['target_type', 'target_id'])} AND p.status = 'withdrawn' AND (NEW.status <> 'withdrawn' OR p.effective_from <= NEW.effective_from)`,
    ),
    'registry: withdrawn is terminal',
  ),
  refuse(
    'status_event',
    'not_backdated',
    `${backdated('effective_from')} AND NOT (NEW.reason = 'key-compromise' AND NEW.status IN ('suspended', 'withdrawn'))`,
    'registry: only a compromise may reach into the past',
  ),
]

/** What is there stays: an insert under a key that is taken comes to nothing, REPLACE or not. */
const keep = (table: string, taken: string) =>
  trigger(
    `${table}_no_replace`,
    `INSERT ON ${table}`,
    ` WHEN ${someRow(table, taken)}`,
    'RAISE(IGNORE)',
  )

const issuing = [
  ...issuance.flatMap((table) => appendOnly('issuance', table)),
  keep('status_lists', `${allEqual(['id'])} OR (${allEqual(['issuer', 'number'])})`),
  keep('issuances', allEqual(['status_list', 'idx'])),
  // An id that the database is to choose is not above 0 here.
  refuse(
    'credential_status_events',
    'no_replace',
    'NEW.id > 0 AND NEW.id <= (SELECT MAX(id) FROM credential_status_events)',
    'issuance: events only go on',
  ),
  refuse(
    'credential_status_events',
    'invalid_is_final',
    someRow(
      'credential_status_events',
      `${allEqual(['status_list', 'idx'])} AND p.status = 'invalid'`,
    ),
    'issuance: invalid is final',
  ),
]

/**
 * The triggers without which history is not what it says, by name, each one line of SQL: a migration
 * tool may cut others. migrations/0001_append_only.sql is made from these.
 */
export const triggers: ReadonlyMap<string, string> = new Map([...registry, ...issuing])

/**
 * What is wrong with the triggers of a database, a line each. We do not start without one, nor with one
 * that was made anew with another text, nor beside one that is not ours.
 */
export async function triggerFaults({ orm }: Database): Promise<string[]> {
  const found = new Map(
    (
      await orm.all<{ name: string; sql: string }>(
        sql`SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`,
      )
    ).map((each) => [each.name, each.sql]),
  )
  return [
    ...[...triggers].flatMap(([name, statement]) => {
      if (!found.has(name)) return [`the database has lost the trigger ${name}`]
      return found.get(name) === statement ? [] : [`the trigger ${name} was changed`]
    }),
    ...[...found.keys()]
      .filter((name) => !triggers.has(name))
      .map((name) => `the trigger ${name} is not ours`),
  ]
}
