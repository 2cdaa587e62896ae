import { encodeBase64url } from './base64url.ts'

/** A code, token, nonce or id that nobody can guess: 256 random bits in base64url. */
export const newSecret = (random: (size: number) => Uint8Array): string =>
  encodeBase64url(random(32))

/** Whether two MACs are the same, in a time that does not tell how far they are. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (let i = 0; i < one.length; i++) difference |= (one[i] ?? 0) ^ (other[i] ?? 0)
  return difference === 0
}
