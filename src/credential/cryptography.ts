type Bytes = Uint8Array<ArrayBuffer>
type Awaitable<T> = T | Promise<T>

export type Curve = 'P-256' | 'P-384'
export type Hash = 'SHA-256' | 'SHA-384'

/** Keys as a driver keeps them: only the driver that made one can use it. */
declare const made: unique symbol
export type VerifyingKey = { readonly [made]: 'verifying' }
export type SigningKey = { readonly [made]: 'signing' }
export type AgreementKey = { readonly [made]: 'agreement' }
export type MacKey = { readonly [made]: 'mac' }

/**
 * What the formats need of cryptography: the few primitives that they are made of, and no policy.
 *
 * A driver may answer at once or by promise, so whoever calls awaits. Points of a curve are their two
 * coordinates, one after the other (64 bytes on P-256); signatures are r and s, likewise, as JWS and
 * COSE want them; private keys are the scalar. What keys are is each driver's own affair.
 */
export type Cryptography<
  Verifying = VerifyingKey,
  Signing = SigningKey,
  Agreement = AgreementKey,
  Mac = MacKey,
> = {
  sha256(data: Uint8Array): Awaitable<Bytes>
  /** SHA-256 of a text, or of its UTF-8 bytes, in base64url: how JOSE and SD-JWT write digests. */
  digestText(text: string | Uint8Array): Awaitable<string>
  /** Undefined when the point does not lie on the curve, or has not its length. */
  verifyingKey(curve: Curve, point: Uint8Array): Awaitable<Verifying | undefined>
  /** ECDSA. Anything unfit is simply false. */
  verify(key: Verifying, hash: Hash, signature: Uint8Array, data: Uint8Array): Awaitable<boolean>
  /** A P-256 key, of scalar and point; throws when they are not one. */
  signingKey(scalar: Uint8Array, point: Uint8Array): Awaitable<Signing>
  /** ECDSA on P-256 with SHA-256: 64 bytes. */
  sign(key: Signing, data: Uint8Array): Awaitable<Bytes>
  /** A P-256 key for ECDH, and its point. */
  agreementKey(scalar: Uint8Array): Awaitable<{ key: Agreement; point: Bytes }>
  /** ECDH on P-256: the 32 bytes both sides share; undefined when the point is not on the curve. */
  agree(key: Agreement, point: Uint8Array): Awaitable<Bytes | undefined>
  macKey(secret: Uint8Array): Awaitable<Mac>
  /** HMAC-SHA-256: 32 bytes. */
  mac(key: Mac, data: Uint8Array): Awaitable<Bytes>
  /** HKDF-SHA-256 (RFC 5869) without salt. */
  hkdf(secret: Uint8Array, info: Uint8Array, length: number): Awaitable<Bytes>
  /** AES-GCM with a key of 16 or 32 bytes and a tag of 16, which follows the ciphertext. */
  seal(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Awaitable<Bytes>
  /** Undefined when anything was altered. */
  open(
    key: Uint8Array,
    iv: Uint8Array,
    sealed: Uint8Array,
    aad: Uint8Array,
  ): Awaitable<Bytes | undefined>
}
