import BetterSqlite3 from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/store/better-sqlite3.ts'
import { migrate } from '../../src/store/migrations.ts'
import { transactions } from '../../src/store/schema/presentation.ts'
import { transactionStore } from '../../src/store/transactions.ts'
import { migrations } from '../support/database.ts'

it('a transaction of before there were pages is found as it was (0003)', async () => {
  const client = new BetterSqlite3(':memory:')
  migrate(client, migrations.slice(0, 3))
  client.exec(`INSERT INTO presentation_transactions
    (id, handle, relying_party, purpose, status, flow, client_name, client_id, nonce, state,
     encryption_secret, sealed_request, created_at, expires_at)
    VALUES ('0t_a', '0r_a', 'https://bank', 'bank-kyc', 'retrieved', 'same_device', 'Bank',
     'x509_hash:c', 'n', 's', 'secret', 'sealed', 1000, 2000)`)
  migrate(client, migrations)
  const database = betterSqlite3(client)
  expect(await transactionStore(database).findByHandle('0r_a')).toEqual({
    ...{ id: '0t_a', handle: '0r_a', relyingParty: 'https://bank', purpose: 'bank-kyc' },
    ...{ status: 'retrieved', flow: 'same_device', clientName: 'Bank', clientId: 'x509_hash:c' },
    ...{ nonce: 'n', state: 's', encryptionSecret: 'secret', sealedRequest: 'sealed' },
    ...{ createdAt: new Date(1000), expiresAt: new Date(2000) },
  })
  const [row] = await database.orm.select().from(transactions).where(eq(transactions.id, '0t_a'))
  expect(row?.origin).toBeNull()
  client.close()
})

it('a transaction of before keeps all that is written of it, column by column (0003)', () => {
  const client = new BetterSqlite3(':memory:')
  migrate(client, migrations.slice(0, 3))
  const rows = () => client.prepare('SELECT * FROM presentation_transactions').all()
  const columns = client
    .prepare<[], { name: string; type: string }>(
      "SELECT name, type FROM pragma_table_info('presentation_transactions')",
    )
    .all()
  const values = columns.map(({ name, type }, i) => (type === 'INTEGER' ? i : name))
  const slots = columns.map(() => '?').join()
  client.prepare(`INSERT INTO presentation_transactions VALUES (${slots})`).run(...values)
  const before = rows()
  migrate(client, migrations)
  expect(rows()).toEqual(before.map((row) => ({ ...(row as object), origin: null })))
  client.close()
})
