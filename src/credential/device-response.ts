import { ok, type Result, refuse } from '../result.ts'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { type Cbor, decodeCbor, isCborMap, type Tally } from './cbor.ts'
import { type Encodable, embed, encodeCbor, mapOf } from './cbor-encoder.ts'
import { signCoseSign1, x5chainOf } from './cose.ts'
import {
  type DeviceSigned,
  deviceAuthenticationBytes,
  parseDeviceSigned,
} from './device-authentication.ts'
import {
  type IssuerSigned,
  type IssuerSignedItem,
  nameSpaceIn,
  parseIssuerSigned,
  readItem,
} from './issuer-signed.ts'
import { emptyObject, type JsonObject } from './json.ts'
import { type EcPublicJwk, jwkOf } from './jwk.ts'
import type { Sign } from './jws.ts'
import { readMobileSecurityObject } from './mobile-security-object.ts'

/** The one document of a response, read and not yet believed. */
export type MdocDocument = {
  docType: string
  issuerSigned: IssuerSigned
  /** A refusal, in a sentence, where there is no fit proof of the device. */
  deviceSigned: Result<DeviceSigned, string>
}

/** Of the text. */
const maxLength = 256 * 1024

/**
 * Takes a DeviceResponse (ISO/IEC 18013-5 8.3.2.1.2.2) in base64url apart, as OpenID4VP 1.0 B.2.5 has it
 * in a vp_token. The refusal is a sentence. It holds exactly one document: who is asked for two answers
 * each with its own response (HAIP 1.0 5.3.1).
 */
export function parseDeviceResponse(text: string): Result<MdocDocument, string> {
  const tally = { values: 0 }
  const response = decodeText(text, tally)
  if (!response.ok) return response
  if (!isCborMap(response.value)) return refuse('A DeviceResponse must be a map.')
  const document = onlyDocument(response.value)
  if (!document.ok) return document
  const docType = document.value.get('docType')
  if (typeof docType !== 'string') return refuse('A document must have a docType.')
  if (document.value.has('errors')) {
    return refuse('A document must not list errors: send what was asked for, or nothing.')
  }
  const issuerSigned = parseIssuerSigned(document.value.get('issuerSigned'), tally)
  if (!issuerSigned.ok) return issuerSigned
  const deviceSigned = parseDeviceSigned(document.value.get('deviceSigned'), tally)
  return ok({ docType, issuerSigned: issuerSigned.value, deviceSigned })
}

function onlyDocument(response: ReadonlyMap<string | number, Cbor>) {
  if (response.get('version') !== '1.0') return refuse('version of a DeviceResponse must be 1.0.')
  if (response.get('status') !== 0) return refuse('status of a DeviceResponse must be 0.')
  if (response.has('documentErrors'))
    return refuse('A DeviceResponse must not list documentErrors.')
  const documents = response.get('documents')
  const [document] = Array.isArray(documents) ? documents : []
  if (!Array.isArray(documents) || documents.length !== 1 || !isCborMap(document)) {
    return refuse(
      'A DeviceResponse must hold exactly one document: answer each query with its own.',
    )
  }
  return ok(document)
}

/** IssuerSigned in base64url, as issuers hand it out (OpenID4VCI 1.0 A.2.4). */
export function parseIssuedMdoc(text: string): Result<IssuerSigned, string> {
  const tally = { values: 0 }
  const issued = decodeText(text, tally)
  return issued.ok ? parseIssuerSigned(issued.value, tally) : issued
}

function decodeText(text: string, tally: Tally): Result<Cbor, string> {
  if (text.length > maxLength) return refuse('An mdoc may be at most 256 KiB long.')
  const bytes = decodeBase64url(text)
  return bytes ? decodeCbor(bytes, tally) : refuse('An mdoc is sent in base64url, without padding.')
}

/** What a holder can read in an mdoc: nothing of it is verified. */
export type HeldMdoc = {
  docType: string
  /** By namespace and element identifier. */
  elements: JsonObject
  deviceKey: EcPublicJwk
  x5chain: string[]
  validUntil: Date
  items: readonly HeldItem[]
  issuerSigned: IssuerSigned
}

type HeldItem = IssuerSignedItem & { name: string }

/** Reads IssuerSigned in base64url for its holder, or answers undefined. */
export function readIssuerSigned(text: string): HeldMdoc | undefined {
  const issued = parseIssuedMdoc(text)
  const mso = issued.ok ? readMobileSecurityObject(issued.value.mso) : issued
  if (!issued.ok || !mso.ok) return undefined
  const elements = emptyObject()
  const items: HeldItem[] = []
  for (const item of issued.value.items) {
    const read = readItem(item.content)
    if (!read.ok) return undefined
    const { name, value } = read.value
    nameSpaceIn(elements, item.nameSpace)[name] = value
    items.push({ ...item, name })
  }
  const { docType, devicePoint, validity } = mso.value
  return {
    docType,
    elements,
    deviceKey: jwkOf(devicePoint),
    x5chain: x5chainOf(issued.value.issuerAuth.unprotectedHeaders) ?? [],
    validUntil: validity.validUntil,
    items,
    issuerSigned: issued.value,
  }
}

type Presentation = {
  /** As the issuer handed it out. */
  issuerSigned: string
  docType: string
  /** Namespace and element identifier of what is shown; what is not there is left out. */
  show: readonly (readonly [nameSpace: string, element: string])[]
  sessionTranscript: Uint8Array
  /** With the key that the issuer bound the document to. */
  sign: Sign
}

/**
 * Makes a DeviceResponse of one document, in base64url: some of its elements, exactly as the issuer gave
 * them, and the device's signature for one session (ISO/IEC 18013-5 9.1.3). Throws on what is no mdoc.
 */
export async function createDeviceResponse(presentation: Presentation): Promise<string> {
  const { issuerSigned, docType, show, sessionTranscript, sign } = presentation
  const held = readIssuerSigned(issuerSigned)
  if (!held) throw new TypeError('not an mdoc')
  const nameSpaces = embed(new Map())
  const payload = deviceAuthenticationBytes(sessionTranscript, docType, nameSpaces)
  const deviceSignature = await signCoseSign1({ payload, detached: true }, sign)
  const document = mapOf({
    docType,
    issuerSigned: mapOf({
      nameSpaces: shown(held.items, show),
      issuerAuth: issuerAuthOf(held.issuerSigned),
    }),
    deviceSigned: mapOf({ nameSpaces, deviceAuth: mapOf({ deviceSignature }) }),
  })
  return encodeBase64url(encodeCbor(mapOf({ version: '1.0', documents: [document], status: 0 })))
}

function shown(items: readonly HeldItem[], show: Presentation['show']) {
  const nameSpaces = new Map<string, Encodable[]>()
  for (const { nameSpace, name, encoded } of items) {
    if (!show.some(([ns, element]) => ns === nameSpace && element === name)) continue
    nameSpaces.set(nameSpace, [...(nameSpaces.get(nameSpace) ?? []), { encoded }])
  }
  return nameSpaces
}

const issuerAuthOf = ({ issuerAuth }: IssuerSigned): Encodable => [
  issuerAuth.protectedBytes,
  issuerAuth.unprotectedHeaders,
  issuerAuth.payload,
  issuerAuth.signature,
]
