import { digestText } from '../credential/digest.ts'
import type { JsonObject } from '../credential/json.ts'

/** How old a proof may be, and how far our clocks may differ, in seconds. */
const oldest = 300
const ahead = 60

/**
 * Until when a proof that is good at `at` must be remembered: until it is too old for us in any case,
 * and a minute more, since a request that came in time may still be under way.
 */
const forgottenAt = (at: Date): Date => new Date(at.getTime() + (oldest + 2 * ahead) * 1000)

/** Why a proof JWT is not of now (RFC 7519 4.1.4 to 4.1.6), as a sentence; undefined when it is. */
export function staleness({ iat, exp, nbf }: JsonObject, at: Date): string | undefined {
  const now = at.getTime() / 1000
  if (typeof iat !== 'number') return 'iat is missing or not a number.'
  if (iat < now - oldest) return `iat is more than ${oldest} seconds ago. Make a new proof.`
  if (iat > now + ahead) return `iat is more than ${ahead} seconds ahead. Set the clock.`
  if (exp !== undefined && !(typeof exp === 'number' && exp > now - ahead)) return 'exp has passed.'
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + ahead))
    return 'nbf is not reached.'
  return undefined
}

/** Remembers a proof for as long as it could be shown; false if it was shown before. */
export type RememberProof = (proofHash: string, expiresAt: Date) => Promise<boolean>

/**
 * What tells a proof from every other: its `jti`, or its nonce. It counts within `key`, so that nobody
 * can use up the `jti` of somebody else's proof.
 */
export type ProofId = { key: string; jti: string }

/**
 * Spends a proof; false if it was spent before. The last thing that is done to a proof, when all else
 * about the request is good: whoever has nothing to show leaves no trace in the database.
 */
export async function spendProof(
  remember: RememberProof,
  { key, jti }: ProofId,
  at: Date,
): Promise<boolean> {
  return remember(await digestText(`${key}.${jti}`), forgottenAt(at))
}
