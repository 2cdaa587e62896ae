import { ok, type Result, refuse } from '../result.ts'

/** A tagged item as it was read; `encoded` are its very bytes, tag included, for digests to be taken over. */
export type Tagged = { tag: number; value: Cbor; encoded: Uint8Array }
/** A floating-point number. It is never taken for an integer, whatever its value: 1.0 is no 1. */
export type Float = { float: number }
export type CborMap = Map<string | number, Cbor>

/** What is read of CBOR (RFC 8949). Byte strings are views of what was received. */
export type Cbor =
  | null
  | boolean
  | number
  | string
  | Uint8Array<ArrayBuffer>
  | Cbor[]
  | CborMap
  | Float
  | Tagged

/** How many values were read. One tally goes through all that came together, embedded CBOR included. */
export type Tally = { values: number }

/** The tags that credentials have a use for: dates, a signature, embedded CBOR (RFC 8943, 9052, 8949). */
export const cborTag = { dateTime: 0, sign1: 18, embedded: 24, fullDate: 1004 } as const

/** How deep arrays, maps and tags may nest. No mdoc of the field needs ten. */
const maxDepth = 16
/** Of everything that came together. */
const maxValues = 10_000
/** Integers are hashed without a secret, so that who chooses many can let each look-up pass all others. */
const maxKeys = 1000
const knownTags: ReadonlySet<number> = new Set(Object.values(cborTag))

/**
 * Reads an outsider's CBOR: one item, and nothing after it. The refusal is a sentence.
 *
 * Refused is what two readers might understand differently, or not at all: items of indefinite length,
 * two equal keys in a map, keys that are neither text nor integers, text that is not UTF-8, integers that
 * are not exact here, NaN and infinities, `undefined` and other simple values, tags without a use here.
 * Lengths and numbers may be written longer than needed, as libraries of the field do: what is signed
 * and digested are the bytes as they came, never a second encoding of ours.
 */
export function decodeCbor(
  bytes: Uint8Array<ArrayBuffer>,
  tally: Tally = { values: 0 },
): Result<Cbor, string> {
  const reader: Reader = { bytes, at: 0, tally, fault: undefined }
  const value = readItem(reader, maxDepth)
  if (reader.fault === undefined && reader.at < bytes.length) {
    return refuse('After a CBOR item stand bytes that belong to nothing.')
  }
  return reader.fault === undefined ? ok(value) : refuse(reader.fault)
}

export const isBytes = (value: unknown): value is Uint8Array<ArrayBuffer> =>
  value instanceof Uint8Array
export const isCborMap = (value: unknown): value is CborMap => value instanceof Map
export const isTagged = (value: Cbor | undefined, tag: number): value is Tagged =>
  typeof value === 'object' && value !== null && 'tag' in value && value.tag === tag

/** The bytes of an item that is embedded in a byte string (tag 24, RFC 8949 3.4.5.1). */
export const embeddedBytes = (value: Cbor | undefined): Uint8Array<ArrayBuffer> | undefined =>
  isTagged(value, cborTag.embedded) && isBytes(value.value) ? value.value : undefined

/** After a fault everything is read as null, and nothing but the first fault counts. */
type Reader = {
  readonly bytes: Uint8Array<ArrayBuffer>
  at: number
  readonly tally: Tally
  fault: string | undefined
}

function faulty(reader: Reader, fault: string): null {
  reader.fault ??= fault
  return null
}

const cutShort = 'The CBOR ends in the middle of an item.'

function readItem(reader: Reader, depth: number): Cbor {
  const start = reader.at
  const initial = reader.bytes[reader.at++]
  if (initial === undefined) return faulty(reader, cutShort)
  if (++reader.tally.values > maxValues) {
    return faulty(reader, 'There may be at most 10,000 CBOR items in all.')
  }
  const info = initial & 31
  const major = initial >> 5
  if (major === 7) return readSimple(reader, info)
  const argument = readArgument(reader, info)
  if (argument === undefined) return null
  if (major === 0) return argument
  if (major === 1) return negative(reader, argument)
  if (major === 2) return readBytes(reader, argument)
  if (major === 3) return readText(reader, argument)
  if (depth === 0) return faulty(reader, 'CBOR may nest at most 16 deep.')
  if (major === 4) return readArray(reader, argument, depth - 1)
  if (major === 5) return readMap(reader, argument, depth - 1)
  return readTagged(reader, argument, start, depth - 1)
}

/** The number in the head of an item (RFC 8949 3): a value, a length, a tag. */
function readArgument(reader: Reader, info: number): number | undefined {
  if (info < 24) return info
  if (info > 27) {
    faulty(reader, 'CBOR items must have a definite length, and a well-formed head.')
    return undefined
  }
  let argument = 0
  for (const end = reader.at + 2 ** (info - 24); reader.at < end; reader.at++) {
    argument = argument * 256 + (reader.bytes[reader.at] ?? 0)
  }
  if (reader.at > reader.bytes.length) faulty(reader, cutShort)
  else if (argument > Number.MAX_SAFE_INTEGER) {
    faulty(reader, 'CBOR integers may have at most 53 bits.')
  } else return argument
  return undefined
}

function negative(reader: Reader, argument: number): Cbor {
  const value = -1 - argument
  if (Number.isSafeInteger(value)) return value
  return faulty(reader, 'CBOR integers may have at most 53 bits.')
}

function readBytes(reader: Reader, length: number): Uint8Array<ArrayBuffer> | null {
  const start = reader.at
  if (length > reader.bytes.length - start) return faulty(reader, cutShort)
  reader.at += length
  return reader.bytes.subarray(start, reader.at)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readText(reader: Reader, length: number): string | null {
  const { bytes, at } = reader
  if (length > bytes.length - at) return faulty(reader, cutShort)
  reader.at += length
  return textOf(bytes.subarray(at, reader.at)) ?? faulty(reader, 'CBOR text must be UTF-8.')
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

function readArray(reader: Reader, length: number, depth: number): Cbor[] {
  const array: Cbor[] = []
  for (let i = 0; i < length && reader.fault === undefined; i++) array.push(readItem(reader, depth))
  return array
}

function readMap(reader: Reader, length: number, depth: number): CborMap {
  const map: CborMap = new Map()
  if (length > maxKeys) faulty(reader, 'A CBOR map may have at most 1,000 keys.')
  for (let i = 0; i < length && reader.fault === undefined; i++) {
    const key = readKey(reader)
    map.set(key, readItem(reader, depth))
    if (map.size === i) faulty(reader, 'No key may occur twice in a CBOR map.')
  }
  return map
}

/** By its head: 1 and 1.0 would be two keys to one reader and one to the next. */
function readKey(reader: Reader): string | number {
  const initial = reader.bytes[reader.at] ?? 0
  const major = initial >> 5
  if (major === 0 || major === 1) return readItem(reader, 0) as number
  if (major === 3) return readName(reader, initial & 31) ?? (readItem(reader, 0) as string)
  faulty(reader, 'The keys of a CBOR map must be text or integers.')
  return 0
}

/** Names of members, each in the one place that its bytes say. They are those of formats, and of no person. */
const names: string[] = Array(256).fill('')

/**
 * A short name, without its text being made anew where it was read lately: the names are most of the
 * texts, and the same in each credential. Undefined for what is none, and then nothing was read.
 */
function readName(reader: Reader, length: number): string | undefined {
  const { bytes, tally } = reader
  const start = reader.at + 1
  const end = start + length
  if (length > 23) return undefined
  let place = length
  for (let i = start; i < end; i++) {
    const code = bytes[i] ?? 128
    if (code > 127) return undefined
    place = (place * 31 + code) & 255
  }
  reader.at = end
  tally.values++
  const known = names[place] ?? ''
  if (isSpelled(known, bytes, start, end)) return known
  const name = String.fromCharCode(...bytes.subarray(start, end))
  names[place] = name
  return name
}

function isSpelled(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let i = start; i < end; i++) if (bytes[i] !== name.charCodeAt(i - start)) return false
  return true
}

function readTagged(reader: Reader, tag: number, start: number, depth: number): Tagged | null {
  if (!knownTags.has(tag)) return faulty(reader, 'There is a CBOR tag that has no use here.')
  const value = readItem(reader, depth)
  return { tag, value, encoded: reader.bytes.subarray(start, reader.at) }
}

/** Simple values and floating-point numbers (RFC 8949 3.3). Minus zero is zero. */
function readSimple(reader: Reader, info: number): Cbor {
  if (info === 20) return false
  if (info === 21) return true
  if (info === 22) return null
  if (info < 25 || info > 27) {
    return faulty(reader, 'Of simple CBOR values there may be true, false and null alone.')
  }
  const size = 2 ** (info - 24)
  const { bytes, at } = reader
  if (size > bytes.length - at) return faulty(reader, cutShort)
  reader.at += size
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size)
  const value = size === 2 ? half(view.getUint16(0)) : floatOf(view, size)
  return Number.isFinite(value)
    ? { float: value + 0 }
    : faulty(reader, 'CBOR numbers must be finite.')
}

const floatOf = (view: DataView, size: number) =>
  size === 4 ? view.getFloat32(0) : view.getFloat64(0)

/** RFC 8949 appendix D. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31
  const mantissa = bits & 1023
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (mantissa + 1024) * 2 ** (exponent - 25))
}
