/** A place where nothing personal may lie: a file of the database, or the log. */
export type Place = { name: string; bytes: Uint8Array }
/** What must not be found, and what it is; a finding is told by that alone. */
export type Secret = { what: string; value: string | Uint8Array }
export type Leak = { what: string; as: string; where: string }

/** Shorter values turn up by chance in megabytes of random text (bytes of UTF-8). */
export const shortest = 6
/**
 * And so do short numbers within longer ones, such as instants: they are found only where they stand
 * alone, or, in an encoding, in the quotes that JSON gives them.
 */
const shortNumber = /^\d{1,9}$/

/**
 * Looks for each secret in each place, in every spelling, in one pass over the bytes: by the first
 * few of them the candidates are found, which are then compared whole.
 */
export function findLeaks(secrets: readonly Secret[], places: readonly Place[]): Leak[] {
  const byStart = Map.groupBy(secrets.flatMap(candidatesFor), ({ bytes }) => start(bytes, 0))
  // Most positions are told from every start by two bytes.
  const pairs = new Uint8Array(2 ** 16)
  for (const [{ bytes } = { bytes: new Uint8Array() }] of byStart.values()) {
    pairs[pair(bytes, 0)] = 1
  }
  return places.flatMap(({ name, bytes }) => {
    const leaks = new Map<string, Leak>()
    for (let i = 0; i + shortest <= bytes.length; i++) {
      if (!pairs[pair(bytes, i)]) continue
      const candidates = byStart.get(start(bytes, i)) ?? []
      for (const { what, as } of candidates.filter((each) => isAt(bytes, i, each))) {
        leaks.set(`${what} ${as}`, { what, as, where: name })
      }
    }
    return [...leaks.values()]
  })
}

type Candidate = { what: string; as: string; bytes: Uint8Array; alone: boolean }

const pair = (bytes: Uint8Array, i: number) => ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)
const start = (bytes: Uint8Array, i: number) =>
  pair(bytes, i) * 2 ** 32 + pair(bytes, i + 2) * 2 ** 16 + pair(bytes, i + 4)

function isAt(place: Uint8Array, i: number, { bytes, alone }: Candidate): boolean {
  const end = i + bytes.length
  if (Buffer.compare(place.subarray(i, end), bytes) !== 0) return false
  const beside = [place[i - 1], place[end]].flatMap((byte) => byte ?? [])
  return !alone || !/\w/.test(String.fromCharCode(...beside))
}

const utf8 = new TextEncoder()

/** A secret in every spelling; those that come to the same are looked for once. */
function candidatesFor({ what, value }: Secret): Candidate[] {
  if (Buffer.from(value).length < shortest) throw new Error(`${what} is too short to be looked for`)
  if (typeof value !== 'string') {
    const texts = [...byteSpellings(value)].map(([as, text]) => ({ as, bytes: utf8.encode(text) }))
    return [...texts, { as: 'bytes', bytes: value }].map((each) => ({
      what,
      alone: false,
      ...each,
    }))
  }
  const candidate = (as: string, text: string, alone = false) => ({
    ...{ what, as, alone },
    bytes: utf8.encode(text),
  })
  const isShortNumber = shortNumber.test(value)
  const texts = new Map(
    [...spellings(isShortNumber ? `"${value}"` : value)].map(([as, text]) => [text, as]),
  )
  const spelled = [...texts].map(([text, as]) => candidate(as, text))
  return isShortNumber ? [...spelled, candidate('UTF-8', value, true)] : spelled
}

/** Every spelling in which a value could lie somewhere, by the name of the encoding. */
function spellings(value: string): Map<string, string> {
  const json = JSON.stringify(value).slice(1, -1)
  return new Map([
    ...byteSpellings(value),
    ['a form', new URLSearchParams({ '': value }).toString().slice(1)],
    ['a URL', encodeURIComponent(value)],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['JSON in ASCII', inAscii(json)],
    ['JSON', json],
    ['UTF-8', value],
  ])
}

/** How bytes are told in text. */
function byteSpellings(value: string | Uint8Array): Map<string, string> {
  const hex = Buffer.from(value).toString('hex')
  return new Map([
    ['HEX', hex.toUpperCase()],
    ['hex', hex],
    ...[0, 1, 2].flatMap((offset): [string, string][] => {
      const base64 = base64At(value, offset)
      const base64url = base64.replaceAll('+', '-').replaceAll('/', '_')
      return [
        [`base64 at ${offset}`, base64],
        [`base64url at ${offset}`, base64url],
      ]
    }),
  ])
}

const inAscii = (json: string) =>
  json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The characters that say this value and nothing else, where it begins so many bytes into a group. */
function base64At(value: string | Uint8Array, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  const bits = { first: offset * 8, last: bytes.length * 8 }
  return bytes.toString('base64').slice(Math.ceil(bits.first / 6), Math.floor(bits.last / 6))
}
