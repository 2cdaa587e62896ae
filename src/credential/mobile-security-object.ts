import { ok, type Result, refuse } from '../result.ts'
import { type Cbor, type CborMap, cborTag, isBytes, isCborMap, isTagged } from './cbor.ts'
import { jsonOf } from './cbor-json.ts'
import { coseKeyPoint } from './cose.ts'
import { emptyObject, isJsonObject, type JsonObject } from './json.ts'
import { leeway, type StatusReference, statusOf } from './registered-claims.ts'

/** What an issuer signs of an mdoc (ISO/IEC 18013-5 9.1.2.4). */
export type MobileSecurityObject = {
  docType: string
  /** By namespace, then by digest identifier: maps as they were read, looked up in place. */
  digests: ReadonlyMap<string | number, Cbor>
  /** The point of the P-256 key that the holder's device has. */
  devicePoint: Uint8Array<ArrayBuffer>
  /** What the device may say by itself (`keyAuthorizations`). */
  authorizations: KeyAuthorizations
  statement: JsonObject
  validity: Validity
  status?: StatusReference
}

export type KeyAuthorizations = {
  nameSpaces: readonly Cbor[]
  dataElements: ReadonlyMap<string | number, Cbor>
}

export type Validity = { signed: Date; validFrom: Date; validUntil: Date }

/**
 * Where in `keyInfo` an issuer of ours says what holds for the whole document: negative labels are free
 * for that (ISO/IEC 18013-5 9.1.2.4). Unlike an element, no holder can leave it out.
 */
export const statementLabel = -70_001

/** Reads a MobileSecurityObject. The refusal is a sentence. */
export function readMobileSecurityObject(mso: Cbor): Result<MobileSecurityObject, string> {
  if (!isCborMap(mso)) return refuse('The mobile security object is a map.')
  if (mso.get('version') !== '1.0') return refuse('version of the mobile security object is 1.0.')
  if (mso.get('digestAlgorithm') !== 'SHA-256') {
    return refuse('digestAlgorithm must be SHA-256, the one algorithm of HAIP 1.0.')
  }
  const docType = mso.get('docType')
  if (typeof docType !== 'string' || docType === '') return refuse('docType must be text.')
  const digests = mso.get('valueDigests')
  if (!isCborMap(digests) || ![...digests].every(isNamespaceOfDigests)) {
    return refuse('valueDigests must hold, by namespace and number, SHA-256 digests of 32 bytes.')
  }
  const device = readDeviceKeyInfo(mso.get('deviceKeyInfo'))
  if (!device.ok) return device
  const validity = readValidity(mso.get('validityInfo'))
  if (!validity) {
    return refuse('validityInfo must hold signed, validFrom and validUntil, in UTC, whole seconds.')
  }
  const status = readStatus(mso)
  if (status === 'unfit') {
    return refuse('status must be a status_list with the number idx and the URI uri, alone.')
  }
  return ok({ docType, digests, ...device.value, validity, ...(status && { status }) })
}

const isNamespaceOfDigests = ([name, digests]: [string | number, Cbor]) =>
  typeof name === 'string' &&
  isCborMap(digests) &&
  [...digests].every(([id, digest]) => isDigestId(id) && isBytes(digest) && digest.length === 32)

export const isDigestId = (id: unknown) => typeof id === 'number' && Number.isInteger(id) && id >= 0

function readDeviceKeyInfo(info: Cbor | undefined) {
  if (!isCborMap(info)) return refuse('deviceKeyInfo must be a map.')
  const devicePoint = coseKeyPoint(info.get('deviceKey'))
  if (!devicePoint) {
    return refuse('deviceKeyInfo must hold the public P-256 key of the holder in deviceKey.')
  }
  const authorizations = readAuthorizations(info.get('keyAuthorizations'))
  if (!authorizations) {
    return refuse('keyAuthorizations must list namespaces, and elements by their namespaces.')
  }
  const statement = readStatement(info.get('keyInfo'))
  if (!statement) return refuse(`keyInfo must be a map, and ${statementLabel} in it one too.`)
  return ok({ devicePoint, authorizations, statement })
}

function readAuthorizations(value: Cbor | undefined): KeyAuthorizations | undefined {
  if (value === undefined) return { nameSpaces: [], dataElements: new Map() }
  if (!isCborMap(value)) return undefined
  const nameSpaces = value.get('nameSpaces') ?? []
  const dataElements = value.get('dataElements') ?? new Map()
  if (!Array.isArray(nameSpaces) || !isCborMap(dataElements)) return undefined
  return { nameSpaces, dataElements }
}

function readStatement(keyInfo: Cbor | undefined): JsonObject | undefined {
  if (keyInfo === undefined) return emptyObject()
  if (!isCborMap(keyInfo)) return undefined
  const statement = keyInfo.get(statementLabel)
  if (statement === undefined) return emptyObject()
  const json = jsonOf(statement)
  return isJsonObject(json) ? json : undefined
}

function readStatus(mso: CborMap): StatusReference | undefined | 'unfit' {
  const status = mso.get('status')
  if (status === undefined) return undefined
  const json = jsonOf(status)
  return (json !== undefined && statusOf({ status: json })) || 'unfit'
}

function readValidity(info: Cbor | undefined): Validity | undefined {
  if (!isCborMap(info)) return undefined
  const [signed, validFrom, validUntil] = ['signed', 'validFrom', 'validUntil'].map((name) =>
    readDateTime(info.get(name)),
  )
  const expectedUpdate = info.get('expectedUpdate')
  if (expectedUpdate !== undefined && !readDateTime(expectedUpdate)) return undefined
  return signed && validFrom && validUntil ? { signed, validFrom, validUntil } : undefined
}

/** A `tdate` as ISO/IEC 18013-5 9.1.2.4 narrows it: UTC, no fraction of a second. */
function readDateTime(value: Cbor | undefined): Date | undefined {
  if (!isTagged(value, cborTag.dateTime) || typeof value.value !== 'string') return undefined
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value.value)) return undefined
  const date = new Date(value.value)
  // A thirtieth of February would be read as a day in March; what is no date at all has no day.
  return date.getUTCDate() === Number(value.value.slice(8, 10)) ? date : undefined
}

export const dateTimeText = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

/**
 * Why a document is not valid at an instant: good at `validFrom`, no longer good at `validUntil`. An end
 * is kept to the second. `leaf` is when the certificate of its signer is valid, where that is known.
 */
export function mdocValidityFault(
  { signed, validFrom, validUntil }: Validity,
  at: Date,
  leaf?: { notBefore: Date; notAfter: Date },
): string | undefined {
  const latestStart = at.getTime() + leeway * 1000
  if (validFrom < signed || validUntil <= validFrom) {
    return 'signed, validFrom and validUntil must follow one another.'
  }
  if (leaf && (signed < leaf.notBefore || signed > leaf.notAfter)) {
    return 'signed must lie within the validity of the certificate that it is signed by.'
  }
  if (at >= validUntil) return 'It has expired: ask the issuer for a new one.'
  if (validFrom.getTime() > latestStart) return 'It is not valid yet.'
  return undefined
}
