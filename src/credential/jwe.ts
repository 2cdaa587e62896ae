import { CompactEncrypt, compactDecrypt, importJWK, type JWK } from 'jose'
import { decodeBase64url } from './base64url.ts'
import { parseJsonObject } from './json.ts'
import { ecPublicJwk } from './jwk.ts'

const utf8 = new TextEncoder()
const maxLength = 1024 * 1024
/** Of the header, in bytes. An ephemeral key with apu and apv takes 500. */
const maxHeader = 8192

/** The order of P-256 (SP 800-186 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** PKCS #8 of a bare P-256 private key (RFC 5958, RFC 5915), up to the 32 bytes of the key. */
const pkcs8Prefix = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'

/**
 * A P-256 key pair for ECDH-ES out of a secret seed: the same seed always makes the same pair, so
 * that who knows the seed can decrypt and nobody has to store the private key.
 *
 * HKDF makes 48 bytes of it, reduced to a scalar with no bias worth naming (FIPS 186-5 A.2.1).
 */
export async function keyPairFromSeed(
  seed: Uint8Array,
): Promise<{ publicJwk: JWK; privateKey: CryptoKey }> {
  const wide = BigInt(`0x${toHex(await hkdf(seed, 'P-256 key pair', 48))}`)
  const scalar = ((wide % (order - 1n)) + 1n).toString(16).padStart(64, '0')
  const pkcs8 = fromHex(pkcs8Prefix + scalar)
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' }
  const exportable = await crypto.subtle.importKey('pkcs8', pkcs8, ecdh, true, ['deriveBits'])
  const publicJwk = ecPublicHalf(await crypto.subtle.exportKey('jwk', exportable))
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, ecdh, false, ['deriveBits'])
  return { publicJwk, privateKey }
}

/** Encrypts to a P-256 public key with ECDH-ES (RFC 7518 4.6). Throws when the key is not one. */
export async function encryptJwe(
  plaintext: string | Uint8Array,
  publicJwk: JWK,
  enc: string,
): Promise<string> {
  const jwk = ecPublicJwk(publicJwk, 'ECDH-ES')
  if (!jwk) throw new Error('not a P-256 public key for ECDH-ES')
  const { kid } = publicJwk
  const header = { alg: 'ECDH-ES', enc, ...(kid !== undefined && { kid }) }
  return new CompactEncrypt(asBytes(plaintext))
    .setProtectedHeader(header)
    .encrypt(await importJWK(jwk, 'ECDH-ES'))
}

/**
 * Decrypts a compact JWE that was made for us, or answers undefined: why it failed is nobody's
 * business (RFC 7516 11.5, OpenID4VP 1.0 8.3).
 *
 * The header is held to what we announced before any key is touched; `zip` is refused, for a short
 * ciphertext could then be a very long plaintext.
 */
export async function decryptJwe(
  jwe: string,
  privateKey: CryptoKey,
  expected: { kid?: string; encs: readonly string[] },
): Promise<Uint8Array | undefined> {
  const header = jweHeader(jwe)
  if (header?.alg !== 'ECDH-ES') return undefined
  if (expected.kid !== undefined && header.kid !== expected.kid) return undefined
  if (!ecPublicJwk(header.epk, 'ECDH-ES')) return undefined
  return decrypt(jwe, privateKey, 'ECDH-ES', expected.encs)
}

/**
 * Locks a text under a secret that has the strength of a key (a code, a token: at least 128 random
 * bits; never a password). `context` keeps boxes made for different ends apart.
 */
export async function sealUnder(
  secret: string,
  context: string,
  plaintext: string,
): Promise<string> {
  return new CompactEncrypt(utf8.encode(plaintext))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(await hkdf(utf8.encode(secret), context, 32))
}

/** The text in a box, or undefined when secret or context is another or the box was altered. */
export async function openUnder(
  secret: string,
  context: string,
  box: string,
): Promise<string | undefined> {
  if (jweHeader(box)?.alg !== 'dir') return undefined
  const key = await hkdf(utf8.encode(secret), context, 32)
  const plaintext = await decrypt(box, key, 'dir', ['A256GCM'])
  return plaintext && new TextDecoder().decode(plaintext)
}

/** The protected header of a compact JWE that keeps to our bounds. */
function jweHeader(jwe: string) {
  if (jwe.length > maxLength) return undefined
  // Of each part there is one spelling (RFC 7515 2): nothing slipped in between is passed over.
  const parts = jwe.split('.').map(decodeBase64url)
  if (parts.length !== 5 || parts.includes(undefined)) return undefined
  const [bytes] = parts
  const header = bytes && bytes.length <= maxHeader ? parseJsonObject(bytes) : undefined
  return header && !('zip' in header) && !('crit' in header) ? header : undefined
}

async function decrypt(
  jwe: string,
  key: CryptoKey | Uint8Array,
  alg: string,
  encs: readonly string[],
): Promise<Uint8Array | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: [...encs],
    })
    return plaintext
  } catch {
    return undefined
  }
}

async function hkdf(secret: Uint8Array, info: string, length: number) {
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, [
    'deriveBits',
  ])
  const algorithm = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: utf8.encode(info),
  }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8))
}

function ecPublicHalf({ kty, crv, x, y }: JsonWebKey): JWK {
  return { kty, crv, x, y } as JWK
}

const asBytes = (data: string | Uint8Array) => (typeof data === 'string' ? utf8.encode(data) : data)
const toHex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (hex: string) =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
