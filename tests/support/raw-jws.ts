import { encodeBase64url } from '../../src/credential/base64url.ts'
import type { Sign } from '../../src/credential/jws.ts'

const utf8 = new TextEncoder()

/** JSON as it stands in a JWS or a disclosure; a string is taken for JSON text already written. */
export const encode = (json: unknown) =>
  encodeBase64url(utf8.encode(typeof json === 'string' ? json : JSON.stringify(json)))

/** Signs any header and any payload, the unfit ones too. */
export async function signAny(header: unknown, payload: unknown, sign: Sign): Promise<string> {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${encodeBase64url(await sign(utf8.encode(input)))}`
}
