import { type EcPublicJwk, ecPublicJwk } from '../credential/jwk.ts'
import type { Sign } from '../credential/jws.ts'

/** A key of the holder. The private half cannot leave the platform's key store; it only signs. */
export type HolderKey = { publicJwk: EcPublicJwk; sign: Sign }

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A fresh ES256 key: one per credential, so that two credentials cannot be linked by their key. */
export async function freshHolderKey(): Promise<HolderKey> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(ecdsa, false, ['sign'])
  const publicJwk = ecPublicJwk(await crypto.subtle.exportKey('jwk', publicKey))
  if (!publicJwk) throw new Error('The platform made a key that is not on P-256')
  const sign: Sign = async (bytes) =>
    new Uint8Array(await crypto.subtle.sign(ecdsa, privateKey, new Uint8Array(bytes)))
  return { publicJwk, sign }
}
