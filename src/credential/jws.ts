import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { cryptography } from './crypto.ts'
import type { VerifyingKey } from './cryptography.ts'
import { type JsonObject, parseJsonObject } from './json.ts'
import { type EcPublicJwk, pointOf } from './jwk.ts'

/** Signs bytes with ES256: 64 bytes, r and s (RFC 7518 3.4). The private key stays with the caller. */
export type Sign = (signingInput: Uint8Array) => Promise<Uint8Array>

/** A key to verify by: what `ecPublicJwk` made of somebody's, or one that is ready. */
export type PublicKey = EcPublicJwk | VerifyingKey

export type Jws = {
  header: JsonObject
  payload: Uint8Array<ArrayBuffer>
  signature: Uint8Array<ArrayBuffer>
  signingInput: Uint8Array<ArrayBuffer>
}

const utf8 = new TextEncoder()

/**
 * Reads a JWS in compact serialisation (RFC 7515 7.1) without believing it, or answers undefined.
 *
 * `crit` (RFC 7515 4.1.11) and `b64` (RFC 7797) change how a JWS is to be understood; we understand
 * no such extension, so a JWS that has one is refused here and cannot be mistaken later.
 *
 * Whoever has the bytes of the text already, be it with more after them, gives them.
 */
export function parseJws(compact: string, bytes = utf8.encode(compact)): Jws | undefined {
  const parts = compact.split('.', 4)
  const [protectedHeader, payload, signature] = parts.map(decodeBase64url)
  if (parts.length !== 3 || !protectedHeader || !payload || !signature) return undefined
  const header = parseJsonObject(protectedHeader)
  if (!header || 'crit' in header || 'b64' in header) return undefined
  const signingInput = bytes.subarray(0, compact.lastIndexOf('.'))
  return { header, payload, signature, signingInput }
}

/** Whether the JWS was signed with ES256 by the holder of this key. Anything unfit is simply false. */
export async function verifyJws(jws: Jws, key: PublicKey): Promise<boolean> {
  if (jws.header.alg !== 'ES256') return false
  const { verifyingKey, verify } = cryptography()
  const ready = 'kty' in key ? await verifyingKey('P-256', pointOf(key)) : key
  return ready !== undefined && verify(ready, 'SHA-256', jws.signature, jws.signingInput)
}

/** Makes a compact JWS. `alg` is ours to say: whatever the header brings is overwritten. */
export async function signJws(
  header: JsonObject,
  payload: JsonObject | string,
  sign: Sign,
): Promise<string> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const protectedHeader = JSON.stringify({ ...header, alg: 'ES256' })
  const signingInput = `${encodeText(protectedHeader)}.${encodeText(text)}`
  return `${signingInput}.${encodeBase64url(await sign(utf8.encode(signingInput)))}`
}

const encodeText = (text: string) => encodeBase64url(utf8.encode(text))
