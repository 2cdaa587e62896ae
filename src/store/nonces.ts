import { and, eq, gt, isNull, lte } from 'drizzle-orm'
import type { NonceStore } from '../issuance/nonce.ts'
import type { Database } from './database.ts'
import { nonces } from './schema/issuance.ts'

/** One-time values handed to wallets. A nonce is spent by the statement that checks it. */
export function nonceStore({ orm }: Database) {
  return {
    async add(nonce) {
      await orm.insert(nonces).values(nonce)
    },

    async spend(issuer, value, now) {
      const spent = await orm
        .update(nonces)
        .set({ usedAt: now })
        .where(
          and(
            eq(nonces.value, value),
            eq(nonces.issuer, issuer),
            isNull(nonces.usedAt),
            gt(nonces.expiresAt, now),
          ),
        )
        .returning({ value: nonces.value })
      return spent.length === 1
    },

    async forgetExpired(now: Date): Promise<void> {
      await orm.delete(nonces).where(lte(nonces.expiresAt, now))
    },
  } satisfies NonceStore & { forgetExpired(now: Date): Promise<void> }
}
