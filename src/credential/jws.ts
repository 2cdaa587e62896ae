import type { JWK } from 'jose'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { type JsonObject, parseJsonObject } from './json.ts'
import { ecPublicJwk } from './jwk.ts'

/** Signs bytes with ES256: 64 bytes, r and s (RFC 7518 3.4). The private key stays with the caller. */
export type Sign = (signingInput: Uint8Array) => Promise<Uint8Array>

export type Jws = {
  header: JsonObject
  payload: Uint8Array<ArrayBuffer>
  signature: Uint8Array<ArrayBuffer>
  signingInput: Uint8Array<ArrayBuffer>
}

const utf8 = new TextEncoder()
const es256 = { name: 'ECDSA', hash: 'SHA-256' }

/**
 * Reads a JWS in compact serialisation (RFC 7515 7.1) without believing it, or answers undefined.
 *
 * `crit` (RFC 7515 4.1.11) and `b64` (RFC 7797) change how a JWS is to be understood; we understand
 * no such extension, so a JWS that has one is refused here and cannot be mistaken later.
 */
export function parseJws(compact: string): Jws | undefined {
  const parts = compact.split('.', 4)
  const [protectedHeader, payload, signature] = parts.map(decodeBase64url)
  if (parts.length !== 3 || !protectedHeader || !payload || !signature) return undefined
  const header = parseJsonObject(protectedHeader)
  if (!header || 'crit' in header || 'b64' in header) return undefined
  const signingInput = utf8.encode(compact.slice(0, compact.lastIndexOf('.')))
  return { header, payload, signature, signingInput }
}

/** Whether the JWS was signed with ES256 by the holder of this key. Anything unfit is simply false. */
export async function verifyJws(jws: Jws, key: JWK | CryptoKey): Promise<boolean> {
  if (jws.header.alg !== 'ES256' || jws.signature.length !== 64) return false
  const publicKey = await verificationKey(key)
  if (!publicKey) return false
  return crypto.subtle.verify(es256, publicKey, jws.signature, jws.signingInput)
}

/** Makes a compact JWS. `alg` is ours to say: whatever the header brings is overwritten. */
export async function signJws(
  header: JsonObject,
  payload: JsonObject | string,
  sign: Sign,
): Promise<string> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const parts = [JSON.stringify({ ...header, alg: 'ES256' }), text]
  const signingInput = parts.map((part) => encodeBase64url(utf8.encode(part))).join('.')
  return `${signingInput}.${encodeBase64url(await sign(utf8.encode(signingInput)))}`
}

async function verificationKey(key: JWK | CryptoKey): Promise<CryptoKey | undefined> {
  if (key instanceof CryptoKey) return isP256PublicKey(key) ? key : undefined
  const jwk = ecPublicJwk(key)
  if (!jwk) return undefined
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  // Import fails when the point is not on the curve.
  return crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']).catch(() => undefined)
}

function isP256PublicKey({ type, algorithm }: CryptoKey): boolean {
  return (
    type === 'public' &&
    algorithm.name === 'ECDSA' &&
    (algorithm as EcKeyAlgorithm).namedCurve === 'P-256'
  )
}
