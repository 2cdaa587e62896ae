import { encodeBase64url } from './base64url.ts'

/** A code, token, nonce or id that nobody can guess: 256 random bits in base64url. */
export const newSecret = (random: (size: number) => Uint8Array): string =>
  encodeBase64url(random(32))
