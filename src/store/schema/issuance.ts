import { sql } from 'drizzle-orm'
import {
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'

const instant = (name: string) => integer(name, { mode: 'timestamp_ms' })

/**
 * Credential offers and their pre-authorized codes. The offer is sealed under the id in its URI, the
 * grant under the code, and of both secrets only a hash is kept: these rows alone reveal no person.
 */
export const credentialOffers = sqliteTable(
  'credential_offers',
  {
    idHash: text('id_hash').primaryKey(),
    issuer: text('issuer').notNull(),
    sealedOffer: text('sealed_offer').notNull(),
    codeHash: text('code_hash').notNull(),
    sealedGrant: text('sealed_grant').notNull(),
    /** Absent when no transaction code is asked for. */
    txCodeHash: text('tx_code_hash'),
    wrongTxCodes: integer('wrong_tx_codes').notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
    redeemedAt: instant('redeemed_at'),
  },
  (table) => [
    uniqueIndex('credential_offers_code').on(table.codeHash),
    index('credential_offers_expiry').on(table.expiresAt),
  ],
)

export const accessTokens = sqliteTable(
  'access_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    issuer: text('issuer').notNull(),
    sealedGrant: text('sealed_grant').notNull(),
    /** RFC 7638 thumbprint of the DPoP key; absent for a Bearer token. */
    jkt: text('jkt'),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('access_tokens_expiry').on(table.expiresAt)],
)

/**
 * Proofs that were accepted once, and are not again: the `jti` of DPoP and client attestation proofs,
 * hashed with their key, and the nonces of key proofs.
 */
export const seenProofs = sqliteTable(
  'seen_proofs',
  {
    proofHash: text('proof_hash').primaryKey(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('seen_proofs_expiry').on(table.expiresAt)],
)

/** An issuer's status lists, the first one number 0. The newest takes new credentials. */
export const statusLists = sqliteTable(
  'status_lists',
  {
    id: text('id').primaryKey(),
    issuer: text('issuer').notNull(),
    number: integer('number').notNull(),
  },
  (table) => [uniqueIndex('status_lists_of_issuer').on(table.issuer, table.number)],
)

/** What was issued: hashes, status index and times; no person, no claim. */
export const issuances = sqliteTable(
  'issuances',
  {
    statusList: text('status_list')
      .notNull()
      .references(() => statusLists.id),
    idx: integer('idx').notNull(),
    issuer: text('issuer').notNull(),
    credentialConfigurationId: text('credential_configuration_id').notNull(),
    credentialHash: text('credential_hash').notNull(),
    /** The day, as in the credential's own `iat`: the instant would link it to a log. */
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.statusList, table.idx] })],
)

/** Append-only: the status of a credential at an instant is its last event until then. */
export const statusEvents = sqliteTable(
  'credential_status_events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    statusList: text('status_list').notNull(),
    idx: integer('idx').notNull(),
    status: text('status', { enum: ['valid', 'invalid', 'suspended'] }).notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.statusList, table.idx],
      foreignColumns: [issuances.statusList, issuances.idx],
    }),
    index('credential_status_events_of_credential').on(table.statusList, table.idx),
    check('credential_status_events_id', sql`${table.id} > 0`),
    check(
      'credential_status_events_status',
      sql`${table.status} IN ('valid', 'invalid', 'suspended')`,
    ),
  ],
)
