import type { RecordIssuance } from '../issuance/issue.ts'
import type { Database } from './database.ts'
import { issuances } from './schema/issuance.ts'

/** The record of what was issued. Its primary key is what makes a status index unique. */
export function issuanceStore({ orm }: Database) {
  return {
    async record(issuance) {
      const added = await orm
        .insert(issuances)
        .values(issuance)
        .onConflictDoNothing()
        .returning({ idx: issuances.idx })
      return added.length === 1
    },
  } satisfies { record: RecordIssuance }
}
