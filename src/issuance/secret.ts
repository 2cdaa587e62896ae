import { digestText } from '../credential/digest.ts'

/** What the database may know of a secret: enough to find its row, not enough to use it. */
export const hashOfSecret = (secret: string): Promise<string> => digestText(secret)

/**
 * What the database may know of a transaction code: six digits alone would be guessed from their
 * hash at once, so the pre-authorized code, which we do not keep, goes into it.
 */
export const hashOfTxCode = (code: string, txCode: string): Promise<string> =>
  digestText(`${code}.${txCode}`)
