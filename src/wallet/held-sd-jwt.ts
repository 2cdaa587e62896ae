import { type ClaimsPathPointer, onOneLine } from '../credential/claims-path-pointer.ts'
import { parseJsonObject } from '../credential/json.ts'
import { parseSdJwt, revealDisclosures } from '../credential/sd-jwt.ts'
import type { HeldSdJwtVc } from './held-credential.ts'
import { insist } from './rule.ts'

export type HeldDisclosure = { disclosure: string; path: ClaimsPathPointer }

/** What is held was checked when it came in, so that only a fault of ours can make it unreadable. */
export async function readHeldSdJwt({
  sdJwt: text,
}: HeldSdJwtVc): Promise<{ x5c: string[]; issuerJwt: string; disclosures: HeldDisclosure[] }> {
  const sdJwt = parseSdJwt(text)
  insist(sdJwt.ok, 'The wallet holds something that is no SD-JWT')
  const { jws, issuerJwt, disclosures } = sdJwt.value
  const revealed = await revealDisclosures(parseJsonObject(jws.payload) ?? {}, disclosures)
  insist(revealed.ok, 'The wallet holds an SD-JWT whose disclosures do not fit')
  const { x5c } = jws.header
  return {
    x5c: Array.isArray(x5c) ? x5c.filter((der) => typeof der === 'string') : [],
    issuerJwt,
    disclosures: disclosures.map((disclosure, i) => ({
      disclosure,
      path: revealed.value.paths[i] ?? [],
    })),
  }
}

/**
 * Exactly those disclosures that reveal these claims, in the order of issuance.
 *
 * A claim needs what reveals it, and what is around it, for without its parents a disclosure stays dark
 * (RFC 9901 6.3); and who asks for an object or an array asks for what is inside.
 */
export const disclosuresOf = (
  disclosures: readonly HeldDisclosure[],
  claims: readonly ClaimsPathPointer[],
): string[] =>
  disclosures
    .filter(({ path }) => claims.some((claim) => onOneLine(path, claim)))
    .map(({ disclosure }) => disclosure)
