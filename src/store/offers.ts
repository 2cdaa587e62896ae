import { and, eq, gt, isNull, lt, lte, sql } from 'drizzle-orm'
import type { OfferStore } from '../issuance/credential-offer.ts'
import type { RedeemCode } from '../issuance/token.ts'
import type { Database } from './database.ts'
import { credentialOffers as offers } from './schema/issuance.ts'

/** After so many wrong transaction codes a pre-authorized code is dead (OpenID4VCI 1.0 13.6.3). */
const wrongTxCodesAllowed = 5

/** Credential offers, and the pre-authorized codes in them. */
export function offerStore({ orm }: Database) {
  return {
    async add(offer) {
      await orm.insert(offers).values(offer)
    },

    async find(issuer, idHash, now) {
      const [offer] = await orm
        .select({ sealedOffer: offers.sealedOffer })
        .from(offers)
        .where(and(eq(offers.idHash, idHash), eq(offers.issuer, issuer), gt(offers.expiresAt, now)))
      return offer?.sealedOffer
    },

    /**
     * Spends a code, or counts a wrong guess of its transaction code, in one statement: however many
     * requests run at once, one wins, and no more than five guesses are ever compared.
     */
    async redeem({ issuer, codeHash, txCodeHash, now }) {
      const given = txCodeHash ?? null
      const right = sql`${offers.txCodeHash} IS ${given}`
      const wrong = sql`${offers.txCodeHash} IS NOT ${given} AND ${offers.txCodeHash} IS NOT NULL AND ${given} IS NOT NULL`
      const [offer] = await orm
        .update(offers)
        .set({
          redeemedAt: sql`CASE WHEN ${right} THEN ${now.getTime()} END`,
          wrongTxCodes: sql`${offers.wrongTxCodes} + (${wrong})`,
        })
        .where(
          and(
            eq(offers.codeHash, codeHash),
            eq(offers.issuer, issuer),
            isNull(offers.redeemedAt),
            gt(offers.expiresAt, now),
            lt(offers.wrongTxCodes, wrongTxCodesAllowed),
          ),
        )
        .returning({
          redeemedAt: offers.redeemedAt,
          txCodeHash: offers.txCodeHash,
          sealedGrant: offers.sealedGrant,
        })
      if (!offer) return 'unknown'
      if (offer.redeemedAt) return { sealedGrant: offer.sealedGrant }
      if (offer.txCodeHash === null) return 'tx_code_unexpected'
      return given === null ? 'tx_code_missing' : 'tx_code_wrong'
    },

    async forgetExpired(now: Date): Promise<void> {
      await orm.delete(offers).where(lte(offers.expiresAt, now))
    },
  } satisfies OfferStore & { redeem: RedeemCode; forgetExpired(now: Date): Promise<void> }
}
