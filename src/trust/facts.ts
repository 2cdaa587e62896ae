import type { Level } from './assurance.ts'

/** ISO 3166-1 alpha-2, upper case; the user-assigned `ZZ` for an entity that belongs to no state. */
export type Country = string
/** A name by BCP 47 language tag; `en` is always there. */
export type LocalizedName = { en: string; [language: string]: string }

/** One explicit pair of a level map: what a national scheme states, and what it counts as. */
export type LevelPair = { national: string; proofing: Level; authn: Level }

/** What a relying party may ask of one credential type. A path is that of DCQL (OpenID4VP 1.0, 7). */
export type PermittedClaims = {
  credentialType: string
  paths: ClaimPath[]
  /** How many of the paths may be asked for in one request; absent: all of them. */
  atMost?: number
}
export type ClaimPath = (string | number | null)[]

/**
 * One version of something that changes, from 1. It counts from `validFrom` (seconds since the epoch,
 * as in the ledger) until the next version does, so that what is decided later does not rule the past.
 */
export type Versioned = { version: number; validFrom: number }

/** Half-open, `[validFrom, validTo)`, seconds since the epoch, as they stand in the ledger. */
export type Window = { validFrom: number; validTo?: number }

export type Jurisdiction = {
  type: 'jurisdiction'
  country: Country
  name: LocalizedName
  bloc: 'ASEAN' | 'partner'
  /** What the state's own scheme states, for use at home. Empty: unrated. */
  levels: LevelPair[]
} & Versioned

export type Entity = {
  type: 'entity'
  /** The entity identifier: an https URL (http on localhost in the sandbox). */
  id: string
  /** Country and role are the same in every version: who changes either is another entity. */
  country: Country
  role: 'authority' | 'issuer' | 'relying_party' | 'wallet_provider'
  name: LocalizedName
  /** Relying parties: where a browser may be sent back to. */
  redirectUris?: string[]
} & Versioned

/**
 * A key someone is known by: a certificate (base64 DER) that chains may end in. Written once: its id
 * is its hash, another certificate is another anchor, and what ends it early is a status event.
 */
export type TrustAnchor = {
  type: 'trust_anchor'
  /** Base64url of the SHA-256 of the DER. */
  id: string
  entity: string
  use: 'issuer_ca' | 'reader_ca' | 'wallet_provider_ca'
  certificate: string
} & Window

/** `authority` says that `subject` may do `action` on `resource`. */
export type Authorization = {
  type: 'authorization'
  id: string
  authority: string
  subject: string
  action: 'issue' | 'request'
  /** `issue`: a credential type. `request`: `urn:gerbang:purpose:{code}`. */
  resource: string
  /** `issue`: the most that this issuer's credentials of this type are taken for. */
  maxProofing?: Level
  maxAuthn?: Level
  /** `request`: what may be asked. */
  claims?: PermittedClaims[]
} & Versioned &
  Window

/** Why data may be asked for, and what it takes to rely on it (illustrative: specs/asean.md 3.6). */
export type Purpose = {
  type: 'purpose'
  code: string
  title: LocalizedName
  /** The most that any relying party may be permitted for this purpose. */
  claims: PermittedClaims[]
  minProofing?: Level
  minAuthn?: Level
  legalBases: string[]
  retentionDays: number
} & Versioned &
  Window

/**
 * One state recognises another's credentials. Directional and never transitive: that SG recognises
 * VN says nothing of VN recognising SG. No pair in `levels` for a national statement: not recognised.
 */
export type Recognition = {
  type: 'recognition'
  id: string
  recogniser: Country
  recognised: Country
  credentialTypes: string[]
  /** Purpose codes. */
  purposes: string[]
  levels: LevelPair[]
  maxProofing: Level
  maxAuthn: Level
  transferBases: string[]
  legalBasis: string
  agreement: string
} & Versioned &
  Window

/** Why a status changed. */
export const reasons = [
  'initial',
  'routine',
  'security-incident',
  'key-compromise',
  'agreement-breach',
  'agreement-ended',
  'request-of-subject',
  'authority-order',
  'superseded',
  'cessation',
] as const

/** A status event. `withdrawn` is terminal; only a compromise may reach into the past. */
export type StatusEvent = {
  type: 'status'
  target: { type: 'entity' | 'trust_anchor' | 'authorization' | 'recognition'; id: string }
  status: 'pending' | 'granted' | 'suspended' | 'withdrawn'
  effectiveFrom: number
  reason: (typeof reasons)[number]
}

/**
 * What the registry knows, one fact a row, append-only. What has no status event is `pending`, so
 * trust nothing that nobody granted. The body of a ledger entry is a list of these, in wire form.
 */
export type Fact =
  | Jurisdiction
  | Entity
  | TrustAnchor
  | Authorization
  | Purpose
  | Recognition
  | StatusEvent

/** A fact and the ledger position at which the registry learned it. */
export type KnownFact = Fact & { position: number }
