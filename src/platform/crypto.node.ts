import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  hash,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

type Curve = 'P-256' | 'P-384'
type VerifyingKey = { publicKey: KeyObject; signatureLength: number }
type AgreementKey = { scalar: Uint8Array; point: Uint8Array }

/**
 * Cryptography by OpenSSL, all of it at once: to wait for a thread of WebCrypto costs as much as to
 * verify a signature.
 *
 * Keys go in as PEM and are used as bare `KeyObject`s, and signatures as DER: Node is several times
 * slower at each where it is given options (`dsaEncoding` too), or the bytes of a secret.
 */
export const nodeCryptography = {
  sha256: (data: Uint8Array) => bytesOf(hash('sha256', data, 'buffer')),
  digestText: (text: string | Uint8Array) => hash('sha256', text, 'base64url'),

  verifyingKey(curve: Curve, point: Uint8Array): VerifyingKey | undefined {
    const publicKey = publicKeyOf(curve, point)
    return publicKey && { publicKey, signatureLength: point.length }
  },
  verify(
    { publicKey, signatureLength }: VerifyingKey,
    digest: 'SHA-256' | 'SHA-384',
    signature: Uint8Array,
    data: Uint8Array,
  ): boolean {
    if (signature.length !== signatureLength) return false
    const algorithm = digest === 'SHA-256' ? 'sha256' : 'sha384'
    return verify(algorithm, data, publicKey, derSignature(signature))
  },

  signingKey(scalar: Uint8Array, point: Uint8Array): KeyObject {
    if (!pointOf(scalar).equals(point)) throw new RangeError('not the point of that scalar')
    return privateKeyOf(scalar, point)
  },
  sign: (key: KeyObject, data: Uint8Array) => rawSignature(sign('sha256', data, key)),

  agreementKey(scalar: Uint8Array): { key: AgreementKey; point: Bytes } {
    const point = bytesOf(pointOf(scalar))
    return { key: { scalar, point }, point }
  },
  agree({ scalar, point }: AgreementKey, other: Uint8Array): Bytes | undefined {
    const publicKey = publicKeyOf('P-256', other)
    // Whoever makes a key to hand out its point never needs it ready for use.
    const privateKey = publicKey && privateKeyOf(scalar, point)
    return privateKey && bytesOf(diffieHellman({ privateKey, publicKey }))
  },

  macKey: (secret: Uint8Array) => createSecretKey(secret),
  mac: (key: KeyObject, data: Uint8Array) =>
    bytesOf(createHmac('sha256', key).update(data).digest()),
  hkdf: (secret: Uint8Array, info: Uint8Array, length: number) =>
    new Uint8Array(hkdfSync('sha256', createSecretKey(secret), '', info, length)),

  seal(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Bytes {
    const cipher = createCipheriv(aesGcm(key), createSecretKey(key), iv).setAAD(aad)
    const ciphertext = cipher.update(plaintext)
    cipher.final()
    return joined(ciphertext, cipher.getAuthTag())
  },
  open(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Bytes | undefined {
    if (sealed.length < tagLength) return undefined
    const decipher = createDecipheriv(aesGcm(key), createSecretKey(key), iv)
    decipher.setAAD(aad).setAuthTag(sealed.subarray(-tagLength))
    const plaintext = decipher.update(sealed.subarray(0, -tagLength))
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return bytesOf(plaintext)
  },
}

type Bytes = Uint8Array<ArrayBuffer>

/** The same bytes, without what a `Buffer` does otherwise. */
const bytesOf = ({ buffer, byteOffset, length }: Buffer): Bytes =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, length)

/** In memory of their own: that of small Buffers is shared. */
function joined(...parts: Uint8Array[]): Bytes {
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

const tagLength = 16
const aesGcm = (key: Uint8Array) => (key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm')

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))

/** SubjectPublicKeyInfo (RFC 5480 2) up to the coordinates. */
const publicKeyPrefix = {
  'P-256': hex('3059301306072a8648ce3d020106082a8648ce3d03010703420004'),
  'P-384': hex('3076301006072a8648ce3d020106052b8104002203620004'),
}
const pointLength = { 'P-256': 64, 'P-384': 96 }

/** Import fails when the point is not on the curve. */
function publicKeyOf(curve: Curve, point: Uint8Array): KeyObject | undefined {
  if (point.length !== pointLength[curve]) return undefined
  try {
    return createPublicKey(pem('PUBLIC KEY', joined(publicKeyPrefix[curve], point)))
  } catch {
    return undefined
  }
}

/** ECPrivateKey on P-256 (RFC 5915 3): up to the scalar, and from there to the point. */
const privateKeyPrefix = [
  hex('30770201010420'),
  hex('a00a06082a8648ce3d030107a14403420004'),
] as const

function privateKeyOf(scalar: Uint8Array, point: Uint8Array): KeyObject {
  const [toScalar, toPoint] = privateKeyPrefix
  return createPrivateKey(pem('EC PRIVATE KEY', joined(toScalar, scalar, toPoint, point)))
}

const pem = (label: string, der: Bytes) =>
  `-----BEGIN ${label}-----\n${Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64')}\n-----END ${label}-----`

/** The point of a scalar; throws where it is none, or has not its length. */
function pointOf(scalar: Uint8Array): Buffer {
  if (scalar.length !== 32) throw new RangeError('a scalar of P-256 has 32 bytes')
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(scalar)
  return ecdh.getPublicKey().subarray(1)
}

/** An ECDSA signature in DER (RFC 3279 2.2.3), of r and s one after the other. */
function derSignature(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2
  const der = new Uint8Array(signature.length + 8)
  let end = 2
  for (const start of [0, half]) {
    let first = start
    while (signature[first] === 0 && first < start + half - 1) first++
    // The first bit is the sign, and these numbers have none.
    const length = start + half - first + ((signature[first] ?? 0) > 0x7f ? 1 : 0)
    der.set([2, length], end)
    end += 2 + length
    der.set(signature.subarray(first, start + half), end - (start + half - first))
  }
  der.set([0x30, end - 2])
  return der.subarray(0, end)
}

/** And back, on P-256. */
function rawSignature(der: Uint8Array): Bytes {
  const raw = new Uint8Array(64)
  let start = 2
  for (const end of [32, 64]) {
    const next = start + 2 + (der[start + 1] ?? 0)
    const integer = der.subarray(Math.max(start + 2, next - 32), next)
    raw.set(integer, end - integer.length)
    start = next
  }
  return raw
}
