import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { sha256 } from '../../src/credential/digest.ts'
import { encode } from './raw-jws.ts'

const utf8 = new TextEncoder()
const ecdh = { name: 'ECDH', namedCurve: 'P-256' }

/**
 * A compact JWE to a P-256 key by ECDH-ES (RFC 7518 4.6), whatever its header says besides: libraries
 * do not write what they know to be wrong. The content is encrypted with A256GCM.
 */
export async function anyJwe(
  plaintext: string | Uint8Array,
  { x, y }: { x?: unknown; y?: unknown },
  header: Record<string, unknown> = {},
): Promise<string> {
  const recipient = { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) }
  const ephemeral = (await crypto.subtle.generateKey(ecdh, true, ['deriveBits'])) as CryptoKeyPair
  const epk = (await crypto.subtle.exportKey('jwk', ephemeral.publicKey)) as JsonWebKey
  const whole = {
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    epk: { kty: 'EC', crv: 'P-256', x: epk.x, y: epk.y },
    ...header,
  }
  const publicKey = await crypto.subtle.importKey('jwk', recipient, ecdh, false, [])
  const agreed = { name: 'ECDH', public: publicKey } as unknown as Algorithm
  const secret = await crypto.subtle.deriveBits(agreed, ephemeral.privateKey, 256)
  const key = await concatKdf(new Uint8Array(secret), String(whole.enc), header)
  const additionalData = utf8.encode(encode(whole))
  const iv = new Uint8Array(12)
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const bytes = typeof plaintext === 'string' ? utf8.encode(plaintext) : Uint8Array.from(plaintext)
  const algorithm = { name: 'AES-GCM', iv, additionalData }
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, aes, bytes))
  const parts = [iv, sealed.subarray(0, -16), sealed.subarray(-16)].map(encodeBase64url)
  return `${encode(whole)}..${parts.join('.')}`
}

/** RFC 7518 4.6.2, for a key of 256 bits. */
async function concatKdf(
  secret: Uint8Array,
  enc: string,
  { apu, apv }: Record<string, unknown>,
): Promise<Uint8Array<ArrayBuffer>> {
  const party = (value: unknown) =>
    withLength((typeof value === 'string' && decodeBase64url(value)) || new Uint8Array())
  const info = [withLength(utf8.encode(enc)), party(apu), party(apv), uint32(256)]
  return sha256(Uint8Array.from([uint32(1), secret, ...info].flatMap((part) => [...part])))
}

const uint32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer).reverse()
const withLength = (bytes: Uint8Array) => Uint8Array.of(...uint32(bytes.length), ...bytes)
