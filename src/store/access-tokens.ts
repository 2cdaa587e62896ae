import { and, eq, gt, lte } from 'drizzle-orm'
import type { AccessTokenStore } from '../issuance/access-token.ts'
import type { Database } from './database.ts'
import { accessTokens } from './schema/issuance.ts'

/** Access tokens, by hash, with what they may fetch sealed under the token itself. */
export function accessTokenStore({ orm }: Database) {
  return {
    async add(token) {
      await orm.insert(accessTokens).values(token)
    },

    async find(issuer, tokenHash, now) {
      const [token] = await orm
        .select({ sealedGrant: accessTokens.sealedGrant, jkt: accessTokens.jkt })
        .from(accessTokens)
        .where(
          and(
            eq(accessTokens.tokenHash, tokenHash),
            eq(accessTokens.issuer, issuer),
            gt(accessTokens.expiresAt, now),
          ),
        )
      return token && { sealedGrant: token.sealedGrant, ...(token.jkt && { jkt: token.jkt }) }
    },

    async forgetExpired(now: Date): Promise<void> {
      await orm.delete(accessTokens).where(lte(accessTokens.expiresAt, now))
    },
  } satisfies AccessTokenStore & { forgetExpired(now: Date): Promise<void> }
}
