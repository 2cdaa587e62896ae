import fc from 'fast-check'

/**
 * CBOR (RFC 8949) as a tree that can be bent and written down again, right or wrong. Nothing of it is
 * shared with what is under test.
 */
export type Item = {
  major: number
  /** The value of an integer, a simple or a float; a tag's number. Lengths and counts are not kept. */
  argument: bigint
  /** As it was written: how many bytes its argument took. */
  width: Width
  bytes?: Uint8Array
  /** Elements, keys and values in turn, or what is tagged. */
  children?: Item[]
  /** A byte string whose content is itself one item of CBOR, which goes before `bytes`. */
  embedded?: Item
  /** Written instead of the true length or count. */
  claimed?: bigint
  /** Written as of indefinite length (RFC 8949 3.2). */
  isIndefinite?: boolean
  /** Written as these bytes, whatever the rest says. */
  raw?: Uint8Array
}
type Width = 0 | 1 | 2 | 4 | 8

/** Draws that fit any tree: each is taken modulo what there is. */
export type CborChange = { kind: string; at: number; value: number; text: string }

/** Reads one item, to the end of the bytes; undefined when they are not exactly that. */
export function readItem(bytes: Uint8Array): Item | undefined {
  try {
    const { item, end } = read(bytes, 0, 0)
    return end === bytes.length ? item : undefined
  } catch {
    return undefined
  }
}

function read(bytes: Uint8Array, start: number, depth: number): { item: Item; end: number } {
  if (depth > 64) throw new RangeError('too deep')
  const head = bytes[start]
  if (head === undefined) throw new RangeError('cut short')
  const [major, info] = [head >> 5, head & 31]
  if (info > 27) throw new RangeError('of indefinite length')
  const width = (info < 24 ? 0 : 2 ** (info - 24)) as Width
  let argument = width === 0 ? BigInt(info) : 0n
  for (const byte of bytes.subarray(start + 1, start + 1 + width)) {
    argument = (argument << 8n) | BigInt(byte)
  }
  let end = start + 1 + width
  const item: Item = { major, argument, width }
  if (major === 2 || major === 3) {
    const content = bytes.slice(end, end + Number(argument))
    if (content.length < Number(argument)) throw new RangeError('cut short')
    const embedded = major === 2 && content.length > 1 ? readItem(content) : undefined
    return {
      item: { ...item, bytes: content, ...(embedded && { embedded }) },
      end: end + content.length,
    }
  }
  const count = { 4: Number(argument), 5: 2 * Number(argument), 6: 1 }[major] ?? 0
  if (count > bytes.length) throw new RangeError('cut short')
  const children: Item[] = []
  for (let i = 0; i < count; i++) {
    const child = read(bytes, end, depth + 1)
    children.push(child.item)
    end = child.end
  }
  return { item: count > 0 || (major >= 4 && major <= 6) ? { ...item, children } : item, end }
}

export function writeItem(item: Item): Uint8Array<ArrayBuffer> {
  const { raw, major, children = [], embedded, isIndefinite } = item
  if (raw) return Uint8Array.from(raw)
  const content = embedded ? writeItem(embedded) : (item.bytes ?? joined(children.map(writeItem)))
  const length = {
    2: BigInt(content.length),
    3: BigInt(content.length),
    4: BigInt(children.length),
    5: BigInt(Math.ceil(children.length / 2)),
  }[major]
  if (isIndefinite && length !== undefined) {
    // Of strings the content comes in chunks, each with its own length.
    const chunks = major < 4 ? joined([head(major, length, 0), content]) : content
    return joined([Uint8Array.of((major << 5) | 31), chunks, Uint8Array.of(0xff)])
  }
  return joined([head(major, item.claimed ?? length ?? item.argument, item.width), content])
}

function head(major: number, argument: bigint, atLeast: Width): Uint8Array {
  const needed = argument < 24n ? 0 : argument < 256n ? 1 : argument < 65_536n ? 2 : 4
  const width = argument > 0xffff_ffffn ? 8 : Math.max(needed, atLeast)
  if (width === 0) return Uint8Array.of((major << 5) | Number(argument))
  const bytes = new Uint8Array(1 + width)
  bytes[0] = (major << 5) | (24 + Math.log2(width))
  for (let i = width, rest = argument; i > 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Every item of a tree, those inside byte strings too, outermost first. */
export const itemsOf = (item: Item): Item[] => [
  item,
  ...(item.children ?? []).flatMap(itemsOf),
  ...(item.embedded ? itemsOf(item.embedded) : []),
]

/** A copy in which one item is another, or several, or none. */
export function replaced(item: Item, target: Item, by: (item: Item) => Item[]): Item {
  const children = item.children?.flatMap((child) =>
    child === target ? by(child) : [replaced(child, target, by)],
  )
  const { embedded } = item
  const inner = embedded && (embedded === target ? by(embedded)[0] : replaced(embedded, target, by))
  return { ...item, ...(children && { children }), ...(inner && { embedded: inner }) }
}

const of = (...bytes: number[]): Item => ({
  major: 0,
  argument: 0n,
  width: 0,
  raw: Uint8Array.from(bytes),
})
const tagged = (tag: bigint, item: Item): Item => ({
  major: 6,
  argument: tag,
  width: 0,
  children: [item],
})

/** Values that decoders have stumbled over: each is one item, or is none at all. */
const oddities = [
  ...[of(0xf6), of(0xf7), of(0xf5), of(0x20), of(0x3b, ...Array(8).fill(0xff))],
  ...[of(0x1b, ...Array(8).fill(0xff)), of(0xf9, 0x7e, 0), of(0xf9, 0x7c, 0), of(0xf9, 0x80, 0)],
  ...[of(0xc2, 0x49, 1, 0, 0, 0, 0, 0, 0, 0, 0), of(0xf8, 0x18), of(0xf8, 0xff), of(0xe0)],
  ...[of(0x60), of(0x40), of(0x80), of(0xa0), of(0x61, 0xff), of(0x62, 0xc3, 0x28), of(0xff)],
  ...[of(0x1c), of(0xfc), of(0x5f, 0xff), of(0xbf, 0xff), of(0x9f), of(0xc0, 0x61, 0x30)],
  ...[
    of(0x9b, ...Array(8).fill(0x7f)),
    of(0xbb, 0, 0, 0, 1, 0, 0, 0, 0),
    of(0x7a, 0xff, 0xff, 0xff),
  ],
  ...[of(...Array(200).fill(0x81), 0), of(...Array(200).fill(0xc6), 0), of(0xa1, 0xa1, 0, 0, 0)],
]
const tags = [0n, 1n, 2n, 3n, 4n, 16n, 17n, 18n, 24n, 61n, 96n, 1004n, 55_799n, 2n ** 32n]

const clone = (item: Item): Item => structuredClone(item)

/** What can be done to one item; `other` is any other one of the same tree. */
const onItem: Record<string, (item: Item, change: CborChange, other: Item) => Item[]> = {
  'put an oddity': (_, { value }) => [oddities[value % oddities.length] ?? of(0)],
  'tag it': (item, { value }) => [tagged(tags[value % tags.length] ?? 0n, item)],
  'take its tag': (item) => (item.major === 6 ? (item.children ?? []) : [item]),
  'change its major type': (item, { value }) => [{ ...item, major: value % 8 }],
  'claim another length': (item, { value }) => [{ ...item, claimed: BigInt(value % 70_000) }],
  'write it wider': (item, { value }) => [
    { ...item, width: ([1, 2, 4, 8] as const)[value % 4] ?? 1 },
  ],
  'leave its length open': (item) => [{ ...item, isIndefinite: true }],
  'drop it': () => [],
  'double it': (item) => [item, clone(item)],
  'put another in its place': (_, __, other) => [clone(other)],
  'put another before it': (item, _, other) => [clone(other), item],
  'double its first pair': (item) => {
    const [key, value] = item.major === 5 ? (item.children ?? []) : []
    return key && value
      ? [{ ...item, children: [clone(key), clone(value), ...(item.children ?? [])] }]
      : [item]
  },
  'flip a byte of it': (item, { at, value }) => {
    if (!item.bytes || item.bytes.length === 0) {
      return [{ ...item, argument: item.argument ^ BigInt(1 + (value % 23)) }]
    }
    const { embedded: _, ...rest } = item
    const i = at % item.bytes.length
    return [{ ...rest, bytes: item.bytes.with(i, (item.bytes[i] ?? 0) ^ (1 + (value % 255))) }]
  },
  'put a text': (_, { text }) => {
    const bytes = new TextEncoder().encode(text)
    return [{ major: 3, argument: 0n, width: 0, bytes }]
  },
}

/** What can be done to the bytes as they lie, whatever they mean. */
const onBytes: Record<string, (bytes: Uint8Array, change: CborChange) => Uint8Array> = {
  'flip a byte': (all, { at, value }) =>
    all.with(at % all.length, (all[at % all.length] ?? 0) ^ (1 + (value % 255))),
  'cut it short': (all, { at }) => all.slice(0, at % all.length),
  'add a byte at the end': (all, { value }) => joined([all, Uint8Array.of(value & 0xff)]),
  'delete a byte': (all, { at }) => Uint8Array.from([...all].toSpliced(at % all.length, 1)),
  'insert a byte': (all, { at, value }) =>
    Uint8Array.from([...all].toSpliced(at % all.length, 0, value & 0xff)),
}

export const cborKinds = [...Object.keys(onItem), ...Object.keys(onBytes)]

export const anyCborChange: fc.Arbitrary<CborChange> = fc.record({
  kind: fc.constantFrom(...cborKinds),
  at: fc.nat(),
  value: fc.nat(),
  text: fc.string(),
})

/** CBOR with something done to it, somewhere; what is no CBOR has something done to its bytes. */
export function mutateCbor(
  bytes: Uint8Array,
  change: CborChange,
  within: (item: Item) => boolean = () => true,
): Uint8Array<ArrayBuffer> {
  const { kind, at, value } = change
  const tree = readItem(bytes)
  const bend = onItem[kind]
  if (!bend || !tree) {
    const raw = onBytes[kind] ?? onBytes['flip a byte']
    return Uint8Array.from(bytes.length > 0 && raw ? raw(bytes, change) : bytes)
  }
  const items = itemsOf(tree).filter(within)
  const target = items[at % items.length]
  const other = items[value % items.length]
  if (!target || !other) return Uint8Array.from(bytes)
  const put = (item: Item) => bend(item, change, other)
  return target === tree ? joined(put(tree).map(writeItem)) : writeItem(replaced(tree, target, put))
}
