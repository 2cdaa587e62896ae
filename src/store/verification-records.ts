import { inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { TransactionId } from '../presentation/transaction.ts'
import type { VerificationRecord } from '../presentation/verification-record.ts'
import type { Database, Statement } from './database.ts'
import { transactions, verificationRecords } from './schema/presentation.ts'

/** What is kept of verifications, for as long as their purposes say. */
export function verificationRecordStore({ orm }: Database) {
  return {
    async record(records: readonly VerificationRecord[]): Promise<void> {
      for (const record of records) await orm.insert(verificationRecords).values(record)
    },

    async forgetExpired(now: Date): Promise<void> {
      await orm.delete(verificationRecords).where(lte(verificationRecords.forgetAt, now))
    },
  }
}

/**
 * Writes a record only where a transaction is found: in one batch with the move of that transaction,
 * either both are written or neither. `pending` is the transaction, while the outcome is not final.
 */
export function recordWhere(
  { orm }: Database,
  record: VerificationRecord,
  condition: SQL | undefined,
  pending: TransactionId | null,
): Statement {
  const { recordedAt, at, challengeBy, relyingParty, country, purpose, issuer } = record
  const { issuerCountry, credentialType, recognition, proofing, authn, outcome, forgetAt } = record
  return orm.insert(verificationRecords).select(
    sql`SELECT NULL, ${recordedAt.getTime()}, ${at.getTime()}, ${challengeBy}, ${relyingParty},
      ${country}, ${purpose}, ${issuer}, ${issuerCountry}, ${credentialType}, ${recognition},
      ${proofing}, ${authn}, ${outcome}, ${forgetAt.getTime()}, ${pending}
      FROM ${transactions} WHERE ${condition}`,
  )
}

/** The browser came back: what was recorded is final. */
export const settleRecords = ({ orm }: Database, transaction: SQL): Statement =>
  orm
    .update(verificationRecords)
    .set({ transaction: null })
    .where(inArray(verificationRecords.transaction, transaction))

/** It did not: nothing was verified after all. */
export const lapseRecords = ({ orm }: Database, lapsed: SQL): Statement =>
  orm
    .update(verificationRecords)
    .set({ transaction: null, outcome: 'refused' })
    .where(inArray(verificationRecords.transaction, lapsed))
