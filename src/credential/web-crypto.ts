import { decodeBase64url, encodeBase64url } from './base64url.ts'
import type { Cryptography } from './cryptography.ts'

const utf8 = new TextEncoder()
const curves = {
  'P-256': { name: 'ECDSA', namedCurve: 'P-256' },
  'P-384': { name: 'ECDSA', namedCurve: 'P-384' },
}
const ecdsa = {
  'SHA-256': { name: 'ECDSA', hash: 'SHA-256' },
  'SHA-384': { name: 'ECDSA', hash: 'SHA-384' },
}
const ecdh = { name: 'ECDH', namedCurve: 'P-256' } as const
const hmac = { name: 'HMAC', hash: 'SHA-256' } as const
const pointLength = { 'P-256': 64, 'P-384': 96 }

/** The cryptography that every runtime brings (W3C Web Cryptography API). */
export const webCryptography: Cryptography<CryptoKey, CryptoKey, CryptoKey, CryptoKey> = {
  async sha256(data) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', own(data)))
  },
  async digestText(text) {
    const data = typeof text === 'string' ? utf8.encode(text) : own(text)
    return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', data)))
  },

  verifyingKey(curve, point) {
    if (point.length !== pointLength[curve]) return undefined
    return crypto.subtle
      .importKey('raw', uncompressed(point), curves[curve], false, ['verify'])
      .catch(() => undefined)
  },
  verify: (key, hash, signature, data) =>
    crypto.subtle.verify(ecdsa[hash], key, own(signature), own(data)),

  async signingKey(scalar, point) {
    // Of the forms there are, only this one is held against the point.
    const jwk = { kty: 'EC', crv: 'P-256', ...coordinates(point), d: encodeBase64url(scalar) }
    return crypto.subtle.importKey('jwk', jwk, curves['P-256'], false, ['sign'])
  },
  async sign(key, data) {
    return new Uint8Array(await crypto.subtle.sign(ecdsa['SHA-256'], key, own(data)))
  },

  async agreementKey(scalar) {
    // Where it does not fit into what is before it, some runtimes read as much as they need.
    if (scalar.length !== 32) throw new RangeError('a scalar of P-256 has 32 bytes')
    const pkcs8 = Uint8Array.from([...pkcs8Prefix, ...scalar])
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, ecdh, true, ['deriveBits'])
    return { key, point: pointOf(await crypto.subtle.exportKey('jwk', key)) }
  },
  async agree(key, point) {
    if (point.length !== pointLength['P-256']) return undefined
    try {
      const other = await crypto.subtle.importKey('raw', uncompressed(point), ecdh, false, [])
      const algorithm = { name: 'ECDH', public: other }
      return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256))
    } catch {
      return undefined
    }
  },

  async macKey(secret) {
    return crypto.subtle.importKey('raw', own(secret), hmac, false, ['sign'])
  },
  async mac(key, data) {
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, own(data)))
  },
  async hkdf(secret, info, length) {
    const key = await crypto.subtle.importKey('raw', own(secret), 'HKDF', false, ['deriveBits'])
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: own(info) }
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8))
  },

  async seal(key, iv, plaintext, aad) {
    const aes = await crypto.subtle.importKey('raw', own(key), 'AES-GCM', false, ['encrypt'])
    return new Uint8Array(await crypto.subtle.encrypt(gcm(iv, aad), aes, own(plaintext)))
  },
  async open(key, iv, sealed, aad) {
    const aes = await crypto.subtle.importKey('raw', own(key), 'AES-GCM', false, ['decrypt'])
    try {
      return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, aad), aes, own(sealed)))
    } catch {
      return undefined
    }
  },
}

const gcm = (iv: Uint8Array, aad: Uint8Array) => ({
  name: 'AES-GCM',
  iv: own(iv),
  additionalData: own(aad),
})

/** WebCrypto takes no view of memory that is shared; whatever is not, goes as it is. */
const own = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>

/** SEC 1 2.3.3. */
function uncompressed(point: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1 + point.length)
  bytes[0] = 4
  bytes.set(point, 1)
  return bytes
}

const coordinates = (point: Uint8Array) => ({
  x: encodeBase64url(point.subarray(0, 32)),
  y: encodeBase64url(point.subarray(32)),
})

function pointOf({ x = '', y = '' }: JsonWebKey): Uint8Array<ArrayBuffer> {
  const [first, second] = [decodeBase64url(x), decodeBase64url(y)]
  if (!first || !second) throw new TypeError('not a public key')
  return Uint8Array.from([...first, ...second])
}

/** PKCS #8 of a bare P-256 private key (RFC 5958, RFC 5915), up to the 32 bytes of the scalar. */
const pkcs8Prefix = Uint8Array.from(
  '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'.match(/../g) ?? [],
  (pair) => Number.parseInt(pair, 16),
)
