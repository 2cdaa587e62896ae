import { ok, type Result, refuse } from '../result.ts'
import { decodeBase64, decodeBase64url } from './base64url.ts'
import { type Cbor, type CborMap, decodeCbor, isBytes, isCborMap, type Tally } from './cbor.ts'
import { type Encodable, encodeCbor } from './cbor-encoder.ts'
import { cryptography } from './crypto.ts'
import type { VerifyingKey } from './cryptography.ts'
import type { EcPublicJwk } from './jwk.ts'
import type { Sign } from './jws.ts'

/** Labels of COSE header parameters (RFC 9052 3.1, RFC 9360 2, RFC 9596 2). */
export const coseHeader = { alg: 1, crit: 2, contentType: 3, kid: 4, typ: 16, x5chain: 33 } as const

/** ECDSA over SHA-256 with a P-256 key: ES256 (RFC 9053 2.1), and its full name ESP256 (RFC 9864). */
const coseAlgorithms: readonly number[] = [-7, -9]

/** A COSE_Sign1 (RFC 9052 4.2), read and not yet believed. */
export type CoseSign1 = {
  /** The protected headers as they came: they are signed as bytes. */
  protectedBytes: Uint8Array<ArrayBuffer>
  protectedHeaders: CborMap
  unprotectedHeaders: CborMap
  /** Null: what is signed is not in it, but known from elsewhere. */
  payload: Uint8Array<ArrayBuffer> | null
  signature: Uint8Array<ArrayBuffer>
}

/**
 * Takes a COSE_Sign1 apart, without its tag. The refusal is a sentence.
 *
 * `crit` changes how a signature is to be understood, and we understand none of it; a header both
 * protected and not would let whoever forwards it choose. Both are refused here.
 */
export function parseCoseSign1(value: Cbor | undefined, tally: Tally): Result<CoseSign1, string> {
  const [protectedBytes, unprotectedHeaders, payload, signature] = Array.isArray(value) ? value : []
  if (
    !Array.isArray(value) ||
    value.length !== 4 ||
    !isBytes(protectedBytes) ||
    !isCborMap(unprotectedHeaders) ||
    !(payload === null || isBytes(payload)) ||
    !isBytes(signature)
  ) {
    return refuse('A COSE_Sign1 is an untagged array: two headers, a payload or null, a signature.')
  }
  const headers = readProtected(protectedBytes, tally)
  if (!headers.ok) return headers
  const protectedHeaders = headers.value
  if (protectedHeaders.has(coseHeader.crit) || unprotectedHeaders.has(coseHeader.crit)) {
    return refuse('COSE headers with crit ask for what is not understood here.')
  }
  if ([...unprotectedHeaders.keys()].some((label) => protectedHeaders.has(label))) {
    return refuse('No COSE header may be both protected and unprotected.')
  }
  return ok({ protectedBytes, protectedHeaders, unprotectedHeaders, payload, signature })
}

/** No headers are an empty byte string (RFC 9052 3), and to some libraries an empty map. */
function readProtected(bytes: Uint8Array<ArrayBuffer>, tally: Tally): Result<CborMap, string> {
  if (bytes.length === 0) return ok(new Map())
  const headers = decodeCbor(bytes, tally)
  if (!headers.ok) return headers
  return isCborMap(headers.value)
    ? ok(headers.value)
    : refuse('The protected headers of a COSE_Sign1 are a map.')
}

/** Whether it says, protected, that it is signed as we know it. */
export function hasKnownAlgorithm({ protectedHeaders }: CoseSign1): boolean {
  return isKnownAlgorithm(protectedHeaders.get(coseHeader.alg))
}

const isKnownAlgorithm = (algorithm: Cbor | undefined) =>
  typeof algorithm === 'number' && coseAlgorithms.includes(algorithm)

/** Whether the holder of this P-256 key signed it, and the payload. Anything unfit is simply false. */
export async function verifyCoseSign1(
  sign1: CoseSign1,
  key: VerifyingKey,
  payload: Uint8Array,
): Promise<boolean> {
  if (!hasKnownAlgorithm(sign1)) return false
  const signed = signatureInput(sign1.protectedBytes, payload)
  return cryptography().verify(key, 'SHA-256', sign1.signature, signed)
}

type Unsigned = {
  /** `alg` is ours to say. */
  protectedHeaders?: ReadonlyMap<number, Encodable>
  unprotectedHeaders?: ReadonlyMap<number, Encodable>
  payload: Uint8Array
  /** The payload is signed and not sent. */
  detached?: boolean
}

/** Makes a COSE_Sign1 with ES256, untagged. */
export async function signCoseSign1(
  { protectedHeaders = new Map(), unprotectedHeaders = new Map(), payload, detached }: Unsigned,
  sign: Sign,
): Promise<readonly Encodable[]> {
  const protectedBytes = encodeCbor(new Map([...protectedHeaders, [coseHeader.alg, -7]]))
  const signature = await sign(signatureInput(protectedBytes, payload))
  return [protectedBytes, unprotectedHeaders, detached ? null : payload, signature]
}

/** Sig_structure (RFC 9052 4.4), without external data. */
const signatureInput = (protectedBytes: Uint8Array, payload: Uint8Array) =>
  encodeCbor(['Signature1', protectedBytes, none, payload])

const none = new Uint8Array()

/** The certificates of a header `x5chain` (RFC 9360 2), base64 DER as in `x5c`; undefined: none fit. */
export function x5chainOf(headers: CborMap): string[] | undefined {
  const x5chain = headers.get(coseHeader.x5chain)
  if (isBytes(x5chain)) return [encodeBase64(x5chain)]
  if (!Array.isArray(x5chain) || !x5chain.every(isBytes)) return undefined
  return x5chain.map(encodeBase64)
}

/** One certificate is a byte string, several are an array. */
export function x5chainHeader(x5c: readonly string[]): Encodable {
  const certificates = x5c.map(certificateBytes)
  const [first] = certificates
  return first && certificates.length === 1 ? first : certificates
}

function certificateBytes(base64: string): Uint8Array {
  const der = decodeBase64(base64)
  if (!der) throw new TypeError('not base64')
  return der
}

const encodeBase64 = (bytes: Uint8Array) => bytes.toBase64()

const label = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, d: -4 } as const
const ec2 = 2
const p256 = 1

/**
 * The point of a COSE_Key on P-256 (RFC 9053 7.1.1): 64 bytes, its two coordinates; or undefined. As with
 * a JWK, a private key is refused, and one for another algorithm. Whether the point lies on the curve is
 * found out on import.
 */
export function coseKeyPoint(key: Cbor | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (!isCborMap(key) || key.get(label.kty) !== ec2 || key.get(label.crv) !== p256) return undefined
  const algorithm = key.get(label.alg)
  if (algorithm !== undefined && !isKnownAlgorithm(algorithm)) return undefined
  const x = key.get(label.x)
  const y = key.get(label.y)
  if (!isBytes(x) || !isBytes(y) || x.length !== 32 || y.length !== 32) return undefined
  if (key.has(label.d)) return undefined
  const point = new Uint8Array(64)
  point.set(x)
  point.set(y, 32)
  return point
}

/** A JWK as a COSE_Key. */
export function coseKeyOf({ x, y }: EcPublicJwk): ReadonlyMap<number, Encodable> {
  const coordinate = (text: string) => decodeBase64url(text) ?? none
  return new Map<number, Encodable>([
    [label.kty, ec2],
    [label.crv, p256],
    [label.x, coordinate(x)],
    [label.y, coordinate(y)],
  ])
}
