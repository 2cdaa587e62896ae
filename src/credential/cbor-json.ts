import { encodeBase64url } from './base64url.ts'
import { type Cbor, cborTag, isBytes, isCborMap, isTagged } from './cbor.ts'
import type { Encodable } from './cbor-encoder.ts'
import { emptyObject, isJsonObject, type Json } from './json.ts'

/**
 * A value of an mdoc as JSON tells it: byte strings as base64url, dates (RFC 3339, tags 0 and 1004) as
 * their text. Undefined for what has no counterpart: keys that are not text, other tags.
 */
export function jsonOf(value: Cbor | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null) return value
  if (isBytes(value)) return encodeBase64url(value)
  if (Array.isArray(value)) {
    const elements = value.map(jsonOf)
    return elements.every((element) => element !== undefined) ? elements : undefined
  }
  if (isCborMap(value)) return membersOf(value)
  if ('float' in value) return value.float
  const isDate = isTagged(value, cborTag.dateTime) || isTagged(value, cborTag.fullDate)
  return isDate && typeof value.value === 'string' ? value.value : undefined
}

function membersOf(map: ReadonlyMap<string | number, Cbor>): Json | undefined {
  const object = emptyObject()
  for (const [name, member] of map) {
    const value = jsonOf(member)
    if (typeof name !== 'string' || value === undefined) return undefined
    object[name] = value
  }
  return object
}

/** JSON as CBOR. */
export function cborOf(json: Json): Encodable {
  if (typeof json === 'number' && !Number.isSafeInteger(json)) return { float: json }
  if (Array.isArray(json)) return json.map(cborOf)
  if (!isJsonObject(json)) return json
  return new Map(Object.entries(json).map(([name, value]) => [name, cborOf(value)]))
}
