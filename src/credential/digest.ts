import { encodeBase64url } from './base64url.ts'

const utf8 = new TextEncoder()

/** SHA-256 of bytes, or of the UTF-8 bytes of a text. */
export async function sha256(data: Uint8Array | string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = typeof data === 'string' ? utf8.encode(data) : Uint8Array.from(data)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** The digest as SD-JWT writes it (RFC 9901 4.2.3): base64url of SHA-256 over the ASCII text. */
export async function digestText(text: string): Promise<string> {
  return encodeBase64url(await sha256(text))
}
