import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
} from '@peculiar/x509'
import { decodeBase64, encodeBase64url } from './base64url.ts'

/** What path validation reads of a certificate (RFC 5280 4), read once. */
export type Certificate = {
  x509: X509Certificate
  /** The names as they are encoded, for comparison byte by byte. */
  subject: string
  issuer: string
  notBefore: Date
  notAfter: Date
  isAuthority: boolean
  /** How many authorities may stand between it and the leaf; absent: no limit. */
  pathLength?: number
  keyUsage?: KeyUsageFlags
  /** Object identifiers, as the library writes them. */
  extendedKeyUsage?: string[]
  /** The curve of its key; absent for any other kind of key. */
  curve?: 'P-256' | 'P-384'
  /** Whether it is signed with ECDSA over SHA-256 or SHA-384. */
  hasKnownSignature: boolean
  /** Subject and authority key identifiers (RFC 5280 4.2.1.1, 4.2.1.2), base64url. */
  keyId?: string
  authorityKeyId?: string
  /** A critical extension that we do not process, one that occurs twice, or name constraints. */
  hasStrangeExtension: boolean
}

/**
 * Key usage, alternative names, basic constraints, extended key usage (RFC 5280 4.2.1); and policies,
 * of which any will do, as long as nobody constrains them (6.1.1).
 */
const processed = new Set(['2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.37', '2.5.29.32'])
/** RFC 5280 4.2.1.10: always critical. Who forgot to say so still means it, and we cannot keep to it. */
const nameConstraints = '2.5.29.30'

/** Reads a certificate from base64 DER (RFC 7515 4.1.6); undefined when it is not exactly one. */
export function parseCertificate(base64: unknown): Certificate | undefined {
  const der = typeof base64 === 'string' ? decodeBase64(base64) : undefined
  if (!der || !isOneSequence(der)) return undefined
  try {
    return readCertificate(new X509Certificate(der))
  } catch {
    return undefined
  }
}

function readCertificate(x509: X509Certificate): Certificate {
  const { extensions, notBefore, notAfter } = x509
  const constraints = x509.getExtension(BasicConstraintsExtension)
  const usage = x509.getExtension(KeyUsagesExtension)
  const extendedUsage = x509.getExtension(ExtendedKeyUsageExtension)
  const curve = curveOf(x509)
  const keyId = x509.getExtension(SubjectKeyIdentifierExtension)?.keyId
  const authorityKeyId = x509.getExtension(AuthorityKeyIdentifierExtension)?.keyId
  const isStrange = (e: { critical: boolean; type: string }) =>
    (e.critical && !processed.has(e.type)) || e.type === nameConstraints
  const isRepeated = new Set(extensions.map((e) => e.type)).size < extensions.length
  return {
    x509,
    subject: encodeBase64url(new Uint8Array(x509.subjectName.toArrayBuffer())),
    issuer: encodeBase64url(new Uint8Array(x509.issuerName.toArrayBuffer())),
    notBefore,
    notAfter,
    isAuthority: constraints?.ca === true,
    ...(constraints?.pathLength !== undefined && { pathLength: constraints.pathLength }),
    ...(usage && { keyUsage: usage.usages }),
    ...(extendedUsage && { extendedKeyUsage: extendedUsage.usages.map(String) }),
    ...(curve && { curve }),
    hasKnownSignature: hasKnownSignature(x509),
    ...(keyId && { keyId: hexToBase64url(keyId) }),
    ...(authorityKeyId && { authorityKeyId: hexToBase64url(authorityKeyId) }),
    hasStrangeExtension: isRepeated || extensions.some(isStrange),
  }
}

/**
 * Whether a certificate speaks for the entity with this identifier: it names the very URI, or the
 * host of the URI, among its subject alternative names (RFC 5280 4.2.1.6). No wildcards.
 */
export function certifies(leaf: X509Certificate, uri: string): boolean {
  if (!URL.canParse(uri)) return false
  const { hostname } = new URL(uri)
  const isUri = ({ type, value }: Name) => type === 'url' && value === uri
  return alternativeNames(leaf).some(isUri) || dnsNames(leaf).includes(hostname)
}

/** The host names among the subject alternative names, in lower case. */
export const dnsNames = (leaf: X509Certificate): string[] =>
  alternativeNames(leaf)
    .filter(({ type, value }) => type === 'dns' && value !== '')
    .map(({ value }) => value.toLowerCase())

type Name = { type: string; value: string }
const alternativeNames = (leaf: X509Certificate): readonly Name[] =>
  leaf.getExtension(SubjectAlternativeNameExtension)?.names.items ?? []

/** RFC 5280 4.2.1.3: a key whose usage is not said may be used for anything. */
export const maySignData = ({ keyUsage }: Certificate) =>
  keyUsage === undefined || (keyUsage & KeyUsageFlags.digitalSignature) !== 0

/** RFC 5280 6.1.4 (k, n): it says that it is an authority, and not that its key is for other things. */
export const maySignCertificates = ({ isAuthority, keyUsage }: Certificate) =>
  isAuthority && (keyUsage === undefined || (keyUsage & KeyUsageFlags.keyCertSign) !== 0)

function curveOf({ publicKey }: X509Certificate): Certificate['curve'] {
  const { name, namedCurve } = publicKey.algorithm as EcKeyAlgorithm
  const isKnown = namedCurve === 'P-256' || namedCurve === 'P-384'
  return name === 'ECDSA' && isKnown ? namedCurve : undefined
}

function hasKnownSignature({ signatureAlgorithm }: X509Certificate): boolean {
  const { name, hash } = signatureAlgorithm as { name: string; hash?: { name: string } }
  return name === 'ECDSA' && (hash?.name === 'SHA-256' || hash?.name === 'SHA-384')
}

/** No certificate of the field is half as long; to read one takes time that grows with its length. */
const maxDerLength = 8192

/** Whether the bytes are one DER SEQUENCE with nothing after it, of bounded length. */
function isOneSequence(der: Uint8Array): boolean {
  const [tag, form, high = 0, low = 0] = der
  const length = 4 + high * 256 + low
  return tag === 0x30 && form === 0x82 && der.length === length && length <= maxDerLength
}

const hexToBase64url = (hex: string) =>
  encodeBase64url(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))
