type Spelling = { alphabet?: 'base64' | 'base64url'; omitPadding?: boolean }

function toBase64(this: Uint8Array, { alphabet = 'base64', omitPadding = false }: Spelling = {}) {
  const text = Buffer.from(this.buffer, this.byteOffset, this.length).toString(alphabet)
  // Node pads the one and not the other.
  if (omitPadding === (alphabet === 'base64url')) return text
  return omitPadding ? text.replace(/=+$/, '') : text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** Like Node, and unlike the standard, it passes over what is not base64: hold the bytes to the text. */
const fromBase64 = (text: string, { alphabet = 'base64' }: Spelling = {}) =>
  new Uint8Array(Buffer.from(text, alphabet))

/** Gives bytes the base64 of ES2026 (23.3.1.2, 23.3.3.1), which Workers have and Node 24 lacks. */
export function bringBase64(): void {
  const hidden = (value: unknown) => ({ value, writable: true, configurable: true })
  if (!Object.hasOwn(Uint8Array, 'fromBase64')) {
    Object.defineProperty(Uint8Array, 'fromBase64', hidden(fromBase64))
    Object.defineProperty(Uint8Array.prototype, 'toBase64', hidden(toBase64))
  }
}
