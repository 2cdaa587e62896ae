import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { cryptography } from './crypto.ts'
import type { AgreementKey } from './cryptography.ts'
import { sha256 } from './digest.ts'
import { type Json, type JsonObject, parseJsonObject } from './json.ts'
import { type EcPublicJwk, ecPublicJwk, jwkOf, pointOf } from './jwk.ts'

type Bytes = Uint8Array<ArrayBuffer>

const utf8 = new TextEncoder()
const maxLength = 1024 * 1024
/** Of the header, in bytes. An ephemeral key with apu and apv takes 500. */
const maxHeader = 8192

/** How long the keys of the content encryptions are that we know (RFC 7518 5.3), in bytes. */
const keyLengths = new Map([
  ['A128GCM', 16],
  ['A256GCM', 32],
])
const ivLength = 12
const tagLength = 16

/**
 * A P-256 key pair for ECDH-ES out of a secret seed: the same seed always makes the same pair, so
 * that who knows the seed can decrypt and nobody has to store the private key.
 */
export async function keyPairFromSeed(
  seed: Uint8Array,
): Promise<{ publicJwk: EcPublicJwk; privateKey: AgreementKey }> {
  const { hkdf, agreementKey } = cryptography()
  const wide = await hkdf(seed, utf8.encode('P-256 key pair'), wideLength)
  const { key, point } = await agreementKey(scalarOf(wide))
  return { publicJwk: jwkOf(point), privateKey: key }
}

/**
 * Encrypts to a P-256 public key with ECDH-ES (RFC 7518 4.6). Throws when the key is not one, or
 * `enc` neither A128GCM nor A256GCM.
 */
export async function encryptJwe(
  plaintext: string | Uint8Array,
  publicJwk: { kid?: string },
  enc: string,
): Promise<string> {
  const jwk = ecPublicJwk(publicJwk, 'ECDH-ES')
  if (!jwk) throw new Error('not a P-256 public key for ECDH-ES')
  const { agree, agreementKey } = cryptography()
  const ephemeral = await agreementKey(scalarOf(freshBytes(wideLength)))
  const shared = await agree(ephemeral.key, pointOf(jwk))
  const key = shared && (await deriveKey(shared, { enc }))
  if (!key) throw new Error('no point of P-256 to encrypt to, or no encryption that is known here')
  const { kid } = publicJwk
  const header = { alg: 'ECDH-ES', enc, ...(kid !== undefined && { kid }) }
  return seal({ ...header, epk: jwkOf(ephemeral.point) }, key, plaintext)
}

/**
 * Decrypts a compact JWE that was made for us, or answers undefined: why it failed is nobody's
 * business (RFC 7516 11.5, OpenID4VP 1.0 8.3).
 *
 * The header is held to what we announced before any key is touched.
 */
export async function decryptJwe(
  jwe: string,
  privateKey: AgreementKey,
  expected: { kid?: string; encs: readonly string[] },
): Promise<Bytes | undefined> {
  const parts = parseJwe(jwe)
  if (parts?.header.alg !== 'ECDH-ES') return undefined
  const { header } = parts
  if (expected.kid !== undefined && header.kid !== expected.kid) return undefined
  if (typeof header.enc !== 'string' || !expected.encs.includes(header.enc)) return undefined
  const epk = ecPublicJwk(header.epk, 'ECDH-ES')
  const shared = epk && (await cryptography().agree(privateKey, pointOf(epk)))
  const key = shared && (await deriveKey(shared, header))
  return key && open(parts, key)
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
  return seal({ alg: 'dir', enc: 'A256GCM' }, await keyUnder(secret, context), plaintext)
}

/** The text in a box, or undefined when secret or context is another or the box was altered. */
export async function openUnder(
  secret: string,
  context: string,
  box: string,
): Promise<string | undefined> {
  const parts = parseJwe(box)
  if (parts?.header.alg !== 'dir' || parts.header.enc !== 'A256GCM') return undefined
  const plaintext = await open(parts, await keyUnder(secret, context))
  return plaintext && new TextDecoder().decode(plaintext)
}

const keyUnder = (secret: string, context: string) =>
  cryptography().hkdf(utf8.encode(secret), utf8.encode(context), 32)

/** A compact JWE in its parts (RFC 7516 7.1): what was sealed, its tag at its end. */
type Jwe = { header: JsonObject; protectedHeader: string; iv: Bytes; sealed: Bytes }

/**
 * Takes a compact JWE apart that keeps to our bounds. Neither `dir` nor ECDH-ES sends an encrypted key
 * (RFC 7518 4.5, 4.6); `zip` is refused, for a short ciphertext could then be a very long plaintext.
 */
function parseJwe(jwe: string): Jwe | undefined {
  if (jwe.length > maxLength) return undefined
  const texts = jwe.split('.', 6)
  const [protectedHeader = '', encryptedKey] = texts
  if (texts.length !== 5 || encryptedKey !== '') return undefined
  // Of each part there is one spelling (RFC 7515 2): nothing slipped in between is passed over.
  const [bytes, , iv, ciphertext, tag] = texts.map(decodeBase64url)
  if (!bytes || bytes.length > maxHeader || !ciphertext) return undefined
  if (iv?.length !== ivLength || tag?.length !== tagLength) return undefined
  const header = parseJsonObject(bytes)
  if (!header || 'zip' in header || 'crit' in header) return undefined
  return { header, protectedHeader, iv, sealed: concatenated(ciphertext, tag) }
}

async function seal(header: JsonObject, key: Bytes, plaintext: string | Uint8Array) {
  const protectedHeader = encodeBase64url(utf8.encode(JSON.stringify(header)))
  const bytes = typeof plaintext === 'string' ? utf8.encode(plaintext) : plaintext
  const iv = freshBytes(ivLength)
  const sealed = await cryptography().seal(key, iv, bytes, utf8.encode(protectedHeader))
  const [ciphertext, tag] = [sealed.subarray(0, -tagLength), sealed.subarray(-tagLength)]
  return [protectedHeader, '', ...[iv, ciphertext, tag].map(encodeBase64url)].join('.')
}

const open = ({ protectedHeader, iv, sealed }: Jwe, key: Bytes) =>
  cryptography().open(key, iv, sealed, utf8.encode(protectedHeader))

/**
 * The key that both sides make of what they share (RFC 7518 4.6.2): one round of Concat KDF, since no
 * key is longer than a hash. Undefined where the header speaks of no encryption that we know, or what
 * it says of the parties is not base64url.
 */
async function deriveKey(
  shared: Bytes,
  { enc, apu = '', apv = '' }: JsonObject,
): Promise<Bytes | undefined> {
  const length = keyLengths.get(String(enc))
  const [partyU, partyV] = [bytesOf(apu), bytesOf(apv)]
  if (!length || !partyU || !partyV) return undefined
  const algorithm = utf8.encode(String(enc))
  const round = concatenated(
    ...[uint32(1), shared, uint32(algorithm.length), algorithm, uint32(partyU.length), partyU],
    ...[uint32(partyV.length), partyV, uint32(length * 8)],
  )
  return (await sha256(round)).subarray(0, length)
}

const bytesOf = (value: Json) => (typeof value === 'string' ? decodeBase64url(value) : undefined)

/** How many random bytes a scalar is made of (FIPS 186-5 A.2.1): so many that no bias is left. */
const wideLength = 48

function scalarOf(wide: Bytes): Bytes {
  const words = new DataView(wide.buffer, wide.byteOffset, wide.length)
  let number = 0n
  for (let at = 0; at < wideLength; at += 8) number = (number << 64n) | words.getBigUint64(at)
  number = (number % (order - 1n)) + 1n
  const scalar = new DataView(new ArrayBuffer(32))
  for (let at = 24; at >= 0; at -= 8, number >>= 64n) scalar.setBigUint64(at, number)
  return new Uint8Array(scalar.buffer)
}

/** The order of P-256 (SP 800-186 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const freshBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))

const uint32 = (number: number): Bytes =>
  Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)

function concatenated(...parts: Uint8Array[]): Bytes {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
