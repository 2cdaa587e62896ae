import { inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { VerificationRecord } from '../presentation/verification-record.ts'
import type { Database, Statement } from './database.ts'
import { columnsOf, slots } from './prepared.ts'
import { transactions, verificationRecords } from './schema/presentation.ts'

/** What is kept of verifications, for as long as their purposes say. */
export function verificationRecordStore({ orm, atomically }: Database) {
  return {
    async record(records: readonly VerificationRecord[]): Promise<void> {
      await atomically(records.map((record) => orm.insert(verificationRecords).values(record)))
    },

    async forgetExpired(now: Date): Promise<void> {
      await orm.delete(verificationRecords).where(lte(verificationRecords.forgetAt, now))
    },
  }
}

const columns = columnsOf(verificationRecords)

/**
 * Writes a record, once it is filled in, only where a transaction is found: in one batch with the move
 * of that transaction, either both are written or neither.
 */
export function recordWhere({ orm }: Database, condition: SQL | undefined): Statement {
  const values = Object.values(slots(verificationRecords, columns))
  return orm
    .insert(verificationRecords)
    .select(sql`SELECT ${sql.join(values, sql`, `)} FROM ${transactions} WHERE ${condition}`)
}

/** The browser came back: what was recorded as refused for the time being is verified. */
export const verifyRecords = ({ orm }: Database, condition: SQL | undefined): Statement =>
  orm
    .update(verificationRecords)
    .set({ outcome: 'verified' })
    .where(
      inArray(
        verificationRecords.verdict,
        sql`(SELECT ${transactions.pendingVerdict} FROM ${transactions} WHERE ${condition})`,
      ),
    )
