import type {
  AgreementKey,
  Cryptography,
  Curve,
  MacKey,
  SigningKey,
  VerifyingKey,
} from './cryptography.ts'

const ecdsa = (namedCurve: Curve) => ({ name: 'ECDSA', namedCurve })
const ecdh = { name: 'ECDH', namedCurve: 'P-256' } as const
const hmac = { name: 'HMAC', hash: 'SHA-256' } as const
const coordinateLength = { 'P-256': 32, 'P-384': 48 } as const

const asKey = (key: CryptoKey) => key as unknown
const keyOf = (key: unknown) => key as CryptoKey

/** The cryptography that every runtime brings (W3C Web Cryptography API). */
export const webCryptography: Cryptography = {
  async sha256(data) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', own(data)))
  },

  async verifyingKey(curve, point) {
    if (point.length !== 2 * coordinateLength[curve]) return undefined
    const raw = uncompressed(point)
    try {
      const key = await crypto.subtle.importKey('raw', raw, ecdsa(curve), false, ['verify'])
      return asKey(key) as VerifyingKey
    } catch {
      return undefined
    }
  },
  async verify(key, hash, signature, data) {
    const algorithm = { name: 'ECDSA', hash }
    return crypto.subtle.verify(algorithm, keyOf(key), own(signature), own(data))
  },

  async signingKey(scalar, point) {
    const pkcs8 = pkcs8Of(scalar, point)
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, ecdsa('P-256'), false, ['sign'])
    return asKey(key) as SigningKey
  },
  async sign(key, data) {
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    return new Uint8Array(await crypto.subtle.sign(algorithm, keyOf(key), own(data)))
  },

  async agreementKey(scalar) {
    const exportable = await crypto.subtle.importKey('pkcs8', pkcs8Of(scalar), ecdh, true, [
      'deriveBits',
    ])
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', exportable)
    const point = Uint8Array.from([...fromBase64url(x), ...fromBase64url(y)])
    return { key: asKey(exportable) as AgreementKey, point }
  },
  async agree(key, point) {
    if (point.length !== 64) return undefined
    try {
      const other = await crypto.subtle.importKey('raw', uncompressed(point), ecdh, false, [])
      const algorithm = { name: 'ECDH', public: other }
      return new Uint8Array(await crypto.subtle.deriveBits(algorithm, keyOf(key), 256))
    } catch {
      return undefined
    }
  },

  async macKey(secret) {
    const key = await crypto.subtle.importKey('raw', own(secret), hmac, false, ['sign'])
    return asKey(key) as MacKey
  },
  async mac(key, data) {
    return new Uint8Array(await crypto.subtle.sign('HMAC', keyOf(key), own(data)))
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
  const raw = new Uint8Array(1 + point.length)
  raw[0] = 4
  raw.set(point, 1)
  return raw
}

/** PKCS #8 of a P-256 private key (RFC 5958, RFC 5915), up to the 32 bytes of the scalar. */
const bare = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'
/** The same with its public key: up to the scalar, and from there to the point. */
const withPoint = [
  '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
  'a14403420004',
] as const

function pkcs8Of(scalar: Uint8Array, point?: Uint8Array): Uint8Array<ArrayBuffer> {
  return point
    ? Uint8Array.from([...hex(withPoint[0]), ...scalar, ...hex(withPoint[1]), ...point])
    : Uint8Array.from([...hex(bare), ...scalar])
}

const hex = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const fromBase64url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
