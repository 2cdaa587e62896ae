import { decodeBase64 } from './base64url.ts'
import { type Extensions, noExtensions, readExtensions } from './certificate-extensions.ts'
import type { Curve, Hash } from './cryptography.ts'
import {
  type Cursor,
  content,
  element,
  explicit,
  hasMore,
  integer,
  isNext,
  isSame,
  NotDer,
  nextTag,
  objectIdentifier,
  octetsOfBits,
  oid,
  readDer,
  skip,
  smallInteger,
  tags,
  time,
  unsigned,
  within,
} from './der.ts'

/** What path validation reads of a certificate (RFC 5280 4), read once. */
export type Certificate = Extensions & {
  der: Uint8Array
  /** The part of it that is signed. */
  signed: Uint8Array
  /** None: by another algorithm than ECDSA over SHA-256 or SHA-384. */
  signature: Signature | undefined
  /** The names as they are encoded, for comparison byte by byte. */
  subject: Uint8Array
  issuer: Uint8Array
  notBefore: Date
  notAfter: Date
  /** None: of another kind. Its point is `x` and `y`; empty, if it is not given in full. */
  publicKey: { curve: Curve; point: Uint8Array } | undefined
}

/** Two numbers without leading zeros (RFC 3279 2.2.3). */
type Signature = { hash: Hash; r: Uint8Array; s: Uint8Array }

/** No certificate of the field is half as long; to read one takes time that grows with its length. */
const maxDerLength = 8192

/** Reads a certificate from base64 DER (RFC 7515 4.1.6); undefined when it is not exactly one. */
export function parseCertificate(base64: unknown): Certificate | undefined {
  const der = typeof base64 === 'string' ? decodeBase64(base64) : undefined
  if (!der || der.length > maxDerLength) return undefined
  try {
    return readDer(der, readCertificate)
  } catch (error) {
    if (error instanceof NotDer) return undefined
    throw error
  }
}

function readCertificate(outer: Cursor): Certificate {
  return within(outer, tags.sequence, (certificate) => {
    const start = certificate.at
    const said = within(certificate, tags.sequence, readToBeSigned)
    const signed = outer.bytes.subarray(start, certificate.at)
    // RFC 5280 4.1.1.2: said twice, since only one of the two is signed.
    if (!isSame(element(certificate), said.algorithm)) throw new NotDer('two algorithms')
    const hash = hashes.find(({ identifier }) => isSame(identifier, said.algorithm))?.hash
    const value = octetsOfBits(certificate)
    const signature = hash && readDer(value, (pair) => readSignature(pair, hash))
    return { der: outer.bytes, signed, signature, ...said }
  })
}

/** TBSCertificate (RFC 5280 4.1.2). Its versions are counted from 0; the first is not written. */
function readToBeSigned(tbs: Cursor) {
  const hasVersion = isNext(tbs, explicit(0))
  const version = hasVersion ? within(tbs, explicit(0), smallInteger) : 0
  if (hasVersion && version !== 1 && version !== 2) throw new NotDer('no version of X.509')
  integer(tbs)
  const algorithm = element(tbs)
  const issuer = readName(tbs)
  const { notBefore, notAfter } = within(tbs, tags.sequence, readValidity)
  const subject = readName(tbs)
  const publicKey = within(tbs, tags.sequence, readPublicKey)
  const hasExtensions = version === 2 && isNext(tbs, explicit(3))
  const extensions = hasExtensions ? within(tbs, explicit(3), readExtensions) : noExtensions()
  return { algorithm, issuer, subject, notBefore, notAfter, publicKey, ...extensions }
}

const readValidity = (validity: Cursor) => ({ notBefore: time(validity), notAfter: time(validity) })

const readSignature = (value: Cursor, hash: Hash): Signature =>
  within(value, tags.sequence, (pair) => ({ hash, r: unsigned(pair), s: unsigned(pair) }))

function readPublicKey(info: Cursor): Certificate['publicKey'] {
  const algorithm = element(info)
  const point = octetsOfBits(info)
  const curve = curves.find(({ identifier }) => isSame(identifier, algorithm))?.curve
  return curve && { curve, point: point.subarray(point[0] === uncompressed ? 1 : point.length) }
}

/** SEC 1 2.3.3. */
const uncompressed = 4

/** AlgorithmIdentifiers, of which DER leaves but one encoding each (RFC 5480 2.1.1, RFC 5758 3.2). */
const curves: { curve: Curve; identifier: Uint8Array }[] = [
  { curve: 'P-256', identifier: hex('301306072a8648ce3d020106082a8648ce3d030107') },
  { curve: 'P-384', identifier: hex('301006072a8648ce3d020106052b81040022') },
]
const hashes: { hash: Hash; identifier: Uint8Array }[] = [
  { hash: 'SHA-256', identifier: hex('300a06082a8648ce3d040302') },
  { hash: 'SHA-384', identifier: hex('300a06082a8648ce3d040303') },
]

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** A Name (RFC 5280 4.1.2.4), as it is encoded. */
function readName(cursor: Cursor): Uint8Array {
  const start = cursor.at
  eachAttribute(cursor, (attribute) => {
    objectIdentifier(attribute)
    skip(attribute)
  })
  return cursor.bytes.subarray(start, cursor.at)
}

function eachAttribute(name: Cursor, read: (attribute: Cursor) => void): void {
  const readSet = (set: Cursor) => {
    do within(set, tags.sequence, read)
    while (hasMore(set))
  }
  within(name, tags.sequence, (sets) => {
    while (hasMore(sets)) within(sets, tags.set, readSet)
  })
}

const utf8 = new TextDecoder()

const commonNameId = oid('2.5.4.3')

/** The common name of its subject, in one of the two kinds of text that are in use for it. */
export function commonName({ subject }: Certificate): string | undefined {
  let found: string | undefined
  readDer(subject, (name) =>
    eachAttribute(name, (attribute) => {
      const id = objectIdentifier(attribute)
      const tag = nextTag(attribute)
      const value = content(attribute, tag)
      const isText = tag === tags.utf8String || tag === tags.printableString
      if (id === commonNameId && isText) found ??= utf8.decode(value)
    }),
  )
  return found
}

/**
 * Whether a certificate speaks for the entity with this identifier: it names the very URI, or the
 * host of the URI, among its subject alternative names (RFC 5280 4.2.1.6). No wildcards.
 */
export function certifies(leaf: Certificate, uri: string): boolean {
  if (leaf.uris.includes(uri)) return true
  const host = URL.parse(uri)?.hostname
  return host !== undefined && dnsNames(leaf).includes(host)
}

/** The host names among the subject alternative names, in lower case. */
export const dnsNames = ({ hosts }: Certificate): string[] =>
  hosts.map((host) => host.toLowerCase())

/** The URIs among the subject alternative names, to the letter. */
export const uriNames = ({ uris }: Certificate): string[] => uris

const digitalSignature = 0x80
const keyCertSign = 0x04

/** RFC 5280 4.2.1.3: a key whose usage is not said may be used for anything. */
export const maySignData = ({ keyUsage = digitalSignature }: Certificate) =>
  (keyUsage & digitalSignature) !== 0

/** RFC 5280 6.1.4 (k, n): it says that it is an authority, and not that its key is for other things. */
export const maySignCertificates = ({ isAuthority, keyUsage = keyCertSign }: Certificate) =>
  isAuthority && (keyUsage & keyCertSign) !== 0
