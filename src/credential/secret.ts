import { encodeBase64url } from './base64url.ts'

/** A code, token, nonce or id that nobody can guess: 256 random bits in base64url. */
export const newSecret = (random: (size: number) => Uint8Array): string =>
  encodeBase64url(random(32))

/** Whether two MACs are the same, in a time that does not tell how far they are. */
export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length &&
  one.reduce((difference, byte, i) => difference | (byte ^ (other[i] ?? 0)), 0) === 0
