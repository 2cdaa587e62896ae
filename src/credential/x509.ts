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

export { type Certificate, certifies, commonName, dnsNames, uriNames } from './certificate.ts'
export { type Chain, type TrustedCertificate, verifyPath } from './certificate-path.ts'
export type { KeyPurpose } from './key-purpose.ts'

type Remembered = { x5c: readonly string[]; chain: Chain }

/** Chains that led to an anchor, oldest first. Issuers are few, their credentials many. */
const remembered = new Map<string, Remembered>()
const maxRemembered = 1000
/** Characters; a chain of the field takes 3,000. Longer ones are followed anew each time. */
const maxRememberedLength = 10_000

/**
 * Follows an `x5c` header from its leaf to one of our anchors, as of an instant; see `followChain`.
 * A leaf, and each authority above it, must be for the purpose if it says what it is for.
 *
 * Reading and checking certificates costs as much as the rest of a verification, so a chain that was
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
  const place = placeOf(x5c, purpose)
  const known = remembered.get(place)
  if (known && isSameList(x5c, known.x5c) && isStillGood(known, anchors, at)) return ok(known.chain)
  const followed = await followChain(x5c, anchors, at, purpose)
  if (followed.ok) remember(place, { x5c: x5c as string[], chain: followed.value })
  return followed
}

/**
 * Where a chain is remembered: by the end of its leaf, which is of its signature and so in no other,
 * unless their authority wills it. That is quickly looked up; then every byte is compared.
 */
function placeOf(x5c: unknown, purpose: KeyPurpose): string {
  const [leaf]: unknown[] = Array.isArray(x5c) ? x5c : []
  return typeof leaf === 'string' ? `${purpose} ${leaf.slice(-64)}` : ''
}

const isSameList = (x5c: unknown, known: readonly string[]) =>
  Array.isArray(x5c) && x5c.length === known.length && known.every((der, i) => der === x5c[i])

function isStillGood(
  { x5c, chain }: Remembered,
  anchors: readonly TrustedCertificate[],
  at: Date,
): boolean {
  const isTrusted = anchors.some(
    ({ id, certificate }) => id === chain.anchor && certificate === chain.anchorCertificate,
  )
  return isTrusted && chain.notBefore <= at && at <= chain.notAfter && !holdsAnchor(x5c, anchors)
}

function remember(place: string, { x5c, chain }: Remembered): void {
  const length = x5c.reduce((total, der) => total + der.length, 0)
  if (length > maxRememberedLength) return
  const [oldest] = remembered.keys()
  if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest)
  remembered.set(place, { x5c: [...x5c], chain })
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
