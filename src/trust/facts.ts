import type { Level } from './assurance.ts'

/** ISO 3166-1 alpha-2, upper case; the user-assigned `ZZ` for an entity that belongs to no state. */
export type Country = string
/** A name by BCP 47 language tag; `en` is always there. */
export type LocalizedName = { en: string; [language: string]: string }

/** One explicit pair of a level map: what a national scheme states, and what it counts as. */
export type LevelPair = { national: string; proofing: Level; authn: Level }

/** What a relying party may ask of one credential type. A path is that of DCQL (OpenID4VP 1.0, 7). */
export type PermittedClaims = { credentialType: string; paths: ClaimPath[] }
export type ClaimPath = (string | number | null)[]

/** Half-open, `[validFrom, validTo)`, seconds since the epoch, as they stand in the ledger. */
export type Window = { validFrom: number; validTo?: number }

export type Jurisdiction = {
  type: 'jurisdiction'
  country: Country
  name: LocalizedName
  bloc: 'ASEAN' | 'partner'
  /** What the state's own scheme states, for use at home. Empty: unrated. */
  levels: LevelPair[]
}

export type Entity = {
  type: 'entity'
  /** The entity identifier: an https URL (http on localhost in the sandbox). */
  id: string
  country: Country
  role: 'authority' | 'issuer' | 'relying_party' | 'wallet_provider'
  name: LocalizedName
  /** Relying parties: where a browser may be sent back to. */
  redirectUris?: string[]
}

/** A key someone is known by: a certificate (base64 DER) that chains may end in. */
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
  version: number
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
} & Window

/** Why data may be asked for, and what it takes to rely on it (illustrative: specs/asean.md 3.6). */
export type Purpose = {
  type: 'purpose'
  code: string
  version: number
  title: LocalizedName
  /** The most that any relying party may be permitted for this purpose. */
  claims: PermittedClaims[]
  minProofing?: Level
  minAuthn?: Level
  legalBases: string[]
  retentionDays: number
}

/**
 * One state recognises another's credentials. Directional and never transitive: that SG recognises
 * VN says nothing of VN recognising SG. No pair in `levels` for a national statement: not recognised.
 */
export type Recognition = {
  type: 'recognition'
  id: string
  version: number
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
} & Window

/** A status event. `withdrawn` is terminal; only a compromise may reach into the past. */
export type StatusEvent = {
  type: 'status'
  target: { type: 'entity' | 'trust_anchor' | 'authorization' | 'recognition'; id: string }
  status: 'pending' | 'granted' | 'suspended' | 'withdrawn'
  effectiveFrom: number
  reason: string
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
