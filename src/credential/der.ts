/**
 * DER (X.690), as far as certificates need it, and as strictly as it is meant: each value has one
 * encoding, so that nobody reads other things in the same bytes than we do.
 *
 * Whatever is not DER throws `NotDer`, to be caught where reading began. There is no recursion and
 * no allocation by a length that was only claimed, so that there is nothing to exhaust.
 */
export class NotDer extends Error {}

/** A place in an encoding, and where the content ends that it is in. Reading moves it on. */
export type Cursor = { readonly bytes: Uint8Array; at: number; readonly end: number }

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Context-specific tags (X.690 8.14): `[n]` around something, and `[n]` in place of something. */
export const explicit = (n: number) => 0xa0 | n
export const implicit = (n: number) => 0x80 | n

/** Reads bytes as one element, and nothing after it. */
export function readDer<T>(bytes: Uint8Array, read: (cursor: Cursor) => T): T {
  return readAll({ bytes, at: 0, end: bytes.length }, read)
}

/** Steps into the element that comes next, which must be of this tag, and reads all of its content. */
export function within<T>(cursor: Cursor, tag: number, read: (content: Cursor) => T): T {
  const at = enter(cursor, tag)
  return readAll({ bytes: cursor.bytes, at, end: cursor.at }, read)
}

function readAll<T>(content: Cursor, read: (content: Cursor) => T): T {
  const value = read(content)
  if (content.at !== content.end) throw new NotDer('more than was expected')
  return value
}

export const hasMore = ({ at, end }: Cursor): boolean => at < end

export const isNext = (cursor: Cursor, tag: number): boolean =>
  hasMore(cursor) && cursor.bytes[cursor.at] === tag

/** The tag of the element that comes next. */
export function nextTag({ bytes, at, end }: Cursor): number {
  if (at >= end) throw new NotDer('less than was expected')
  return bytes[at] ?? 0
}

/** The content of the element that comes next. */
export function content(cursor: Cursor, tag: number): Uint8Array {
  const start = enter(cursor, tag)
  return cursor.bytes.subarray(start, cursor.at)
}

/** The element that comes next, whole, whatever is in it. */
export function element(cursor: Cursor): Uint8Array {
  const start = cursor.at
  skip(cursor)
  return cursor.bytes.subarray(start, cursor.at)
}

/** Moves past the element that comes next, whatever is in it. */
export function skip(cursor: Cursor): void {
  enter(cursor, nextTag(cursor))
}

/** Moves past the element that comes next, and answers where its content starts. */
function enter(cursor: Cursor, tag: number): number {
  const { bytes, at, end } = cursor
  if (nextTag(cursor) !== tag || (tag & 0x1f) === 0x1f) throw new NotDer('another tag')
  const first = bytes[at + 1] ?? 0
  const size = first < 0x80 ? 0 : first & 0x7f
  const start = at + 2 + size
  const length = size === 0 ? first : longLength(bytes, at + 2, size)
  if (first === 0x80 || start + length > end) throw new NotDer('no length that fits')
  cursor.at = start + length
  return start
}

/** Of one or two bytes, and no more than it takes (X.690 10.1): nothing that we read is longer. */
function longLength(bytes: Uint8Array, at: number, size: number): number {
  const high = bytes[at] ?? 0
  const length = size === 1 ? high : (high << 8) | (bytes[at + 1] ?? 0)
  if (size > 2 || length < (size === 1 ? 0x80 : 0x100)) throw new NotDer('no minimal length')
  return length
}

/**
 * A BOOLEAN that is absent when it is false (X.690 11.5). Some authorities write that false all the
 * same; it means nothing else, so it is read.
 */
export function booleanOrFalse(cursor: Cursor): boolean {
  if (!isNext(cursor, tags.boolean)) return false
  const at = enter(cursor, tags.boolean)
  const value = cursor.bytes[at]
  if (cursor.at !== at + 1 || (value !== 0xff && value !== 0)) throw new NotDer('no BOOLEAN')
  return value === 0xff
}

/** Moves past an INTEGER, of as few bytes as it takes (X.690 8.3.2), and answers where its bytes start. */
export function integer(cursor: Cursor): number {
  const { bytes } = cursor
  const at = enter(cursor, tags.integer)
  const length = cursor.at - at
  const second = bytes[at + 1] ?? 0
  const isPadded = second < 0x80 ? bytes[at] === 0 : bytes[at] === 0xff
  if (length === 0 || (length > 1 && isPadded)) throw new NotDer('no minimal INTEGER')
  return at
}

/** The bytes of an INTEGER that is not negative, without the zero that says so. */
export function unsigned(cursor: Cursor): Uint8Array {
  const at = integer(cursor)
  const first = cursor.bytes[at] ?? 0
  if (first >= 0x80) throw new NotDer('a negative INTEGER')
  return cursor.bytes.subarray(first === 0 ? at + 1 : at, cursor.at)
}

/** An INTEGER that is not negative and has a use for no more than 32 bits. */
export function smallInteger(cursor: Cursor): number {
  const value = unsigned(cursor)
  if (value.length > 4) throw new NotDer('an INTEGER beyond all use')
  let number = 0
  for (const byte of value) number = number * 256 + byte
  return number
}

/** The octets of a BIT STRING that holds whole octets. */
export function octetsOfBits(cursor: Cursor): Uint8Array {
  const at = enter(cursor, tags.bitString)
  if (at === cursor.at || cursor.bytes[at] !== 0) throw new NotDer('no whole octets')
  return cursor.bytes.subarray(at + 1, cursor.at)
}

/**
 * The first eight of a list of named bits, 0x80 being bit 0. Zeros that DER leaves off at the end
 * (X.690 11.2.2) are often written all the same, and change nothing.
 */
export function namedBits(cursor: Cursor): number {
  const bits = content(cursor, tags.bitString)
  const unused = bits[0] ?? 8
  const beyond = bits.length > 1 ? (bits.at(-1) ?? 0) & ((1 << unused) - 1) : unused
  if (unused > 7 || beyond !== 0) throw new NotDer('no BIT STRING')
  return bits[1] ?? 0
}

/** The instant of a UTCTime or GeneralizedTime, in the one form that RFC 5280 4.1.2.5 allows each. */
export function time(cursor: Cursor): Date {
  const isUtcTime = isNext(cursor, tags.utcTime)
  const at = enter(cursor, isUtcTime ? tags.utcTime : tags.generalizedTime)
  const { bytes, at: end } = cursor
  if (end - at !== (isUtcTime ? 13 : 15) || bytes[end - 1] !== letterZ) throw new NotDer('no time')
  const two = (fromEnd: number) => twoDigits(bytes, end - fromEnd)
  const yearOfCentury = two(13)
  const century = isUtcTime ? (yearOfCentury < 50 ? 20 : 19) : two(15)
  const [month, day, hour, minute, second] = [two(11), two(9), two(7), two(5), two(3)]
  const date = new Date(0)
  date.setUTCFullYear(century * 100 + yearOfCentury, month - 1, day)
  date.setUTCHours(hour, minute, second)
  // A day that its month has not is one of the next.
  const isDay = month >= 1 && month <= 12 && date.getUTCDate() === day
  if (!isDay || hour > 23 || minute > 59 || second > 59) throw new NotDer('no time')
  return date
}

const letterZ = 0x5a

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30
  const ones = (bytes[at + 1] ?? 0) - 0x30
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) throw new NotDer('no digits')
  return tens * 10 + ones
}

/** An object identifier as it is encoded, a character for each byte: fit to compare and look up. */
export type ObjectIdentifier = string

export function objectIdentifier(cursor: Cursor): ObjectIdentifier {
  const { bytes } = cursor
  let id = ''
  let isFirst = true
  for (let at = enter(cursor, tags.objectIdentifier); at < cursor.at; at++) {
    const byte = bytes[at] ?? 0
    if (isFirst && byte === 0x80) throw new NotDer('no minimal arc')
    isFirst = byte < 0x80
    id += String.fromCharCode(byte)
  }
  if (id === '' || !isFirst) throw new NotDer('no OBJECT IDENTIFIER')
  return id
}

/** The identifier that is written like this: `2.5.29.15`. Arcs may be of any size. */
export function oid(dotted: string): ObjectIdentifier {
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt)
  return [first * 40n + second, ...rest].map(encodeArc).join('')
}

function encodeArc(arc: bigint): string {
  const septets = [Number(arc & 0x7fn)]
  for (let left = arc >> 7n; left > 0n; left >>= 7n) septets.unshift(Number(left & 0x7fn) | 0x80)
  return String.fromCharCode(...septets)
}

/** A text of one or more ASCII characters that can be seen. */
export function visibleText(cursor: Cursor, tag: number): string {
  const { bytes } = cursor
  let text = ''
  for (let at = enter(cursor, tag); at < cursor.at; at++) {
    const byte = bytes[at] ?? 0
    if (byte <= 0x20 || byte >= 0x7f) throw new NotDer('what cannot be seen')
    text += String.fromCharCode(byte)
  }
  if (text === '') throw new NotDer('nothing that can be seen')
  return text
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false
  return true
}
