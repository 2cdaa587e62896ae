import { ok, type Result, refuse } from '../result.ts'
import {
  type Cbor,
  type CborMap,
  decodeCbor,
  embeddedBytes,
  isBytes,
  isCborMap,
  type Tagged,
  type Tally,
} from './cbor.ts'
import { jsonOf } from './cbor-json.ts'
import type { ClaimsPathPointer } from './claims-path-pointer.ts'
import { type CoseSign1, parseCoseSign1 } from './cose.ts'
import { cryptography } from './crypto.ts'
import { emptyObject, isJsonObject, type Json, type JsonObject } from './json.ts'
import { isDigestId, type MobileSecurityObject } from './mobile-security-object.ts'
import { sameBytes } from './secret.ts'

/** What the issuer gave of an mdoc (ISO/IEC 18013-5 8.3.2.1.2.2), read and not yet believed. */
export type IssuerSigned = {
  issuerAuth: CoseSign1
  /** The payload of `issuerAuth`, which is what was signed. */
  payload: Uint8Array<ArrayBuffer>
  /** The mobile security object in it. */
  mso: Cbor
  items: IssuerSignedItem[]
}

/** An element, or a part of one: the bytes that its digest covers, tag 24 included, and what is in them. */
export type IssuerSignedItem = {
  nameSpace: string
  encoded: Uint8Array
  content: Cbor
}

const maxItems = 500

/** Takes IssuerSigned apart, and all CBOR that is embedded in it. The refusal is a sentence. */
export function parseIssuerSigned(
  value: Cbor | undefined,
  tally: Tally,
): Result<IssuerSigned, string> {
  if (!isCborMap(value)) return refuse('issuerSigned must be a map.')
  const issuerAuth = parseCoseSign1(value.get('issuerAuth'), tally)
  if (!issuerAuth.ok) return issuerAuth
  const { payload } = issuerAuth.value
  if (!payload) return refuse('issuerAuth must hold the mobile security object as its payload.')
  const mso = decodeEmbedded(payload, tally)
  if (!mso.ok) return mso
  const items = parseNameSpaces(value.get('nameSpaces') ?? new Map(), tally)
  if (!items.ok) return items
  return ok({ issuerAuth: issuerAuth.value, payload, mso: mso.value, items: items.value })
}

/** Bytes that are one byte string with tag 24, and the CBOR in that. */
function decodeEmbedded(bytes: Uint8Array<ArrayBuffer>, tally: Tally): Result<Cbor, string> {
  const outer = decodeCbor(bytes, tally)
  if (!outer.ok) return outer
  const inner = embeddedBytes(outer.value)
  return inner
    ? decodeCbor(inner, tally)
    : refuse('The payload of issuerAuth must be CBOR embedded in a byte string with tag 24.')
}

function parseNameSpaces(value: Cbor, tally: Tally): Result<IssuerSignedItem[], string> {
  if (!isCborMap(value)) return refuse('nameSpaces must be a map.')
  const items: IssuerSignedItem[] = []
  for (const [nameSpace, list] of value) {
    if (typeof nameSpace !== 'string' || !Array.isArray(list)) {
      return refuse('nameSpaces must hold lists of elements by the names of their namespaces.')
    }
    for (const element of list) {
      const bytes = embeddedBytes(element)
      if (!bytes) return refuse('Each element must be CBOR embedded in a byte string with tag 24.')
      const content = decodeCbor(bytes, tally)
      if (!content.ok) return content
      items.push({ nameSpace, encoded: (element as Tagged).encoded, content: content.value })
    }
  }
  if (items.length > maxItems) return refuse('An mdoc may carry at most 500 elements.')
  return ok(items)
}

export type RevealedElements = { claims: JsonObject; disclosed: ClaimsPathPointer[] }

/**
 * What the items say, once each is found to have the digest that the issuer signed for its namespace and
 * number (ISO/IEC 18013-5 9.3.1). Digests without an item are of elements that were not shown.
 */
export async function revealElements(
  items: readonly IssuerSignedItem[],
  { digests }: MobileSecurityObject,
): Promise<Result<RevealedElements, string>> {
  const { sha256 } = cryptography()
  // All are begun before the first is waited for.
  const actual = items.map(({ encoded }) => sha256(encoded))
  const claims = emptyObject()
  const disclosed: ClaimsPathPointer[] = []
  for (const [i, { nameSpace, content }] of items.entries()) {
    const item = readItem(content)
    if (!item.ok) return item
    const { digestId, name, value } = item.value
    const signed = digestsOf(digests, nameSpace)?.get(digestId)
    const digest = await actual[i]
    if (!isBytes(signed) || !digest || !sameBytes(signed, digest)) {
      return refuse('Each element must have the digest that the issuer signed for its digestID.')
    }
    const elements = nameSpaceIn(claims, nameSpace)
    // Of two with one digestID both have one digest, and so one name.
    if (name in elements) return refuse('No element may occur twice in a namespace.')
    elements[name] = value
    disclosed.push([nameSpace, name])
  }
  return ok({ claims, disclosed })
}

/** The elements of a namespace, to put more into. */
export function nameSpaceIn(claims: JsonObject, nameSpace: string): JsonObject {
  const known = claims[nameSpace]
  if (isJsonObject(known)) return known
  const elements = emptyObject()
  claims[nameSpace] = elements
  return elements
}

function digestsOf(digests: MobileSecurityObject['digests'], nameSpace: string) {
  const inNameSpace = digests.get(nameSpace)
  return isCborMap(inNameSpace) ? inNameSpace : undefined
}

/** ISO/IEC 18013-5 9.1.2.5. */
const minRandom = 16

export function readItem(
  item: Cbor,
): Result<{ digestId: number; name: string; value: Json }, string> {
  const fields: CborMap = isCborMap(item) ? item : new Map()
  const digestId = fields.get('digestID')
  const random = fields.get('random')
  const name = fields.get('elementIdentifier')
  const value = jsonOf(fields.get('elementValue'))
  if (typeof digestId !== 'number' || !isDigestId(digestId) || typeof name !== 'string') {
    return refuse(
      'Each element must be a map with digestID, random, elementIdentifier, elementValue.',
    )
  }
  if (!isBytes(random) || random.length < minRandom) {
    return refuse('random of an element must be at least 16 bytes.')
  }
  if (value === undefined) {
    return refuse('elementValue must be there, and something that JSON can tell.')
  }
  return ok({ digestId, name, value })
}
