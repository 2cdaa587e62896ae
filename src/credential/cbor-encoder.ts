/** What can be written as CBOR. What was read can be too; tagged items then keep their very bytes. */
export type Encodable =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Encodable[]
  | ReadonlyMap<string | number, Encodable>
  | { float: number }
  /** An item that is encoded already. */
  | { encoded: Uint8Array }
  | { tag: number; value: Encodable }

/**
 * Writes CBOR in the one form that is deterministic (RFC 8949 4.2.1): shortest heads, definite lengths,
 * keys in the order of their bytes; floating-point numbers in 64 bits. Throws on a bare number that is no
 * exact integer.
 */
export function encodeCbor(value: Encodable): Uint8Array<ArrayBuffer> {
  const writer = { bytes: new Uint8Array(1024), length: 0 }
  write(writer, value)
  return writer.bytes.subarray(0, writer.length)
}

/** CBOR inside of CBOR: a byte string with tag 24 (RFC 8949 3.4.5.1). */
export const embed = (value: Encodable): Encodable => ({ tag: 24, value: encodeCbor(value) })

/** The members of an object as a map. */
export const mapOf = (members: Record<string, Encodable>): ReadonlyMap<string, Encodable> =>
  new Map(Object.entries(members))

type Writer = { bytes: Uint8Array<ArrayBuffer>; length: number }

const utf8 = new TextEncoder()

function write(writer: Writer, value: Encodable): void {
  if (value === null) writeHead(writer, 7, 22)
  else if (typeof value === 'boolean') writeHead(writer, 7, value ? 21 : 20)
  else if (typeof value === 'number') writeInteger(writer, value)
  else if (typeof value === 'string') {
    const bytes = utf8.encode(value)
    writeHead(writer, 3, bytes.length)
    append(writer, bytes)
  } else if (value instanceof Uint8Array) {
    writeHead(writer, 2, value.length)
    append(writer, value)
  } else if (isArray(value)) {
    writeHead(writer, 4, value.length)
    for (const element of value) write(writer, element)
  } else if (value instanceof Map) writeMap(writer, value)
  else if ('encoded' in value) append(writer, value.encoded)
  else if ('float' in value) writeFloat(writer, value.float)
  else if ('tag' in value) {
    writeHead(writer, 6, value.tag)
    write(writer, value.value)
  }
}

const isArray: (value: Encodable) => value is readonly Encodable[] = Array.isArray

function writeInteger(writer: Writer, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no exact integer`)
  if (value < 0) writeHead(writer, 1, -1 - value)
  else writeHead(writer, 0, value)
}

function writeFloat(writer: Writer, value: number): void {
  const bytes = new Uint8Array(9).fill(0xfb, 0, 1)
  new DataView(bytes.buffer).setFloat64(1, value)
  append(writer, bytes)
}

function writeMap(writer: Writer, map: ReadonlyMap<string | number, Encodable>): void {
  writeHead(writer, 5, map.size)
  const entries = [...map].map(([key, value]) => ({ key: encodeCbor(key), value }))
  for (const { key, value } of entries.sort((a, b) => order(a.key, b.key))) {
    append(writer, key)
    write(writer, value)
  }
}

/** Which of two keys comes first. No key is the beginning of another. */
function order(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i])
  return (a[at] ?? 0) - (b[at] ?? 0)
}

function writeHead(writer: Writer, major: number, argument: number): void {
  const size = sizeOf(argument)
  makeRoom(writer, 1 + size)
  const { bytes, length } = writer
  bytes[length] = (major << 5) | (size === 0 ? argument : infoOf[size])
  let rest = argument
  for (let i = size; i > 0; i--) {
    bytes[length + i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  writer.length += 1 + size
}

/** What the first byte says of a number that follows in so many bytes (RFC 8949 3). */
const infoOf = { 1: 24, 2: 25, 4: 26, 8: 27 } as const

/** How many bytes follow the first. */
function sizeOf(argument: number): 0 | keyof typeof infoOf {
  if (argument < 24) return 0
  if (argument < 0x100) return 1
  if (argument < 0x10000) return 2
  return argument < 0x100000000 ? 4 : 8
}

function append(writer: Writer, bytes: Uint8Array): void {
  makeRoom(writer, bytes.length)
  writer.bytes.set(bytes, writer.length)
  writer.length += bytes.length
}

function makeRoom(writer: Writer, size: number): void {
  const length = writer.length + size
  if (length <= writer.bytes.length) return
  const larger = new Uint8Array(2 * length)
  larger.set(writer.bytes)
  writer.bytes = larger
}
