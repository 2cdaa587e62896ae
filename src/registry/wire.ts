import * as z from 'zod/mini'
import type { Json, JsonObject } from '../credential/json.ts'
import { levels } from '../trust/assurance.ts'
import { type Fact, reasons } from '../trust/facts.ts'

/**
 * Facts as they stand in the ledger: the same members, in snake_case. The names are listed, so that
 * language tags, the only members that are data, are left alone.
 */
const wireNames: ReadonlyMap<string, string> = new Map([
  ['atMost', 'at_most'],
  ['credentialType', 'credential_type'],
  ['credentialTypes', 'credential_types'],
  ['effectiveFrom', 'effective_from'],
  ['legalBases', 'legal_bases'],
  ['legalBasis', 'legal_basis'],
  ['maxAuthn', 'max_authn'],
  ['maxProofing', 'max_proofing'],
  ['minAuthn', 'min_authn'],
  ['minProofing', 'min_proofing'],
  ['redirectUris', 'redirect_uris'],
  ['retentionDays', 'retention_days'],
  ['transferBases', 'transfer_bases'],
  ['validFrom', 'valid_from'],
  ['validTo', 'valid_to'],
])
const ownNames: ReadonlyMap<string, string> = new Map(
  [...wireNames].map(([own, wire]) => [wire, own]),
)

export function factToWire(fact: Fact): JsonObject {
  return renamed(fact, wireNames) as JsonObject
}

/** A fact, or undefined for anything that is not one in every member. */
export function factFromWire(value: Json): Fact | undefined {
  const parsed = factSchema.safeParse(renamed(value, ownNames, wireNames))
  return parsed.success ? parsed.data : undefined
}

/** Names on neither list stay; one that is foreign to this side becomes nobody's, and so is refused. */
function renamed(
  value: unknown,
  names: ReadonlyMap<string, string>,
  foreign?: ReadonlyMap<string, string>,
): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, names, foreign))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      foreign?.has(name) ? `${name} (not a wire name)` : (names.get(name) ?? name),
      renamed(member, names, foreign),
    ]),
  )
}

const text = z.string().check(z.minLength(1), z.maxLength(2000))
const country = z.string().check(z.regex(/^[A-Z]{2}$/))
const instant = z.int().check(z.nonnegative())
const positive = z.int().check(z.positive())
const level = z.enum(levels)
const name = z.record(z.string().check(z.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/)), text)
const localizedName = z.intersection(z.looseObject({ en: text }), name)
const versioned = { version: positive, validFrom: instant }
const window = { validFrom: instant, validTo: z.exactOptional(instant) }
// What one statement counts as must not depend on which of two pairs is found first.
const levelPairs = z
  .array(z.strictObject({ national: text, proofing: level, authn: level }))
  .check(z.refine((pairs) => new Set(pairs.map((pair) => pair.national)).size === pairs.length))
const claims = z.array(
  z.strictObject({
    credentialType: text,
    paths: z.array(z.array(z.union([text, z.int().check(z.nonnegative()), z.null()]))),
    atMost: z.exactOptional(positive),
  }),
)

const factSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('jurisdiction'),
    country,
    name: localizedName,
    bloc: z.enum(['ASEAN', 'partner']),
    levels: levelPairs,
    ...versioned,
  }),
  z.strictObject({
    type: z.literal('entity'),
    id: text,
    country,
    role: z.enum(['authority', 'issuer', 'relying_party', 'wallet_provider']),
    name: localizedName,
    redirectUris: z.exactOptional(z.array(text)),
    ...versioned,
  }),
  z.strictObject({
    type: z.literal('trust_anchor'),
    id: text,
    entity: text,
    use: z.enum(['issuer_ca', 'reader_ca', 'wallet_provider_ca']),
    certificate: z.string().check(z.maxLength(16_384), z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
    ...window,
  }),
  z.strictObject({
    type: z.literal('authorization'),
    id: text,
    authority: text,
    subject: text,
    action: z.enum(['issue', 'request']),
    resource: text,
    maxProofing: z.exactOptional(level),
    maxAuthn: z.exactOptional(level),
    claims: z.exactOptional(claims),
    ...versioned,
    ...window,
  }),
  z.strictObject({
    type: z.literal('purpose'),
    code: text,
    title: localizedName,
    claims,
    minProofing: z.exactOptional(level),
    minAuthn: z.exactOptional(level),
    legalBases: z.array(text),
    retentionDays: z.int().check(z.nonnegative()),
    ...versioned,
    ...window,
  }),
  z.strictObject({
    type: z.literal('recognition'),
    id: text,
    recogniser: country,
    recognised: country,
    credentialTypes: z.array(text),
    purposes: z.array(text),
    levels: levelPairs,
    maxProofing: level,
    maxAuthn: level,
    transferBases: z.array(text),
    legalBasis: text,
    agreement: text,
    ...versioned,
    ...window,
  }),
  z.strictObject({
    type: z.literal('status'),
    target: z.strictObject({
      type: z.enum(['entity', 'trust_anchor', 'authorization', 'recognition']),
      id: text,
    }),
    status: z.enum(['pending', 'granted', 'suspended', 'withdrawn']),
    effectiveFrom: instant,
    reason: z.enum(reasons),
  }),
])
