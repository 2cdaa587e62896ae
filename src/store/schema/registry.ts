import { sql } from 'drizzle-orm'
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
} from 'drizzle-orm/sqlite-core'

/**
 * The registry: the ledger, and its facts in tables of their own, so that the database itself
 * refuses what cannot be true. Everything here is append-only; what a table cannot say is said by the
 * triggers (`../triggers.ts`). Times are seconds since the epoch, as in the ledger.
 *
 * These tables guard what is written. Nothing is judged from them: judgement reads the leaves of the
 * ledger, each checked against its hash, so a row that strayed in beside its entry changes nobody's
 * trust. What it can do is stand in the way of a later entry, never grant anything.
 *
 * drizzle-kit cannot say STRICT and WITHOUT ROWID: they are added to what it generates, for every table
 * and for those of which nothing may be replaced (a rowid would be a second key to replace a row by).
 * A test asks for them.
 */
export const ledger = sqliteTable(
  'ledger',
  {
    /** From 0, without gaps. That it is the primary key makes it the lock of all writers. */
    position: integer('position').primaryKey(),
    kind: text('kind').notNull(),
    actor: text('actor').notNull(),
    recordedAt: integer('recorded_at').notNull(),
    /** The very text that the Merkle tree commits to: RFC 8785 form. */
    leaf: text('leaf').notNull(),
    /** RFC 9162 2.1.1, in hexadecimal. */
    leafHash: text('leaf_hash').notNull(),
  },
  (table) => [
    check('ledger_leaf', isJson(table.leaf)),
    check('ledger_leaf_hash', sql`length(${table.leafHash}) = 64`),
  ],
)

/** Facts too large for their leaf, which then holds their SHA-256 only; in pieces, for D1's rows. */
export const ledgerBlob = sqliteTable(
  'ledger_blob',
  {
    position: position(),
    piece: integer('piece').notNull(),
    sha256: text('sha256').notNull(),
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.position, table.piece] })],
)

/** What others refer to: the one row of a state, made with its first version. */
export const jurisdiction = sqliteTable('jurisdiction', {
  country: text('country').primaryKey(),
  position: position(),
})

export const jurisdictionVersion = sqliteTable(
  'jurisdiction_version',
  {
    country: text('country')
      .notNull()
      .references(() => jurisdiction.country),
    version: integer('version').notNull(),
    name: json('name').notNull(),
    bloc: text('bloc').notNull(),
    levels: json('levels').notNull(),
    validFrom: integer('valid_from').notNull(),
    position: position(),
  },
  (table) => [
    primaryKey({ columns: [table.country, table.version] }),
    check('jurisdiction_version_country', isCountry(table.country)),
    check('jurisdiction_version_bloc', sql`${table.bloc} IN ('ASEAN', 'partner')`),
    check('jurisdiction_version_name', isJson(table.name)),
    check('jurisdiction_version_levels', isJson(table.levels)),
  ],
)

/** What others refer to: the one row of an entity, made with its first version. */
export const entity = sqliteTable('entity', {
  id: text('id').primaryKey(),
  position: position(),
})

export const entityVersion = sqliteTable(
  'entity_version',
  {
    id: text('id')
      .notNull()
      .references(() => entity.id),
    version: integer('version').notNull(),
    country: text('country').notNull(),
    role: text('role').notNull(),
    name: json('name').notNull(),
    redirectUris: json('redirect_uris'),
    validFrom: integer('valid_from').notNull(),
    position: position(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.version] }),
    check('entity_version_country', isCountry(table.country)),
    check(
      'entity_version_role',
      sql`${table.role} IN ('authority', 'issuer', 'relying_party', 'wallet_provider')`,
    ),
    check('entity_version_name', isJson(table.name)),
    check('entity_version_redirect_uris', isJson(table.redirectUris)),
  ],
)

/** Without versions: an anchor is its certificate, and another certificate is another anchor. */
export const trustAnchor = sqliteTable(
  'trust_anchor',
  {
    id: text('id').primaryKey(),
    entity: text('entity')
      .notNull()
      .references(() => entity.id),
    use: text('use').notNull(),
    certificate: text('certificate').notNull(),
    ...window(),
    position: position(),
  },
  (table) => [
    check(
      'trust_anchor_use',
      sql`${table.use} IN ('issuer_ca', 'reader_ca', 'wallet_provider_ca')`,
    ),
    check('trust_anchor_window', isWindow(table)),
  ],
)

export const authorizationVersion = sqliteTable(
  'authorization_version',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    authority: text('authority')
      .notNull()
      .references(() => entity.id),
    subject: text('subject')
      .notNull()
      .references(() => entity.id),
    action: text('action').notNull(),
    resource: text('resource').notNull(),
    maxProofing: text('max_proofing'),
    maxAuthn: text('max_authn'),
    claims: json('claims'),
    ...window(),
    position: position(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.version] }),
    index('authorization_version_asked').on(table.subject, table.action, table.resource),
    check('authorization_version_action', sql`${table.action} IN ('issue', 'request')`),
    check('authorization_version_proofing', isLevel(table.maxProofing)),
    check('authorization_version_authn', isLevel(table.maxAuthn)),
    check('authorization_version_claims', isJson(table.claims)),
    check('authorization_version_window', isWindow(table)),
  ],
)

export const purposeVersion = sqliteTable(
  'purpose_version',
  {
    code: text('code').notNull(),
    version: integer('version').notNull(),
    title: json('title').notNull(),
    claims: json('claims').notNull(),
    minProofing: text('min_proofing'),
    minAuthn: text('min_authn'),
    legalBases: json('legal_bases').notNull(),
    retentionDays: integer('retention_days').notNull(),
    ...window(),
    position: position(),
  },
  (table) => [
    primaryKey({ columns: [table.code, table.version] }),
    check('purpose_version_proofing', isLevel(table.minProofing)),
    check('purpose_version_authn', isLevel(table.minAuthn)),
    check('purpose_version_retention', sql`${table.retentionDays} >= 0`),
    check('purpose_version_title', isJson(table.title)),
    check('purpose_version_claims', isJson(table.claims)),
    check('purpose_version_legal_bases', isJson(table.legalBases)),
    check('purpose_version_window', isWindow(table)),
  ],
)

export const recognitionVersion = sqliteTable(
  'recognition_version',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    recogniser: text('recogniser')
      .notNull()
      .references(() => jurisdiction.country),
    recognised: text('recognised')
      .notNull()
      .references(() => jurisdiction.country),
    credentialTypes: json('credential_types').notNull(),
    purposes: json('purposes').notNull(),
    levels: json('levels').notNull(),
    maxProofing: text('max_proofing').notNull(),
    maxAuthn: text('max_authn').notNull(),
    transferBases: json('transfer_bases').notNull(),
    legalBasis: text('legal_basis').notNull(),
    agreement: text('agreement').notNull(),
    ...window(),
    position: position(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.version] }),
    index('recognition_version_pair').on(table.recogniser, table.recognised),
    check('recognition_version_foreign', sql`${table.recogniser} <> ${table.recognised}`),
    check('recognition_version_proofing', isLevel(table.maxProofing)),
    check('recognition_version_authn', isLevel(table.maxAuthn)),
    check('recognition_version_credential_types', isJson(table.credentialTypes)),
    check('recognition_version_purposes', isJson(table.purposes)),
    check('recognition_version_levels', isJson(table.levels)),
    check('recognition_version_transfer_bases', isJson(table.transferBases)),
    check('recognition_version_window', isWindow(table)),
  ],
)

export const statusEvent = sqliteTable(
  'status_event',
  {
    position: position(),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    status: text('status').notNull(),
    effectiveFrom: integer('effective_from').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [
    // One entry cannot say two things of the same target for the same instant.
    primaryKey({
      columns: [table.position, table.targetType, table.targetId, table.effectiveFrom],
    }),
    index('status_event_asof').on(table.targetType, table.targetId, table.effectiveFrom),
    check(
      'status_event_target',
      sql`${table.targetType} IN ('entity', 'trust_anchor', 'authorization', 'recognition')`,
    ),
    check(
      'status_event_status',
      sql`${table.status} IN ('pending', 'granted', 'suspended', 'withdrawn')`,
    ),
  ],
)

/** The entry by which the registry learnt it. */
function position() {
  return integer('position')
    .notNull()
    .references((): AnySQLiteColumn => ledger.position)
}

function json(name: string) {
  return text(name, { mode: 'json' })
}

function window() {
  return { validFrom: integer('valid_from').notNull(), validTo: integer('valid_to') }
}

function isWindow({ validFrom, validTo }: Record<'validFrom' | 'validTo', AnySQLiteColumn>) {
  return sql`${validTo} IS NULL OR ${validTo} > ${validFrom}`
}

/** Of what is absent, too: NULL refuses nothing in a CHECK. */
function isJson(column: AnySQLiteColumn) {
  return sql`json_valid(${column})`
}

function isCountry(column: AnySQLiteColumn) {
  return sql`${column} GLOB '[A-Z][A-Z]'`
}

function isLevel(column: AnySQLiteColumn) {
  return sql`${column} IN ('low', 'substantial', 'high')`
}
