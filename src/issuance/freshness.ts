import { digestText } from '../credential/digest.ts'
import type { JsonObject } from '../credential/json.ts'

/** How old a proof may be, and how far our clocks may differ, in seconds. */
const oldest = 300
const ahead = 60

/** When a proof made at `at` is too old for us, so that its `jti` need not be remembered longer. */
const forgottenAt = (at: Date): Date => new Date(at.getTime() + (oldest + ahead) * 1000)

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

/** Remembers a proof until it is too old anyway; false if it was shown before. */
export type RememberProof = (proofHash: string, expiresAt: Date) => Promise<boolean>

/**
 * Spends the `jti` of a proof. It counts within its key, so that nobody can use up the `jti` of
 * somebody else's proof.
 */
export async function spendJti(
  remember: RememberProof,
  { key, jti }: { key: string; jti: string },
  at: Date,
): Promise<boolean> {
  return remember(await digestText(`${key}.${jti}`), forgottenAt(at))
}
