import BetterSqlite3 from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Database, Statement } from './database.ts'
import { isUpToDate, type Migration, migrate } from './migrations.ts'

/** The Node driver: one process, one file, synchronous underneath. */
export function betterSqlite3(client: BetterSqlite3.Database): Database {
  const orm = drizzle(client)
  const compiled = new Map<string, BetterSqlite3.Statement>()

  /** Compiled once: of texts that are written in batches there are few, however many are written. */
  function run(statement: Statement): number {
    const { sql, params } = statement.toSQL()
    const known = compiled.get(sql) ?? client.prepare(sql)
    if (compiled.size < maxCompiled) compiled.set(sql, known)
    return known.run(...params).changes
  }
  const all = client.transaction((statements: readonly Statement[]) => statements.map(run))
  return {
    orm: orm as unknown as Database['orm'],
    async atomically(statements) {
      return all(statements)
    },
  }
}

const maxCompiled = 100

/**
 * Opens a database file (or `:memory:`), and brings its schema up to date. Throws a sentence for the
 * operator when it is not sound, or newer than we are.
 */
export function openSqlite(file: string, migrations: readonly Migration[]): BetterSqlite3.Database {
  const client = new BetterSqlite3(file)
  client.pragma('journal_mode = WAL')
  // An acknowledged change survives a power cut; the driver's own default in WAL mode would not.
  client.pragma('synchronous = FULL')
  client.pragma('foreign_keys = ON')
  client.pragma('busy_timeout = 5000')
  // What is deleted or overwritten is gone from the file, too.
  client.pragma('secure_delete = ON')
  if (client.pragma('quick_check(1)', { simple: true }) !== 'ok') {
    throw new Error('the database is corrupt; restore a backup')
  }
  migrate(client, migrations)
  return client
}

/**
 * Opens a database file to look into it as it stands, a running gateway's too: nothing is written and
 * nothing migrated. Throws a sentence for the operator when its schema is not ours.
 *
 * Not SQLite's own read-only mode: that leaves files of the write-ahead log behind, in our name.
 */
export function openSqliteToRead(
  file: string,
  migrations: readonly Migration[],
): BetterSqlite3.Database {
  const client = new BetterSqlite3(file, { fileMustExist: true })
  client.pragma('query_only = ON')
  client.pragma('busy_timeout = 5000')
  if (!isUpToDate(client, migrations)) {
    throw new Error('the database is of another version of gerbang; start that one, or use it')
  }
  return client
}
