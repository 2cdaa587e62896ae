import type { JWK } from 'jose'

/**
 * When a key signed, as far as it is recorded: the members of a JWK that OpenID Federation 1.0 has for
 * historical keys (8.7.2, 8.7.3), in seconds since the epoch.
 */
export type KeyPeriod = {
  /** The first instant. */
  iat?: number
  /** The first instant after it. */
  exp?: number
  /** `reason`: `superseded`, `compromised` or `unspecified`. */
  revoked?: { revoked_at: number; reason?: string }
}

/** The public half of a signing key, with its certificates (leaf first, never the anchor). */
export type PublicSigningKey = KeyPeriod & {
  kid: string
  alg: 'ES256'
  jwk: JWK
  /** Base64 DER, as in the `x5c` header parameter (RFC 7515 4.1.6). Absent for a bare key. */
  x5c?: string[]
}

/**
 * What MACs are made for, each with a key of its own: the token by which an issuer knows a person, the
 * one by which a relying party does, the keys that wallets encrypt to, the nonces of key proofs, and
 * what the sandbox hands out.
 */
export type MacPurpose = 'person-token' | 'pairwise' | 'response-encryption' | 'nonce' | 'sandbox'

/**
 * The private keys, by purpose, behind a door: the caller frames what is signed (JWS, COSE, X.509,
 * signed note) and never sees a private key.
 *
 * Purposes: `credential:{cc}` (SD-JWT VCs), `document:{cc}` (mdocs), `status-list:{cc}`,
 * `access:{relying party id}`, `registration`, `receipt` sign (ES256); those of `MacPurpose` make MACs
 * (HMAC-SHA-256). Asking for a purpose without a key throws: it is our fault.
 */
export type KeyRing = {
  /** Signs with the current key of a purpose: 64 bytes, r and s, as JWS and COSE want it. */
  sign(purpose: string, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /** HMAC-SHA-256: 32 bytes. Same bytes, same answer, for as long as `macKeyId` stays the same. */
  mac(purpose: MacPurpose, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /** Names the key that MACs of a purpose are made with now: its version. It may be published. */
  macKeyId(purpose: MacPurpose): string
  /** The current key first, retired ones after it. */
  publicKeys(purpose: string): readonly [PublicSigningKey, ...PublicSigningKey[]]
}
