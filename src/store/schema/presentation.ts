import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { JWK } from 'jose'
import type { Report } from '../../presentation/report.ts'
import type { SealedResult } from '../../presentation/sealed-result.ts'
import type {
  Flow,
  RequestHandle,
  Transaction,
  TransactionId,
} from '../../presentation/transaction.ts'
import type { VerificationRecord } from '../../presentation/verification-record.ts'
import type { Country } from '../../trust/facts.ts'

const instant = (name: string) => integer(name, { mode: 'timestamp_ms' })
const json = (name: string) => text(name, { mode: 'json' })

/**
 * Presentations asked for, from the request to the verdict. No claim lies here in the clear: a result
 * is encrypted to its relying party, and goes before report and receipt do.
 */
export const transactions = sqliteTable(
  'presentation_transactions',
  {
    id: text('id').$type<TransactionId>().primaryKey(),
    /** Only where the wallet gets the request from us: these three. */
    handle: text('handle').$type<RequestHandle>(),
    clientId: text('client_id'),
    state: text('state'),
    /** Only where a page hands it the request. */
    origin: text('origin'),
    relyingParty: text('relying_party').notNull(),
    purpose: text('purpose').notNull(),
    status: text('status').$type<Transaction['status']>().notNull(),
    flow: text('flow').$type<Flow>().notNull().default('cross_device'),
    clientName: text('client_name').notNull(),
    nonce: text('nonce').notNull(),
    redirectUri: text('redirect_uri'),
    /** Only while an answer may come, both. */
    encryptionSecret: text('encryption_secret'),
    sealedRequest: text('sealed_request'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    decidedAt: instant('decided_at'),
    report: json('report').$type<Report>(),
    receipt: text('receipt'),
    /** SHA-256 of the code that was sent along with the browser, and when it came back. */
    responseCodeHash: text('response_code_hash'),
    responseCodeUsedAt: instant('response_code_used_at'),
    /** The verdict by which its records go; only while the code could yet change them. */
    pendingVerdict: text('pending_verdict'),
    /** Only until `resultExpiresAt`. */
    result: json('result').$type<readonly SealedResult[]>(),
    resultExpiresAt: instant('result_expires_at'),
  },
  (table) => [
    uniqueIndex('presentation_transactions_handle').on(table.handle),
    index('presentation_transactions_expiry').on(table.expiresAt),
    index('presentation_transactions_result_expiry').on(table.resultExpiresAt),
  ],
)

/** Who asked for what, and how it came out: no person, and nothing that leads to a presentation. */
export const verificationRecords = sqliteTable(
  'verification_records',
  {
    verdict: text('verdict').notNull(),
    number: integer('number').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    at: instant('at').notNull(),
    challengeBy: text('challenge_by').$type<VerificationRecord['challengeBy']>().notNull(),
    relyingParty: text('relying_party').notNull(),
    country: text('country').$type<Country>(),
    purpose: text('purpose').notNull(),
    issuer: text('issuer'),
    issuerCountry: text('issuer_country').$type<Country>(),
    credentialType: text('credential_type'),
    recognition: text('recognition'),
    proofing: text('proofing'),
    authn: text('authn'),
    outcome: text('outcome').$type<VerificationRecord['outcome']>().notNull(),
    forgetAt: instant('forget_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.verdict, table.number] }),
    index('verification_records_forget').on(table.forgetAt),
  ],
)

/** API keys of relying parties: a hash to know them by, and a public key to seal results to them. */
export const relyingPartyKeys = sqliteTable(
  'relying_party_keys',
  {
    keyHash: text('key_hash').primaryKey(),
    relyingParty: text('relying_party').notNull(),
    publicJwk: json('public_jwk').$type<JWK>().notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [index('relying_party_keys_of_relying_party').on(table.relyingParty)],
)
