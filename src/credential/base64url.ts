/** base64url without padding (RFC 4648 5, RFC 7515 2). */
export const encodeBase64url = (bytes: Uint8Array): string =>
  bytes.toBase64({ alphabet: 'base64url', omitPadding: true })

/**
 * The bytes of a base64url text, or undefined.
 *
 * Strict, so that one sequence of bytes has one spelling and nothing can be changed unnoticed: no
 * padding, no character outside the alphabet, no stray bits at the end.
 */
export const decodeBase64url = (text: string): Uint8Array<ArrayBuffer> | undefined =>
  decode(text, { alphabet: 'base64url', omitPadding: true })

/** The bytes of a base64 text with padding (RFC 4648 4), as strictly; undefined if it is not one. */
export const decodeBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined =>
  decode(text, { alphabet: 'base64', omitPadding: false })

type Spelling = { alphabet: 'base64' | 'base64url'; omitPadding: boolean }

/** What is read more leniently is held to the one way of writing it. */
function decode(text: string, spelling: Spelling): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text, spelling)
    return bytes.toBase64(spelling) === text ? bytes : undefined
  } catch {
    return undefined
  }
}
