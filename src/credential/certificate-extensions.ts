import { encodeBase64url } from './base64url.ts'
import {
  booleanOrFalse,
  type Cursor,
  content,
  explicit,
  hasMore,
  implicit,
  isNext,
  NotDer,
  namedBits,
  nextTag,
  type ObjectIdentifier,
  objectIdentifier,
  oid,
  readDer,
  skip,
  smallInteger,
  tags,
  visibleText,
  within,
} from './der.ts'

/** What the extensions say of which path validation takes notice (RFC 5280 4.2.1). */
export type Extensions = {
  isAuthority: boolean
  /** How many authorities may stand between it and the leaf; none: no limit. */
  pathLength: number | undefined
  /** The first eight bits: `digitalSignature`, `keyCertSign` (RFC 5280 4.2.1.3). */
  keyUsage: number | undefined
  extendedKeyUsage: ObjectIdentifier[] | undefined
  /** Of the subject alternative names, those of two kinds. */
  uris: string[]
  hosts: string[]
  /** Subject and authority key identifiers (RFC 5280 4.2.1.1, 4.2.1.2), base64url. */
  keyId: string | undefined
  authorityKeyId: string | undefined
  /** A critical extension that we do not process, one that occurs twice, or name constraints. */
  hasStrangeExtension: boolean
}

const ids = {
  subjectKeyIdentifier: oid('2.5.29.14'),
  keyUsage: oid('2.5.29.15'),
  subjectAlternativeName: oid('2.5.29.17'),
  basicConstraints: oid('2.5.29.19'),
  /** RFC 5280 4.2.1.10: always critical. Who forgot to say so still means it, and we cannot keep to it. */
  nameConstraints: oid('2.5.29.30'),
  certificatePolicies: oid('2.5.29.32'),
  authorityKeyIdentifier: oid('2.5.29.35'),
  extendedKeyUsage: oid('2.5.29.37'),
}

/**
 * What may be critical, since we process it; policies among it, of which any will do, as long as
 * nobody constrains them (RFC 5280 6.1.1).
 */
const processed = new Set([
  ids.keyUsage,
  ids.subjectAlternativeName,
  ids.basicConstraints,
  ids.extendedKeyUsage,
  ids.certificatePolicies,
])

/** What an extension says, entered among what all of them say. */
type Reader = (value: Cursor, said: Extensions) => void

const readers = new Map<ObjectIdentifier, Reader>([
  [ids.subjectKeyIdentifier, readSubjectKeyId],
  [ids.keyUsage, readKeyUsage],
  [ids.subjectAlternativeName, readAlternativeNames],
  [ids.basicConstraints, readBasicConstraints],
  [ids.authorityKeyIdentifier, readAuthorityKeyId],
  [ids.extendedKeyUsage, readExtendedKeyUsage],
])

export const noExtensions = (): Extensions => ({
  isAuthority: false,
  pathLength: undefined,
  keyUsage: undefined,
  extendedKeyUsage: undefined,
  uris: [],
  hosts: [],
  keyId: undefined,
  authorityKeyId: undefined,
  hasStrangeExtension: false,
})

export const readExtensions = (explicitly: Cursor): Extensions =>
  within(explicitly, tags.sequence, (list) => {
    const said = noExtensions()
    const seen = new Set<ObjectIdentifier>()
    while (hasMore(list)) {
      const { id, isCritical, value } = within(list, tags.sequence, readExtension)
      const read = readers.get(id)
      if (read) readDer(value, (content) => read(content, said))
      const isUnknown = isCritical && !processed.has(id)
      if (isUnknown || seen.has(id) || id === ids.nameConstraints) said.hasStrangeExtension = true
      seen.add(id)
    }
    return said
  })

const readExtension = (extension: Cursor) => ({
  id: objectIdentifier(extension),
  isCritical: booleanOrFalse(extension),
  value: content(extension, tags.octetString),
})

function readBasicConstraints(value: Cursor, said: Extensions): void {
  within(value, tags.sequence, (constraints) => {
    said.isAuthority = booleanOrFalse(constraints)
    said.pathLength = hasMore(constraints) ? smallInteger(constraints) : undefined
  })
}

function readKeyUsage(value: Cursor, said: Extensions): void {
  said.keyUsage = namedBits(value)
}

function readExtendedKeyUsage(value: Cursor, said: Extensions): void {
  const usages: ObjectIdentifier[] = []
  within(value, tags.sequence, (list) => {
    while (hasMore(list)) usages.push(objectIdentifier(list))
  })
  said.extendedKeyUsage = usages
}

function readSubjectKeyId(value: Cursor, said: Extensions): void {
  said.keyId = encodeBase64url(content(value, tags.octetString))
}

/** Only the key identifier is of use; an issuer and its serial number may follow. */
function readAuthorityKeyId(value: Cursor, said: Extensions): void {
  within(value, tags.sequence, (fields) => {
    const hasKeyId = isNext(fields, implicit(0))
    said.authorityKeyId = hasKeyId ? encodeBase64url(content(fields, implicit(0))) : undefined
    if (isNext(fields, explicit(1))) skip(fields)
    if (isNext(fields, implicit(2))) skip(fields)
  })
}

/**
 * GeneralNames (RFC 5280 4.2.1.6), of which we read two kinds. What cannot be seen is in no URI and in no
 * name of a host, nor is it safe to show.
 */
function readAlternativeNames(value: Cursor, { uris, hosts }: Extensions): void {
  within(value, tags.sequence, (names) => {
    do {
      if (isNext(names, implicit(6))) uris.push(visibleText(names, implicit(6)))
      else if (isNext(names, implicit(2))) hosts.push(visibleText(names, implicit(2)))
      else if (otherNames.includes(nextTag(names))) skip(names)
      else throw new NotDer('no GeneralName')
    } while (hasMore(names))
  })
}

/** Addresses, directory names and the like. */
const otherNames = [
  explicit(0),
  implicit(1),
  explicit(3),
  explicit(4),
  explicit(5),
  implicit(7),
  implicit(8),
]
