import { digestText } from './digest.ts'
import { type Sign, signJws } from './jws.ts'

/** Claims of the key binding JWT (RFC 9901 4.3). `sdJwt` ends with its tilde. */
export type KeyBinding = { sdJwt: string; nonce: string; audience: string; iat: Date }

/** Makes the KB-JWT that proves possession of the holder key to one verifier, for one nonce. */
export async function createKbJwt(
  { sdJwt, nonce, audience, iat }: KeyBinding,
  sign: Sign,
): Promise<string> {
  const sd_hash = await digestText(sdJwt)
  const payload = { iat: Math.floor(iat.getTime() / 1000), aud: audience, nonce, sd_hash }
  return signJws({ typ: 'kb+jwt' }, payload, sign)
}
