/** base64url without padding (RFC 4648 5, RFC 7515 2). */
export const encodeBase64url = (bytes: Uint8Array): string =>
  bytes.toBase64({ alphabet: 'base64url', omitPadding: true })

/**
 * The bytes of a base64url text, or undefined.
 *
 * Strict, so that one sequence of bytes has one spelling and nothing can be changed unnoticed: no
 * padding, no character outside the alphabet, no stray bits at the end. Runtimes read more leniently. But
 * what they pass over is missing in the end, so that only the last character need be looked at.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (misread.test(text) || !endsInZeroBits(text)) return undefined
  const bytes = fromBase64(text, 'base64url')
  return bytes?.length === Math.floor((text.length * 3) / 4) ? bytes : undefined
}

/** The same judgement without the bytes: whether `decodeBase64url` would give any. */
export const isBase64url = (text: string): boolean => /^[\w-]*$/.test(text) && endsInZeroBits(text)

/** Whether the last character carries nothing but the end of the last byte. */
function endsInZeroBits(text: string): boolean {
  const rest = text.length % 4
  return rest === 0 || lastCharacters[rest]?.includes(text.charAt(text.length - 1)) === true
}

/** What may stand last when two or three characters are left over: whatever ends in four or two zero bits. */
const lastCharacters: Record<number, string> = { 2: 'AQgw', 3: 'AEIMQUYcgkosw048' }

/** What is read as if it belonged: base64, its padding, and characters of which Node sees a half. */
const misread = /[+/=\u0100-\uffff]/

/** The bytes of a base64 text with padding (RFC 4648 4), as strictly; undefined if it is not one. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = fromBase64(text, 'base64')
  return bytes?.toBase64() === text ? bytes : undefined
}

function fromBase64(text: string, alphabet: 'base64' | 'base64url') {
  try {
    return Uint8Array.fromBase64(text, { alphabet })
  } catch {
    return undefined
  }
}
