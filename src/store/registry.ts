import { desc, getTableColumns, gt } from 'drizzle-orm'
import type { SQLiteInsertValue, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { LedgerEntry } from '../registry/entry.ts'
import type { Appended, Ledger } from '../registry/ledger.ts'
import type { Fact } from '../trust/facts.ts'
import type { Database, Statement } from './database.ts'
import { lazily } from './prepared.ts'
import * as schema from './schema/registry.ts'

/** The ledger and its facts. There is no update and no delete. */
export function ledgerStore(database: Database): Ledger {
  const { orm, atomically } = database
  const { position } = schema.ledger
  const newestEntry = lazily(() =>
    orm.select({ position }).from(schema.ledger).orderBy(desc(position)).limit(1).prepare(),
  )

  return {
    async position() {
      const [newest] = await newestEntry().all()
      return newest?.position ?? -1
    },

    async entriesAfter(position) {
      const { ledger, ledgerBlob } = schema
      const entries = orm.select().from(ledger).where(gt(ledger.position, position))
      const pieces = orm.select().from(ledgerBlob).where(gt(ledgerBlob.position, position))
      const rows = await entries.orderBy(ledger.position)
      const blobs = Map.groupBy(
        await pieces.orderBy(ledgerBlob.position, ledgerBlob.piece),
        (piece) => piece.position,
      )
      return rows.map((row) => toEntry(row, blobs.get(row.position) ?? []))
    },

    async append(entry, facts) {
      try {
        await atomically([...entryRows(database, entry), ...factRows(database, entry, facts)])
        return 'appended'
      } catch (error) {
        return whyNot(error)
      }
    },
  }
}

type LedgerRow = typeof schema.ledger.$inferSelect
type BlobRow = typeof schema.ledgerBlob.$inferSelect

function toEntry({ recordedAt, ...row }: LedgerRow, pieces: readonly BlobRow[]): LedgerEntry {
  const [first] = pieces
  const body = pieces.map((piece) => piece.body).join('')
  return {
    ...row,
    recordedAt: new Date(recordedAt * 1000),
    ...(first && { blob: { sha256: first.sha256, body } }),
  }
}

function entryRows(database: Database, { blob, ...entry }: LedgerEntry): Statement[] {
  const recordedAt = Math.floor(entry.recordedAt.getTime() / 1000)
  const pieces = cut(blob?.body ?? '').map((body, piece) => ({
    position: entry.position,
    piece,
    sha256: blob?.sha256 ?? '',
    body,
  }))
  return [
    ...inserts(database, schema.ledger, [{ ...entry, recordedAt }]),
    ...pieces.flatMap((piece) => inserts(database, schema.ledgerBlob, [piece])),
  ]
}

/** Each family in a table of its own, what others refer to first. */
function factRows(
  database: Database,
  { position }: LedgerEntry,
  facts: readonly Fact[],
): Statement[] {
  const rows = <T extends Fact['type']>(type: T) =>
    facts
      .filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type)
      .map((fact) => ({ ...fact, position }))
  const events = rows('status').map(({ target, ...event }) => ({
    ...event,
    targetType: target.type,
    targetId: target.id,
  }))
  const [states, entities] = [rows('jurisdiction'), rows('entity')]
  const newStates = states.filter(isFirst).map(({ country }) => ({ country, position }))
  const newEntities = entities.filter(isFirst).map(({ id }) => ({ id, position }))
  return [
    ...inserts(database, schema.jurisdiction, newStates),
    ...inserts(database, schema.jurisdictionVersion, states),
    ...inserts(database, schema.entity, newEntities),
    ...inserts(database, schema.entityVersion, entities),
    ...inserts(database, schema.trustAnchor, rows('trust_anchor')),
    ...inserts(database, schema.authorizationVersion, rows('authorization')),
    ...inserts(database, schema.purposeVersion, rows('purpose')),
    ...inserts(database, schema.recognitionVersion, rows('recognition')),
    ...inserts(database, schema.statusEvent, events),
  ]
}

const isFirst = ({ version }: { version: number }) => version === 1

/** D1 takes 100 bound parameters a statement. */
const maxParameters = 100

function inserts<T extends SQLiteTable>(
  { orm }: Database,
  table: T,
  rows: readonly SQLiteInsertValue<T>[],
): Statement[] {
  const size = Math.floor(maxParameters / Object.keys(getTableColumns(table)).length)
  const statements: Statement[] = []
  for (let i = 0; i < rows.length; i += size) {
    statements.push(orm.insert(table).values(rows.slice(i, i + size)))
  }
  return statements
}

/** Pieces of at most 1 MiB in UTF-8, since a row of D1 holds 2 MB; no character is cut in two. */
function cut(text: string): string[] {
  const pieces: string[] = []
  const size = 2 ** 18
  for (let start = 0; start < text.length; ) {
    const splits = /[\ud800-\udbff]/.test(text[start + size - 1] ?? '')
    const end = start + (splits ? size - 1 : size)
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}

/** What a constraint or trigger said; anything else is no answer but a lost database. */
function whyNot(error: unknown): Exclude<Appended, 'appended'> {
  let cause = error
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
  const said = cause instanceof Error ? cause.message : ''
  const taken = /UNIQUE constraint failed: ledger\.position|position must be the next one/
  if (taken.test(said)) return 'position_taken'
  const contradiction =
    /registry: ([\w ]+)|[A-Z][A-Z ]+ constraint failed(: [\w.]+(, [\w.]+)*)?/.exec(said)
  if (!contradiction) throw error
  return { contradiction: contradiction[1] ?? contradiction[0] }
}
