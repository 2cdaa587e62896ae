import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { RelyingPartyKeyStore } from '../presentation/relying-party-keys.ts'
import type { Database } from './database.ts'
import { lazily } from './prepared.ts'
import { relyingPartyKeys as keys } from './schema/presentation.ts'

const known = {
  keyHash: keys.keyHash,
  relyingParty: keys.relyingParty,
  publicJwk: keys.publicJwk,
  createdAt: keys.createdAt,
}

/** What we keep of the API keys of relying parties. A revoked one is as good as unknown. */
export function relyingPartyKeyStore({ orm }: Database) {
  const where = (condition: SQL) =>
    orm
      .select(known)
      .from(keys)
      .where(and(condition, isNull(keys.revokedAt)))
      .prepare()
  const byHash = lazily(() => where(eq(keys.keyHash, sql.placeholder('keyHash'))))
  const byOwner = lazily(() => where(eq(keys.relyingParty, sql.placeholder('relyingParty'))))

  return {
    async add(key) {
      await orm.insert(keys).values(key).onConflictDoNothing()
    },

    async find(keyHash) {
      const [found] = await byHash().all({ keyHash })
      return found
    },

    async active(relyingParty) {
      return byOwner().all({ relyingParty })
    },

    /** From now on the key opens nothing; false when it was revoked before or never known. */
    async revoke(keyHash: string, now: Date): Promise<boolean> {
      const revoked = await orm
        .update(keys)
        .set({ revokedAt: now })
        .where(and(eq(keys.keyHash, keyHash), isNull(keys.revokedAt)))
        .returning({ keyHash: keys.keyHash })
      return revoked.length === 1
    },
  } satisfies RelyingPartyKeyStore & { revoke(keyHash: string, now: Date): Promise<boolean> }
}
