import { decodeBase64url, encodeBase64url, isBase64url } from './base64url.ts'
import { digestText } from './digest.ts'
import { isJsonObject } from './json.ts'

/** A public key on P-256, with nothing but the key itself. */
export type EcPublicJwk = { kty: 'EC'; crv: 'P-256'; x: string; y: string }

/** 32 bytes. */
const isCoordinate = (value: unknown): value is string =>
  typeof value === 'string' && value.length === 43 && isBase64url(value)

/**
 * The P-256 public key in a JWK (RFC 7518 6.2.1) that somebody else gave us, or undefined.
 *
 * A private key is refused, for who sends one has lost it; so is a key marked for another algorithm
 * or use than `purpose`. Whether the point lies on the curve is found out on import.
 */
export function ecPublicJwk(
  jwk: unknown,
  purpose: 'ES256' | 'ECDH-ES' = 'ES256',
): EcPublicJwk | undefined {
  if (!isJsonObject(jwk)) return undefined
  const { kty, crv, x, y, use, alg } = jwk
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(x) || !isCoordinate(y)) return undefined
  if (jwk.d !== undefined) return undefined
  if (use !== undefined && use !== (purpose === 'ES256' ? 'sig' : 'enc')) return undefined
  if (alg !== undefined && alg !== purpose) return undefined
  return { kty, crv, x, y }
}

/** The point of a key as cryptography has it: the two coordinates, one after the other. */
export function pointOf({ x, y }: EcPublicJwk): Uint8Array<ArrayBuffer> {
  const point = new Uint8Array(64)
  point.set(decodeBase64url(x) ?? [])
  point.set(decodeBase64url(y) ?? [], 32)
  return point
}

/** The key of a point. */
export const jwkOf = (point: Uint8Array): EcPublicJwk => ({
  kty: 'EC',
  crv: 'P-256',
  x: encodeBase64url(point.subarray(0, 32)),
  y: encodeBase64url(point.subarray(32)),
})

/** The name a key has by itself (RFC 7638 3), base64url. */
export const jwkThumbprint = ({ kty, crv, x, y }: EcPublicJwk): Promise<string> =>
  digestText(JSON.stringify({ crv, kty, x, y }))
