import fc from 'fast-check'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { digestText } from '../../src/credential/digest.ts'
import type { Sign } from '../../src/credential/jws.ts'
import { mutateJson } from './json-mutations.ts'
import { encode } from './raw-jws.ts'

/** A presentation in its parts: header, payload and signature of two JWTs, and what is in between. */
export type Parts = { issuer: string[]; disclosures: string[]; kb: string[] }

/** One mutation, told by numbers that fit any presentation: each is taken modulo what there is. */
export type Mutation = {
  kind: Kind
  part: number
  at: number
  value: number
  text: string
  /** Who signs the key binding anew, over the mutated credential: nobody, a stranger, or the holder. */
  rebind: 'kept' | 'stranger' | 'holder'
}

export type World = { other: Parts; sign: { stranger: Sign; holder: Sign } }

const utf8 = new TextEncoder()

export function takeApart(presentation: string): Parts {
  const [jwt = '', ...disclosures] = presentation.split('~')
  const kb = disclosures.pop() ?? ''
  return { issuer: jwt.split('.'), disclosures, kb: kb.split('.') }
}

export const putTogether = ({ issuer, disclosures, kb }: Parts): string =>
  [issuer.join('.'), ...disclosures, kb.join('.')].join('~')

type Draw = Pick<Mutation, 'at' | 'value' | 'text'>
type Change = (text: string, draw: Draw) => string

/** What can be done to the characters of a part. */
const characters: Record<string, Change> = {
  'flip a character': (text, { at, value }) =>
    splice(
      text,
      at,
      1,
      String.fromCharCode((text.charCodeAt(at % text.length) ^ (1 + (value % 127))) & 0x7f),
    ),
  'insert characters': (text, { at, text: inserted }) => splice(text, at, 0, inserted),
  'delete characters': (text, { at, value }) => splice(text, at, 1 + (value % 8), ''),
  'duplicate characters': (text, { at, value }) => {
    const start = at % text.length
    return splice(text, start, 0, text.slice(start, start + 1 + (value % 64)))
  },
  truncate: (text, { at }) => text.slice(0, at % text.length),
}

/** The same bytes in a spelling that base64url does not have, or with bits that mean nothing. */
const spellings: Record<string, Change> = {
  'pad a part': (text, { value }) => text + '='.repeat(1 + (value % 2)),
  'spell in base64': (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
  'put white space into a part': (text, { at, value }) =>
    splice(text, at, 0, [' ', '\n', '\t', '\r\n', '\u00a0'][value % 5] ?? ' '),
  'leave stray bits': (text, { value }) => text.slice(0, -1) + strayed(text.at(-1) ?? 'A', value),
  'add a character': (text) => `${text}A`,
  'percent-encode a character': (text, { at }) => {
    const code = text.charCodeAt(at % text.length).toString(16)
    return splice(text, at, 1, `%${code}`)
  },
}

/** What can be done to the bytes that a part stands for. */
const bytes: Record<string, (bytes: Uint8Array, mutation: Mutation) => Uint8Array> = {
  'flip a byte': (all, { at, value }) =>
    all.with(at % all.length, (all[at % all.length] ?? 0) ^ (1 + (value % 255))),
  'insert a byte': (all, { at, value }) => spliceBytes(all, at, 0, [value & 0xff]),
  'delete a byte': (all, { at }) => spliceBytes(all, at, 1, []),
  'duplicate bytes': (all, { at, value }) =>
    spliceBytes(all, at, 0, [...all.slice(at % all.length)].slice(0, 1 + (value % 32))),
  'put other bytes': (all, { at, text }) =>
    spliceBytes(all, at, text.length, [...utf8.encode(text)]),
  'leave no byte': () => new Uint8Array(),
}

/** What can be done to the list of disclosures. */
const lists: Record<string, (all: string[], mutation: Mutation, other: Parts) => string[]> = {
  'drop a disclosure': (all, { at }) => all.toSpliced(at % all.length, 1),
  'duplicate a disclosure': (all, { at, value }) =>
    all.toSpliced(value % all.length, 0, all[at % all.length] ?? ''),
  'swap two disclosures': (all, { at, value }) => {
    const [a, b] = [at % all.length, value % all.length]
    return all.with(a, all[b] ?? '').with(b, all[a] ?? '')
  },
  'add a disclosure of one’s own': (all, { at, text }) =>
    all.toSpliced(at % all.length, 0, encode([text, 'name', text])),
  'add a disclosure of somebody else’s': (all, { at, value }, { disclosures }) =>
    all.toSpliced(at % all.length, 0, disclosures[value % disclosures.length] ?? ''),
  'leave a gap': (all, { at }) => all.toSpliced(at % all.length, 0, ''),
}

const tables = { characters, spellings, bytes, lists }
type Kind = string
const more = ['change the JSON', 'take a part from somebody else']
export const kinds: readonly Kind[] = [...Object.values(tables).flatMap(Object.keys), ...more]

/** The kinds of which `mutateText` knows: they fit any text. */
export const textKinds = [...Object.keys(characters), ...Object.keys(spellings)]

/** Any text, with something done to its characters. */
export const mutateText = (text: string, change: Pick<Mutation, 'kind'> & Draw): string =>
  (characters[change.kind] ?? spellings[change.kind])?.(text, change) ?? text

/** All there is to do wrong, JSON oftener than its share, since that is where meaning lies. */
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...kinds) },
    { weight: 1, arbitrary: fc.constant('change the JSON') },
  ),
  part: fc.nat(),
  at: fc.nat(),
  value: fc.nat(),
  text: fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
  rebind: fc.constantFrom('kept', 'stranger', 'holder'),
})

/** The mutated presentation, or undefined where the mutation changes nothing. */
export async function mutate(
  honest: string,
  change: Mutation,
  { other, sign }: World,
): Promise<string | undefined> {
  const parts = mutated(takeApart(honest), change, other)
  const text = putTogether(parts)
  if (text === honest) return undefined
  const { rebind } = change
  return rebind === 'kept' ? text : rebound(parts, sign[rebind])
}

function mutated(parts: Parts, change: Mutation, other: Parts): Parts {
  const { kind } = change
  const list = lists[kind]
  if (list && parts.disclosures.length > 0) {
    return { ...parts, disclosures: list(parts.disclosures, change, other) }
  }
  const names = ['issuer', 'disclosures', 'kb'] as const
  const all = names.flatMap((name) => parts[name].map((_, i) => [name, i] as const))
  const [name, i] = all[change.part % all.length] ?? ['issuer', 0]
  const text = parts[name][i] ?? ''
  const changed =
    kind === 'take a part from somebody else' ? other[name][i] : changedPart(text, change)
  return { ...parts, [name]: parts[name].with(i, changed ?? text) }
}

function changedPart(text: string, change: Mutation): string {
  const { kind } = change
  if (textKinds.includes(kind)) return mutateText(text, change)
  const decoded = decodeBase64url(text) ?? new Uint8Array()
  const onBytes = bytes[kind]
  if (onBytes) return decoded.length === 0 ? text : encodeBase64url(onBytes(decoded, change))
  return encode(mutateJson(new TextDecoder().decode(decoded), change))
}

/** The key binding signed anew over what there now is, as far as it can still be read. */
export async function rebound({ issuer, disclosures, kb }: Parts, sign: Sign): Promise<string> {
  const sdJwt = `${[issuer.join('.'), ...disclosures].join('~')}~`
  const [header = '', payload = ''] = kb
  const claims = readObject(payload)
  const sd_hash = await digestText(sdJwt)
  const input = `${header}.${claims ? encode({ ...claims, sd_hash }) : payload}`
  return `${sdJwt}${input}.${encodeBase64url(await sign(utf8.encode(input)))}`
}

function readObject(part: string): object | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(decodeBase64url(part)))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const strayed = (last: string, value: number) =>
  alphabet[(alphabet.indexOf(last) & 0b110000) | (value % 16)] ?? 'A'

const splice = (text: string, at: number, count: number, put: string) => {
  const start = at % (text.length + 1)
  return text.slice(0, start) + put + text.slice(start + count)
}

const spliceBytes = (all: Uint8Array, at: number, count: number, put: number[]) =>
  Uint8Array.from([...all].toSpliced(at % (all.length + 1), count, ...put))

/** Whether nothing is shown that is not in the original: members and elements may be withheld. */
export function isWithin(shown: unknown, original: unknown): boolean {
  if (Array.isArray(shown)) {
    return shown.every((each) => Array.isArray(original) && original.some((o) => isWithin(each, o)))
  }
  if (typeof shown !== 'object' || shown === null) return shown === original
  const members = new Map(Object.entries(original ?? {}))
  return Object.entries(shown).every(([name, value]) => isWithin(value, members.get(name)))
}
