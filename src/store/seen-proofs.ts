import { lte } from 'drizzle-orm'
import type { RememberProof } from '../issuance/freshness.ts'
import type { Database } from './database.ts'
import { seenProofs } from './schema/issuance.ts'

/** Proofs that may be shown once: of many who show one, one is first. The check is the write. */
export function seenProofStore({ orm }: Database) {
  return {
    async remember(proofHash, expiresAt) {
      const added = await orm
        .insert(seenProofs)
        .values({ proofHash, expiresAt })
        .onConflictDoNothing()
        .returning({ proofHash: seenProofs.proofHash })
      return added.length === 1
    },

    async forgetExpired(now: Date): Promise<void> {
      await orm.delete(seenProofs).where(lte(seenProofs.expiresAt, now))
    },
  } satisfies { remember: RememberProof; forgetExpired(now: Date): Promise<void> }
}
