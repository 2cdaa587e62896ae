import { cryptography } from './crypto.ts'

const utf8 = new TextEncoder()

/** SHA-256 of bytes, or of the UTF-8 bytes of a text. */
export async function sha256(data: Uint8Array | string): Promise<Uint8Array<ArrayBuffer>> {
  return cryptography().sha256(typeof data === 'string' ? utf8.encode(data) : data)
}

/** The digest as SD-JWT writes it (RFC 9901 4.2.3): base64url of SHA-256 over the ASCII text. */
export async function digestText(text: string | Uint8Array): Promise<string> {
  return cryptography().digestText(text)
}
