import { encodeBase64url } from '../credential/base64url.ts'
import { digestText } from '../credential/digest.ts'
import type { Random } from '../platform/random.ts'

/** A code, token or id that nobody can guess: 256 random bits in base64url. */
export const newSecret = (random: Random): string => encodeBase64url(random(32))

/** What the database may know of a secret: enough to find its row, not enough to use it. */
export const hashOfSecret = (secret: string): Promise<string> => digestText(secret)

/**
 * What the database may know of a transaction code: six digits alone would be guessed from their
 * hash at once, so the pre-authorized code, which we do not keep, goes into it.
 */
export const hashOfTxCode = (code: string, txCode: string): Promise<string> =>
  digestText(`${code}.${txCode}`)
