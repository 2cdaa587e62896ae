const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const codes = new TextEncoder().encode(alphabet)
const sextets = new Uint8Array(128).fill(0xff)
codes.forEach((code, sextet) => {
  sextets[code] = sextet
})

/** base64url without padding (RFC 4648 5, RFC 7515 2). */
export function encodeBase64url(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  let bits = 0
  let held = 0
  let length = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text[length++] = codes[(held >> bits) & 63] ?? 0
    }
  }
  if (bits > 0) text[length] = codes[(held << (6 - bits)) & 63] ?? 0
  return new TextDecoder().decode(text)
}

/**
 * The bytes of a base64url text, or undefined.
 *
 * Strict, so that one sequence of bytes has one spelling and nothing can be changed unnoticed: no
 * padding, no character outside the alphabet, no stray bits at the end.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1) return undefined
  const bytes = new Uint8Array((text.length * 3) >> 2)
  let bits = 0
  let held = 0
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const sextet = sextets[text.charCodeAt(i)] ?? 0xff
    if (sextet === 0xff) return undefined
    held = ((held << 6) | sextet) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[length++] = (held >> bits) & 0xff
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined
}

/** The bytes of a base64 text with padding (RFC 4648 4), as strictly; undefined if it is not one. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0 || /[-_]/.test(text)) return undefined
  return decodeBase64url(
    text
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  )
}
