import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { newSecret } from './secret.ts'

export type NonceStore = {
  add(nonce: { value: string; issuer: string; expiresAt: Date }): Promise<void>
  /** Marks the nonce used; false if it is unknown, another issuer's, expired, or was used before. */
  spend(issuer: string, value: string, now: Date): Promise<boolean>
}

/** As long as a key proof may be old; a nonce that lives longer would serve no proof. */
const lifetime = 300_000

/** Makes a `c_nonce` for key proofs to one issuer (OpenID4VCI 1.0 7). */
export async function createNonce(
  { clock, random, nonces }: { clock: Clock; random: Random; nonces: NonceStore },
  issuer: string,
): Promise<string> {
  const value = newSecret(random)
  await nonces.add({ value, issuer, expiresAt: new Date(clock().getTime() + lifetime) })
  return value
}
