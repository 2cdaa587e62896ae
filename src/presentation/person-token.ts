import { encodeBase64url } from '../credential/base64url.ts'
import type { KeyRing } from '../platform/keys.ts'

/**
 * The token by which one relying party knows a person again, and no other does. The token that the
 * issuer wrote is the same for all who see it, and so is never released.
 *
 * `sector` is what the relying party shares with those who may know the person by the same token; for
 * now its own entity identifier. The token names the version of our key before a dot: tokens of two
 * versions cannot be compared, and so are seen not to be of two persons.
 */
export async function pairwiseToken(
  keys: Pick<KeyRing, 'mac' | 'macKeyId'>,
  { issuer, token, sector }: { issuer: string; token: string; sector: string },
): Promise<string> {
  const framed = JSON.stringify(['pairwise person_token', issuer, token, sector])
  const mac = await keys.mac('pairwise', new TextEncoder().encode(framed))
  return `${keys.macKeyId('pairwise')}.${encodeBase64url(mac)}`
}
