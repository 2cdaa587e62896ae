import { ok, type Result, refuse } from '../result.ts'
import {
  type Certificate,
  maySignCertificates,
  maySignData,
  parseCertificate,
} from './certificate.ts'
import { cryptography } from './crypto.ts'
import type { Curve, VerifyingKey } from './cryptography.ts'
import { isSame } from './der.ts'
import { isForPurpose, isNamedFor, type KeyPurpose, keyPurposeIds } from './key-purpose.ts'

/** A certificate somebody vouches for; `certificate` is base64 DER, as in `x5c`. */
export type TrustedCertificate = { id: string; certificate: string }

/** A certificate that may sign data, and its public key, P-256, ready to verify ES256. */
type Leaf = { leaf: Certificate; leafKey: VerifyingKey }

/** Certificates of which each was issued by the next, and the last by somebody who is not among them. */
export type CertificatePath = Leaf & { certificates: readonly Certificate[] }

/** A path that led to an anchor. Shared by all who verify by it: read, do not change. */
export type Chain = Leaf & {
  /** Which of the anchors given the path led to. */
  anchor: string
  /** That anchor's certificate, as it was given. */
  anchorCertificate: string
  /** The key identifiers of all who issued a certificate of the path, base64url, nearest first. */
  authorityKeyIds: string[]
  /** When all certificates of the path, anchor included, are valid together. */
  notBefore: Date
  notAfter: Date
}

const maxLength = 5

/**
 * Follows an `x5c` header (RFC 7515 4.1.6) from its leaf to one of our anchors, as of an instant
 * (RFC 5280 6.1). The refusal is a sentence.
 *
 * The anchor itself must not be in the header (HAIP 1.0 6.1.1): who brings his own anchor has not
 * understood who decides about trust.
 */
export async function followChain(
  x5c: unknown,
  anchors: readonly TrustedCertificate[],
  at: Date,
  purpose: KeyPurpose,
): Promise<Result<Chain, string>> {
  // Only of a list that is short: an anchor is looked for in all of it, and outsiders make it.
  if (isFitList(x5c) && holdsAnchor(x5c, anchors)) {
    return refuse('x5c must leave out the trust anchor: send the certificates below it only.')
  }
  const path = await verifyPath(x5c, at, purpose)
  if (!path.ok) return path
  const { certificates, ...leaf } = path.value
  const anchor = await findAnchor(certificates, anchors, at)
  if (!anchor.ok) return anchor
  const whole = [...certificates, anchor.value.certificate]
  return ok({
    ...leaf,
    anchor: anchor.value.trusted.id,
    anchorCertificate: anchor.value.trusted.certificate,
    authorityKeyIds: authoritiesOf(certificates, anchor.value, anchors),
    notBefore: new Date(Math.max(...whole.map(({ notBefore }) => notBefore.getTime()))),
    notAfter: new Date(Math.min(...whole.map(({ notAfter }) => notAfter.getTime()))),
  })
}

/**
 * What can be said of an `x5c` header without an anchor: that its certificates are in order and valid
 * at that instant, and that its leaf may sign for that purpose. Anybody can make such a path.
 *
 * No certificate may be self-signed (HAIP 1.0 6.1.1). We know ECDSA on P-256 and P-384, and no name
 * constraints or policies: certificates that insist on them are refused.
 */
export async function verifyPath(
  x5c: unknown,
  at: Date,
  purpose: KeyPurpose,
): Promise<Result<CertificatePath, string>> {
  if (!isFitList(x5c)) {
    return refuse('x5c is a list of one to five certificates, the signing one first.')
  }
  const path = x5c.map(parseCertificate).filter((certificate) => certificate !== undefined)
  const [leaf] = path
  if (!leaf || path.length < x5c.length) {
    return refuse('Each entry of x5c is the base64 DER of one X.509 certificate.')
  }
  const fault = leafFault(leaf, purpose) ?? pathFault(path, at, purpose)
  if (fault) return refuse(fault)
  if (!(await isSignedInOrder(path))) {
    return refuse('Each certificate in x5c must be signed by the one after it.')
  }
  const leafKey = await keyOf(leaf)
  if (!leafKey) return refuse('The signing certificate does not hold a point of its curve.')
  return ok({ leaf, leafKey, certificates: path })
}

const isFitList = (x5c: unknown): x5c is unknown[] =>
  Array.isArray(x5c) && x5c.length >= 1 && x5c.length <= maxLength

/** Who issued the certificates of a path (OpenID4VP 1.0 6.1.1.1): base64url key identifiers. */
export const keyIds = (path: readonly Certificate[]) =>
  path.map(({ authorityKeyId }) => authorityKeyId).filter((id) => id !== undefined)

/**
 * The same without what is untrue: by whom a certificate was issued is its issuer's word, which might be
 * the name of an anchor in which the path does not end.
 */
function authoritiesOf(
  path: readonly Certificate[],
  { certificate: { keyId } }: Anchor,
  anchors: readonly TrustedCertificate[],
): string[] {
  const others = anchors.map((other) => parseAnchor(other)?.keyId).filter((id) => id !== keyId)
  return keyIds(path).filter((id) => !others.includes(id))
}

/** Whether one of the anchors is itself in the header. */
export const holdsAnchor = (x5c: readonly unknown[], anchors: readonly TrustedCertificate[]) =>
  anchors.some(({ certificate }) => x5c.includes(certificate))

function leafFault(leaf: Certificate, purpose: KeyPurpose): string | undefined {
  if (leaf.isAuthority) return 'The signing certificate must not be that of an authority.'
  if (!maySignData(leaf)) return 'The key usage of the signing certificate lacks digitalSignature.'
  if (leaf.publicKey?.curve !== 'P-256') return 'The signing certificate must hold a P-256 key.'
  if (purpose === 'mdoc' && !isNamedFor(leaf.extendedKeyUsage, purpose)) {
    return `The signing certificate must name ${keyPurposeIds[purpose]} (${purpose}) in its extended key usage.`
  }
  return undefined
}

function pathFault(
  path: readonly Certificate[],
  at: Date,
  purpose: KeyPurpose,
): string | undefined {
  for (const [position, certificate] of path.entries()) {
    if (isSame(certificate.subject, certificate.issuer)) {
      return 'x5c must not hold a self-signed certificate.'
    }
    if (!isValid(certificate, at)) return 'A certificate in x5c has expired or is not yet valid.'
    if (certificate.hasStrangeExtension) {
      return 'A certificate in x5c has a critical extension that is unknown here, name constraints, or an extension twice.'
    }
    // In an authority's it is a bound on what it may certify, as is the custom.
    if (!isForPurpose(certificate.extendedKeyUsage, purpose)) {
      return `A certificate in x5c is for other purposes: its extended key usage must name ${keyPurposeIds[purpose]} (${purpose}), or be absent.`
    }
    // Each authority that was certified says what its key is for (RFC 5280 4.2.1.3). Of an anchor,
    // which was given to us and by nobody certified, that is not asked.
    const isSilent = certificate.keyUsage === undefined
    if (position > 0 && (isSilent || !mayIssue(certificate, position - 1))) {
      return 'A certificate in x5c signs another without being an authority for that depth.'
    }
  }
  return undefined
}

const isValid = ({ notBefore, notAfter }: Certificate, at: Date) =>
  notBefore <= at && at <= notAfter

/** Whether it may sign a certificate below which `depth` more authorities stand. */
const mayIssue = (certificate: Certificate, depth: number) =>
  maySignCertificates(certificate) && (certificate.pathLength ?? depth) >= depth

async function isSignedInOrder(path: readonly Certificate[]): Promise<boolean> {
  const links = path.slice(1).map((issuer, i) => isIssuedBy(path[i], issuer))
  return (await Promise.all(links)).every(Boolean)
}

type Anchor = { trusted: TrustedCertificate; certificate: Certificate }

/** The first anchor that fits. A renewed one may have the name and key of one that has run out. */
async function findAnchor(
  path: readonly Certificate[],
  anchors: readonly TrustedCertificate[],
  at: Date,
): Promise<Result<Anchor, string>> {
  const last = path.at(-1)
  let fault = 'The certificates in x5c lead to no trust anchor known here for this use.'
  for (const trusted of anchors) {
    const certificate = parseAnchor(trusted)
    if (!certificate || !(await isIssuedBy(last, certificate))) continue
    if (!isValid(certificate, at)) fault = 'The trust anchor of this chain is out of date.'
    else if (certificate.hasStrangeExtension || !mayIssue(certificate, path.length - 1)) {
      fault = 'The trust anchor may not stand above this chain, by its usage, depth or extensions.'
    } else return ok({ trusted, certificate })
  }
  return refuse(fault)
}

/** Anchors are few and stay for long; each is read once, for as long as its record lives. */
const parsedAnchors = new WeakMap<TrustedCertificate, { certificate: Certificate | undefined }>()

function parseAnchor(trusted: TrustedCertificate): Certificate | undefined {
  const known = parsedAnchors.get(trusted) ?? { certificate: parseCertificate(trusted.certificate) }
  parsedAnchors.set(trusted, known)
  return known.certificate
}

/** Names and key identifiers fit, and the signature is the issuer's. */
async function isIssuedBy(subject: Certificate | undefined, issuer: Certificate): Promise<boolean> {
  if (!subject || !isSame(subject.issuer, issuer.subject)) return false
  const { authorityKeyId, signature } = subject
  if (authorityKeyId && issuer.keyId && authorityKeyId !== issuer.keyId) return false
  const key = await keyOf(issuer)
  if (!key || !issuer.publicKey || !signature) return false
  const rAndS = joined(signature, coordinateLength[issuer.publicKey.curve])
  return rAndS !== undefined && cryptography().verify(key, signature.hash, rAndS, subject.signed)
}

const coordinateLength: Record<Curve, number> = { 'P-256': 32, 'P-384': 48 }

/** r and s, one after the other, each of that length; undefined when they are longer. */
function joined({ r, s }: { r: Uint8Array; s: Uint8Array }, length: number) {
  if (r.length > length || s.length > length) return undefined
  const both = new Uint8Array(2 * length)
  both.set(r, length - r.length)
  both.set(s, 2 * length - s.length)
  return both
}

/** Keys are made once for a certificate: those of anchors serve every chain below them. */
const keys = new WeakMap<Certificate, VerifyingKey>()

/** The key in a certificate; undefined when it is of a kind unknown here, or its point not on the curve. */
async function keyOf(certificate: Certificate): Promise<VerifyingKey | undefined> {
  const { publicKey } = certificate
  const known = keys.get(certificate)
  if (known || !publicKey) return known
  const key = await cryptography().verifyingKey(publicKey.curve, publicKey.point)
  if (key) keys.set(certificate, key)
  return key
}
