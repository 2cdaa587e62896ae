import { and, eq, gt, isNull, lt, lte, sql } from 'drizzle-orm'
import type { OfferStore } from '../issuance/credential-offer.ts'
import type { CodeStore } from '../issuance/pre-authorized-code.ts'
import type { Database } from './database.ts'
import { credentialOffers as offers } from './schema/issuance.ts'

/** After so many wrong transaction codes a pre-authorized code is dead (OpenID4VCI 1.0 13.6.3). */
const wrongTxCodesAllowed = 5

const redeemable = (issuer: string, codeHash: string, now: Date) =>
  and(
    eq(offers.codeHash, codeHash),
    eq(offers.issuer, issuer),
    isNull(offers.redeemedAt),
    gt(offers.expiresAt, now),
    lt(offers.wrongTxCodes, wrongTxCodesAllowed),
  )

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

    async findByCode({ issuer, codeHash, now }) {
      const [offer] = await orm
        .select({ sealedGrant: offers.sealedGrant, txCodeHash: offers.txCodeHash })
        .from(offers)
        .where(redeemable(issuer, codeHash, now))
      return offer && { sealedGrant: offer.sealedGrant, asksForTxCode: offer.txCodeHash !== null }
    },

    /**
     * Spends a code, or counts a wrong guess of its transaction code, in one statement: however many
     * requests run at once, one wins, and no more than five guesses are ever compared.
     */
    async redeem({ issuer, codeHash, txCodeHash, now }) {
      const given = txCodeHash ?? null
      const [offer] = await orm
        .update(offers)
        .set({
          redeemedAt: sql`CASE WHEN ${offers.txCodeHash} IS ${given} THEN ${now.getTime()} END`,
          wrongTxCodes: sql`${offers.wrongTxCodes} + (${offers.txCodeHash} IS NOT ${given})`,
        })
        .where(redeemable(issuer, codeHash, now))
        .returning({ redeemedAt: offers.redeemedAt })
      if (!offer) return 'unknown'
      return offer.redeemedAt ? 'redeemed' : 'tx_code_wrong'
    },

    async forgetExpired(now: Date): Promise<void> {
      await orm.delete(offers).where(lte(offers.expiresAt, now))
    },
  } satisfies OfferStore & CodeStore & { forgetExpired(now: Date): Promise<void> }
}
