import { ok, type Result } from '../result.ts'
import { decodeBase64, encodeBase64url } from './base64url.ts'
import { parseCertificate } from './certificate.ts'
import {
  type Chain,
  followChain,
  holdsAnchor,
  keyIds,
  type TrustedCertificate,
} from './certificate-path.ts'
import { sha256 } from './digest.ts'
import type { KeyPurpose } from './key-purpose.ts'

export { certifies, dnsNames } from './certificate.ts'
export { type Chain, type TrustedCertificate, verifyPath } from './certificate-path.ts'
export type { KeyPurpose } from './key-purpose.ts'

/** Chains that led to an anchor, oldest first. Issuers are few, their credentials many. */
const remembered = new Map<string, Chain>()
const maxRemembered = 1000
/** Characters; a chain of the field takes 3,000. Longer ones are followed anew each time. */
const maxKeyLength = 10_000

/**
 * Follows an `x5c` header from its leaf to one of our anchors, as of an instant; see `followChain`.
 * A leaf, and each authority above it, must be for the purpose if it says what it is for.
 *
 * Reading and checking certificates costs ten times the rest of a verification, so a chain that was
 * good is remembered, by every byte of it and for that purpose. What may change is asked again each
 * time: that the anchor is still trusted by that very certificate, that none of the chain has become
 * one, and that the instant is inside the validity of all. So no verdict outlives a certificate or a
 * change of the registry. Only good chains are kept, so that nobody can fill the memory without being
 * an authority.
 */
export async function verifyChain(
  x5c: unknown,
  anchors: readonly TrustedCertificate[],
  at: Date,
  purpose: KeyPurpose,
): Promise<Result<Chain, string>> {
  const key = JSON.stringify([purpose, x5c])
  const known = remembered.get(key)
  if (known && isStillGood(known, x5c as string[], anchors, at)) return ok(known)
  const followed = await followChain(x5c, anchors, at, purpose)
  if (followed.ok) remember(key, followed.value)
  return followed
}

function isStillGood(
  { anchor, anchorCertificate, notBefore, notAfter }: Chain,
  x5c: readonly string[],
  anchors: readonly TrustedCertificate[],
  at: Date,
): boolean {
  const isTrusted = anchors.some(
    ({ id, certificate }) => id === anchor && certificate === anchorCertificate,
  )
  return isTrusted && notBefore <= at && at <= notAfter && !holdsAnchor(x5c, anchors)
}

function remember(key: string, chain: Chain): void {
  if (key.length > maxKeyLength) return
  const [oldest] = remembered.keys()
  if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest)
  remembered.set(key, chain)
}

/** The authority key identifiers along an `x5c`, for trusted authorities of type `aki` (OpenID4VP 1.0 6.1.1.1). */
export function authorityKeyIds(x5c: readonly string[]): string[] {
  return keyIds(x5c.map(parseCertificate).filter((certificate) => certificate !== undefined))
}

/** base64url SHA-256 of a certificate (OpenID4VP 1.0 5.9.3, `x509_hash`). Throws on what is no base64. */
export async function x509Hash(derBase64: string): Promise<string> {
  const der = decodeBase64(derBase64)
  if (!der) throw new TypeError('not base64')
  return encodeBase64url(await sha256(der))
}
