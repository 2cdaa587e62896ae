import type { AgreementKey } from '../credential/cryptography.ts'
import { keyPairFromSeed } from '../credential/jwe.ts'
import { type EcPublicJwk, jwkThumbprint } from '../credential/jwk.ts'
import type { KeyRing } from '../platform/keys.ts'

/** What wallets may encrypt with: both, as HAIP 1.0 5 demands. */
export const responseEncs = ['A128GCM', 'A256GCM'] as const

type ResponseJwk = EcPublicJwk & { kid: string; use: 'enc'; alg: 'ECDH-ES' }

/**
 * The key pair to which one transaction's response is encrypted (OpenID4VP 1.0 8.3, HAIP 1.0 5: a
 * fresh one for each request).
 *
 * It is made of the transaction's own secret and of one of ours: the database alone cannot make it, and
 * when the transaction forgets its secret nobody can.
 */
export async function responseKeyPair(
  keys: Pick<KeyRing, 'mac'>,
  encryptionSecret: string,
): Promise<{ publicJwk: ResponseJwk; privateKey: AgreementKey }> {
  const label = new TextEncoder().encode(`response-encryption:${encryptionSecret}`)
  const { publicJwk, privateKey } = await keyPairFromSeed(
    await keys.mac('response-encryption', label),
  )
  const kid = await jwkThumbprint(publicJwk)
  return { publicJwk: { ...publicJwk, kid, use: 'enc', alg: 'ECDH-ES' }, privateKey }
}
