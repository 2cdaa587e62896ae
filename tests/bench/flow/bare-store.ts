import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

/** A row of `transactions`. What is asked, and the key for the answer, are in `secret`, sealed. */
export type Transaction = {
  id: string
  handle: string
  relying_party: string
  purpose: string
  status: string
  nonce: string
  state: string
  secret: Buffer | null
  created_at: number
  expires_at: number
  report: string | null
  receipt: string | null
  result: string | null
  result_expires_at: number | null
}

export type Record = {
  verdict: string
  at: number
  relyingParty: string
  purpose: string
  issuer: string
  type: string
  recognition: string
  outcome: string
  forgetAt: number
}

export type Decision = {
  id: string
  status: string
  now: number
  report: string
  receipt: string
  codeHash: string | null
  result: string | null
  resultExpiresAt: number | null
}

const schema = `
  CREATE TABLE IF NOT EXISTS transactions (
    id TEXT PRIMARY KEY, handle TEXT NOT NULL UNIQUE, relying_party TEXT NOT NULL,
    purpose TEXT NOT NULL, status TEXT NOT NULL, nonce TEXT NOT NULL, state TEXT NOT NULL,
    secret BLOB, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, decided_at INTEGER,
    report TEXT, receipt TEXT, code_hash TEXT, result TEXT, result_expires_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS transactions_expiry ON transactions (expires_at);
  CREATE INDEX IF NOT EXISTS transactions_result_expiry ON transactions (result_expires_at);
  CREATE TABLE IF NOT EXISTS records (
    verdict TEXT PRIMARY KEY, at INTEGER NOT NULL, relying_party TEXT NOT NULL,
    purpose TEXT NOT NULL, issuer TEXT, type TEXT, recognition TEXT, outcome TEXT NOT NULL,
    forget_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS records_forget ON records (forget_at);
  CREATE TABLE IF NOT EXISTS api_keys (
    key_hash TEXT PRIMARY KEY, relying_party TEXT NOT NULL, public_jwk TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS api_keys_of_relying_party ON api_keys (relying_party);
  CREATE TABLE IF NOT EXISTS statuses (
    uri TEXT NOT NULL, idx INTEGER NOT NULL, status INTEGER NOT NULL, PRIMARY KEY (uri, idx)
  ) STRICT;`

export type BareStore = ReturnType<typeof bareStore>

/** SQLite as the gateway keeps it: WAL, synchronous FULL, secure_delete; every statement prepared. */
export function bareStore(folder: string) {
  const db = new BetterSqlite3(join(folder, 'bare.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('busy_timeout = 5000')
  db.pragma('secure_delete = ON')
  db.exec(schema)
  const open = `status IN ('requested', 'retrieved') AND expires_at > @now`
  const record = db.prepare(
    `INSERT INTO records SELECT @verdict, @at, @relyingParty, @purpose, @issuer, @type,
       @recognition, @outcome, @forgetAt FROM transactions WHERE id = @id AND ${open}`,
  )
  const decide = db.prepare(
    `UPDATE transactions SET status = @status, decided_at = @now, report = @report,
       receipt = @receipt, code_hash = @codeHash, result = @result,
       result_expires_at = @resultExpiresAt, secret = NULL WHERE id = @id AND ${open}`,
  )
  const add = db.prepare(
    `INSERT INTO transactions (id, handle, relying_party, purpose, status, nonce, state, secret,
       created_at, expires_at) VALUES (?, ?, ?, ?, 'requested', ?, ?, ?, ?, ?)`,
  )
  const retrieve = db.prepare(
    `UPDATE transactions SET status = 'retrieved' WHERE id = ? AND status = 'requested'`,
  )
  const byHandle = db.prepare<[string], Transaction>('SELECT * FROM transactions WHERE handle = ?')
  const byId = db.prepare<[string], Transaction>('SELECT * FROM transactions WHERE id = ?')
  const apiKey = db.prepare<[string], { relying_party: string; public_jwk: string }>(
    'SELECT relying_party, public_jwk FROM api_keys WHERE key_hash = ?',
  )
  const keysOf = db
    .prepare<[string], string>('SELECT public_jwk FROM api_keys WHERE relying_party = ?')
    .pluck()
  const status = db.prepare<[string, number], { status: number }>(
    'SELECT status FROM statuses WHERE uri = ? AND idx = ?',
  )
  return {
    add: (t: Omit<Transaction, 'status' | 'report' | 'receipt' | 'result' | 'result_expires_at'>) =>
      add.run(
        ...[t.id, t.handle, t.relying_party, t.purpose],
        ...[t.nonce, t.state, t.secret, t.created_at, t.expires_at],
      ),
    retrieve: (id: string) => retrieve.run(id),
    byHandle: (handle: string) => byHandle.get(handle),
    byId: (id: string) => byId.get(id),
    apiKey: (hash: string) => apiKey.get(hash),
    keysOf: (relyingParty: string) => keysOf.all(relyingParty),
    statusOf: (uri: string, idx: number) => status.get(uri, idx)?.status,
    /** Both or neither; false when it is no longer open. */
    decide: db.transaction((decision: Decision, entry: Record): boolean => {
      record.run({ ...entry, id: decision.id, now: decision.now })
      return decide.run(decision).changes === 1
    }),
    addApiKey: (hash: string, relyingParty: string, publicJwk: object) =>
      db
        .prepare('INSERT OR IGNORE INTO api_keys VALUES (?, ?, ?)')
        .run(hash, relyingParty, JSON.stringify(publicJwk)),
    addStatus: (uri: string, idx: number) =>
      db.prepare('INSERT OR IGNORE INTO statuses VALUES (?, ?, 0)').run(uri, idx),
    close: () => db.close(),
  }
}
