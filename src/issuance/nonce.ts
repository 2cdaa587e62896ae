import { decodeBase64url, encodeBase64url } from '../credential/base64url.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import { sameBytes } from '../credential/secret.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import { type RememberProof, spendProof } from './freshness.ts'

type Keys = Pick<KeyRing, 'mac'>

/** Seconds. As long as a key proof may be old; a nonce that lives longer would serve no proof. */
const lifetime = 300

/** Bytes of a nonce: the second it expires, something nobody can foresee, and our MAC over both. */
const expiryLength = 4
const randomLength = 16
const macLength = 32
const bodyLength = expiryLength + randomLength

/**
 * Makes a `c_nonce` for key proofs to one issuer, by its identifier (OpenID4VCI 1.0 7).
 *
 * We know it again by our MAC and keep nothing of it until it is spent: anybody may ask for nonces, and
 * must not be able to fill our database by asking.
 */
export async function createNonce(
  { clock, random, keys }: { clock: Clock; random: Random; keys: Keys },
  issuer: string,
): Promise<string> {
  const nonce = new Uint8Array(bodyLength + macLength)
  const body = nonce.subarray(0, bodyLength)
  new DataView(nonce.buffer).setUint32(0, toNumericDate(clock()) + lifetime)
  body.set(random(randomLength), expiryLength)
  nonce.set(await macOf(keys, issuer, body), bodyLength)
  return encodeBase64url(nonce)
}

/** Spends a nonce; false if it is not ours, another issuer's, expired, or was spent before. */
export async function spendNonce(
  { keys, rememberProof }: { keys: Keys; rememberProof: RememberProof },
  issuer: string,
  nonce: string,
  at: Date,
): Promise<boolean> {
  const bytes = decodeBase64url(nonce)
  if (bytes?.length !== bodyLength + macLength) return false
  const mac = await macOf(keys, issuer, bytes.subarray(0, bodyLength))
  if (!sameBytes(bytes.subarray(bodyLength), mac)) return false
  if (at.getTime() >= new DataView(bytes.buffer).getUint32(0) * 1000) return false
  return spendProof(rememberProof, { key: 'c_nonce', jti: nonce }, at)
}

function macOf(keys: Keys, issuer: string, body: Uint8Array): Promise<Uint8Array> {
  const framed = JSON.stringify(['c_nonce', issuer, encodeBase64url(body)])
  return keys.mac('nonce', new TextEncoder().encode(framed))
}
