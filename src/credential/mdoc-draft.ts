import { encodeBase64url } from './base64url.ts'
import { type Encodable, embed, encodeCbor, mapOf } from './cbor-encoder.ts'
import { cborOf } from './cbor-json.ts'
import { coseHeader, coseKeyOf, signCoseSign1, x5chainHeader } from './cose.ts'
import { sha256 } from './digest.ts'
import type { JsonObject } from './json.ts'
import type { EcPublicJwk } from './jwk.ts'
import type { Sign } from './jws.ts'
import { dateTimeText, statementLabel } from './mobile-security-object.ts'
import type { StatusReference } from './registered-claims.ts'

/** An mdoc as its issuer means it. */
export type MdocDraft = {
  /** base64 DER, the signing certificate first, without the anchor. */
  x5chain: string[]
  docType: string
  /** Elements by namespace: the holder shows each by itself, and as a whole. */
  nameSpaces: Record<string, JsonObject>
  /**
   * How many digests each namespace has at least. Those beyond its elements stand for nothing, so that
   * their number does not tell how many elements there are.
   */
  digests?: number
  deviceKey: EcPublicJwk
  signed: Date
  validFrom: Date
  validUntil: Date
  status?: StatusReference
  /** What holds for the whole document, so that no holder can leave it out; see `statementLabel`. */
  statement?: JsonObject
}

type Parts = { x5chain: Encodable; nameSpaces: ReadonlyMap<string, Encodable>; payload: Uint8Array }

declare const prepared: unique symbol

/** An mdoc whose every rule was checked: the only thing that may be signed. */
export type PreparedMdoc = Parts & { readonly [prepared]: true }

type Random = (size: number) => Uint8Array

/**
 * Makes items, digests and the mobile security object (ISO/IEC 18013-5 9.1.2.4, 9.1.2.5).
 *
 * The numbers of digests follow the random bytes of their items, so that they tell nothing of the order of
 * the elements. Throws when the draft breaks a rule: the mistake is ours, and a wrong document cannot be
 * called back.
 */
export async function prepareMdoc(draft: MdocDraft, random: Random): Promise<PreparedMdoc> {
  const fault = draftFault(draft)
  if (fault) throw new Error(fault)
  const nameSpaces = new Map<string, Encodable>()
  const valueDigests = new Map<string, Encodable>()
  for (const [nameSpace, elements] of Object.entries(draft.nameSpaces)) {
    const items = itemsOf(elements, draft.digests ?? 0, random)
    const digests = await Promise.all(items.map((item) => sha256(item ?? random(32))))
    nameSpaces.set(
      nameSpace,
      items.flatMap((item) => (item ? [{ encoded: item }] : [])),
    )
    valueDigests.set(nameSpace, new Map(digests.map((digest, id) => [id, digest])))
  }
  const payload = encodeCbor(embed(mobileSecurityObject(draft, valueDigests)))
  const parts: Parts = { x5chain: x5chainHeader(draft.x5chain), nameSpaces, payload }
  return parts as PreparedMdoc
}

/** Signs a prepared mdoc: IssuerSigned in base64url (OpenID4VCI 1.0 A.2.4). */
export async function signMdoc(
  { x5chain, nameSpaces, payload }: PreparedMdoc,
  sign: Sign,
): Promise<string> {
  const unprotectedHeaders = new Map([[coseHeader.x5chain, x5chain]])
  const issuerAuth = await signCoseSign1({ unprotectedHeaders, payload }, sign)
  return encodeBase64url(encodeCbor(mapOf({ nameSpaces, issuerAuth })))
}

function draftFault(draft: MdocDraft): string | undefined {
  const { x5chain, docType, nameSpaces, signed, validFrom, validUntil, status } = draft
  if (x5chain.length === 0) return 'An mdoc carries the certificates of its signer.'
  if (docType === '') return 'An mdoc has a docType.'
  if (Object.values(nameSpaces).every((elements) => Object.keys(elements).length === 0)) {
    return 'An mdoc has elements.'
  }
  if (!(signed <= validFrom && validFrom < validUntil)) {
    return 'signed, validFrom and validUntil follow one another.'
  }
  if (status && !(Number.isSafeInteger(status.idx) && status.idx >= 0)) {
    return 'A status has a number in its list.'
  }
  return undefined
}

/** IssuerSignedItemBytes by their numbers, of which some stand for nothing. */
function itemsOf(
  elements: JsonObject,
  count: number,
  random: Random,
): readonly (Uint8Array | undefined)[] {
  const named = Object.entries(elements)
  const decoys = Array.from({ length: Math.max(0, count - named.length) }, () => undefined)
  const salted = [...named, ...decoys].map((element) => ({ element, salt: random(16) }))
  salted.sort((a, b) => (encodeBase64url(a.salt) < encodeBase64url(b.salt) ? -1 : 1))
  return salted.map(({ element, salt }, digestID) => {
    if (!element) return undefined
    const [name, value] = element
    const item = { digestID, random: salt, elementIdentifier: name, elementValue: cborOf(value) }
    return encodeCbor(embed(mapOf(item)))
  })
}

function mobileSecurityObject(draft: MdocDraft, valueDigests: Encodable): Encodable {
  const { docType, deviceKey, signed, validFrom, validUntil, status, statement } = draft
  const dateTime = (date: Date) => ({ tag: 0, value: dateTimeText(date) })
  return mapOf({
    version: '1.0',
    digestAlgorithm: 'SHA-256',
    valueDigests,
    deviceKeyInfo: mapOf({
      deviceKey: coseKeyOf(deviceKey),
      ...(statement && { keyInfo: new Map([[statementLabel, cborOf(statement)]]) }),
    }),
    docType,
    validityInfo: mapOf({
      signed: dateTime(signed),
      validFrom: dateTime(validFrom),
      validUntil: dateTime(validUntil),
    }),
    ...(status && { status: mapOf({ status_list: mapOf({ idx: status.idx, uri: status.uri }) }) }),
  })
}
