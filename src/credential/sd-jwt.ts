import { ok, type Result, refuse } from '../result.ts'
import { decodeBase64url } from './base64url.ts'
import type { ClaimsPathPointer } from './claims-path-pointer.ts'
import { digestText } from './digest.ts'
import {
  emptyObject,
  isJsonObject,
  type Json,
  type JsonObject,
  maxJsonDepth,
  parseJson,
} from './json.ts'
import { type Jws, parseJws } from './jws.ts'

/** An SD-JWT in its parts (RFC 9901 4), read and not yet believed. */
export type SdJwt = {
  jws: Jws
  issuerJwt: string
  disclosures: string[]
  /** Absent when nothing follows the last tilde. */
  kbJwt?: string
  /** All of it as it was sent; the key binding JWT last. */
  bytes: Uint8Array<ArrayBuffer>
}

const utf8 = new TextEncoder()

const maxLength = 256 * 1024
const maxDisclosures = 500
/** Objects, arrays and what is in them: each costs whoever looks something up in the claims. */
const maxValues = 10_000

/** Takes a compact SD-JWT or SD-JWT+KB apart. The refusal is a sentence. */
export function parseSdJwt(text: string): Result<SdJwt, string> {
  if (text.length > maxLength) return refuse('An SD-JWT may be at most 256 KiB long.')
  // HAIP 1.0 6.1 requires the compact form; with the others (RFC 9901 8) come headers nobody signed.
  if (text.startsWith('{')) return refuse('Only the compact form of an SD-JWT is taken, not JSON.')
  const [issuerJwt = '', ...rest] = text.split('~')
  const kbJwt = rest.pop()
  if (kbJwt === undefined) {
    return refuse('An SD-JWT ends each part but the key binding JWT with a tilde; here is none.')
  }
  if (rest.length > maxDisclosures) return refuse('An SD-JWT may carry at most 500 disclosures.')
  if (!rest.every(isBase64url)) {
    return refuse('Between two tildes stands a base64url disclosure and nothing else.')
  }
  const bytes = utf8.encode(text)
  const jws = parseJws(issuerJwt, bytes)
  if (!jws) return refuse('Before the first tilde stands a compact JWS without crit and b64.')
  return ok({ jws, issuerJwt, disclosures: rest, bytes, ...(kbJwt && { kbJwt }) })
}

const isBase64url = (text: string) => /^[A-Za-z0-9_-]+$/.test(text)

/** The processed payload, and for each disclosure (in the order given) the claim it reveals. */
export type Revealed = { claims: JsonObject; paths: ClaimsPathPointer[] }

type Disclosure = { name?: string; value: Json; order: number }

/**
 * Puts disclosures in their places (RFC 9901 7.1, steps 3 to 5): every one must be called for by
 * exactly one digest, at the right kind of place, under a name not yet taken; digests that nobody
 * explains are decoys or withheld claims and vanish.
 */
export async function revealDisclosures(
  payload: JsonObject,
  disclosures: readonly string[],
): Promise<Result<Revealed, string>> {
  const { _sd_alg: algorithm = 'sha-256' } = payload
  if (algorithm !== 'sha-256') {
    return refuse('The only digest algorithm accepted in _sd_alg is sha-256.')
  }
  const byDigest = new Map<string, Disclosure>()
  const digests = await digestsOf(disclosures)
  for (const [order, digest] of digests.entries()) {
    const disclosure = parseDisclosure(disclosures[order] ?? '', order)
    if (!disclosure.ok) return disclosure
    if (byDigest.has(digest)) return refuse('No disclosure may be sent twice.')
    byDigest.set(digest, disclosure.value)
  }
  const { claims, paths, placed, faults } = placeDisclosures(payload, byDigest)
  if (faults[0]) return refuse(faults[0])
  if (placed < disclosures.length) {
    return refuse('Every disclosure needs a digest in the signed payload or in its parent.')
  }
  return ok({ claims, paths })
}

/** Made bytes of at once: each time costs, and more than what is digested. */
function digestsOf(disclosures: readonly string[]): Promise<string[]> {
  const bytes = utf8.encode(disclosures.join(''))
  let end = 0
  return Promise.all(
    disclosures.map(({ length }) => {
      end += length
      return digestText(bytes.subarray(end - length, end))
    }),
  )
}

/** The processed payload alone. */
export async function revealClaims(
  payload: JsonObject,
  disclosures: readonly string[],
): Promise<Result<JsonObject, string>> {
  const revealed = await revealDisclosures(payload, disclosures)
  return revealed.ok ? ok(revealed.value.claims) : revealed
}

/** `[salt, name, value]` for a member of an object, `[salt, value]` for an element of an array. */
function parseDisclosure(text: string, order: number): Result<Disclosure, string> {
  const bytes = decodeBase64url(text)
  const parts = bytes && parseJson(bytes)
  if (!Array.isArray(parts) || (parts.length !== 2 && parts.length !== 3)) {
    return refuse('A disclosure is base64url of a JSON array with a salt, a name or none, a value.')
  }
  const [salt, name] = parts
  const value = parts.at(-1) ?? null
  if (typeof salt !== 'string') return refuse('The salt of a disclosure is a string.')
  if (parts.length === 2) return ok({ value, order })
  if (typeof name !== 'string' || isReserved(name)) {
    return refuse('A disclosed claim has a name, and not _sd, _sd_alg or three dots.')
  }
  return ok({ name, value, order })
}

/** The names SD-JWT keeps for itself (RFC 9901 4.1). */
const isReserved = (name: string) => name === '_sd' || name === '_sd_alg' || name === '...'

/** Whether such a name occurs anywhere inside: no claim of a person may bear it. */
export function usesReservedName(value: Json): boolean {
  if (Array.isArray(value)) return value.some(usesReservedName)
  if (!isJsonObject(value)) return false
  for (const name of Object.keys(value)) {
    if (isReserved(name) || usesReservedName(value[name] ?? null)) return true
  }
  return false
}

/**
 * A walk through the payload. Faults are noted and the walk goes on. It is bounded, since it goes into
 * each disclosure once: a chain of them, each calling for the next one twice, doubles at each step.
 *
 * Its steps are functions by themselves, and not inside of one another: functions that are made anew
 * for each walk are compiled anew, again and again.
 */
type Walk = {
  byDigest: ReadonlyMap<string, Disclosure>
  /** The digests met so far: each may occur once (RFC 9901 7.1 step 4). */
  seen: Set<string>
  /** Where the disclosures belong, by their order. */
  paths: ClaimsPathPointer[]
  placed: number
  values: number
  faults: string[]
}

function placeDisclosures(payload: JsonObject, byDigest: Walk['byDigest']) {
  const walk: Walk = { byDigest, seen: new Set(), paths: [], placed: 0, values: 0, faults: [] }
  const claims = placeMembers(walk, payload, [])
  return { ...walk, claims }
}

/** The value of a member or element, with what it calls for in place. `path` leads to its parent. */
function place(walk: Walk, value: Json, path: ClaimsPathPointer, step: string | number): Json {
  walk.values++
  if (walk.values > maxValues) {
    if (walk.values === maxValues + 1) {
      walk.faults.push('A credential may hold at most 10,000 values.')
    }
    return null
  }
  if (path.length >= maxJsonDepth) {
    walk.faults.push('Revealed claims may nest at most 32 deep.')
    return null
  }
  if (Array.isArray(value)) return placeElements(walk, value, [...path, step])
  return isJsonObject(value) ? placeMembers(walk, value, [...path, step]) : value
}

function placeMembers(walk: Walk, members: JsonObject, path: ClaimsPathPointer): JsonObject {
  const object = emptyObject()
  for (const name of Object.keys(members)) {
    if (name === '_sd' || (name === '_sd_alg' && path.length === 0)) continue
    if (isReserved(name)) {
      walk.faults.push('_sd_alg stands at the top only, three dots in arrays only.')
    }
    object[name] = place(walk, members[name] ?? null, path, name)
  }
  const { _sd: digests = [] } = members
  if (!Array.isArray(digests)) {
    walk.faults.push('_sd is an array of digests.')
    return object
  }
  for (const digest of digests) {
    const disclosure = called(walk, digest)
    if (!disclosure) continue
    const { name, value } = disclosure
    if (name === undefined) walk.faults.push('A disclosure in _sd names its claim.')
    else if (name in object) walk.faults.push('A disclosed claim may not replace another claim.')
    else {
      putAt(walk, disclosure, [...path, name])
      object[name] = place(walk, value, path, name)
    }
  }
  return object
}

function placeElements(walk: Walk, elements: Json[], path: ClaimsPathPointer): Json[] {
  const array: Json[] = []
  for (const element of elements) {
    const step = array.length
    if (!isJsonObject(element) || !('...' in element)) {
      array.push(place(walk, element, path, step))
      continue
    }
    if (Object.keys(element).length > 1) walk.faults.push('Beside three dots stands nothing else.')
    const disclosure = called(walk, element['...'])
    if (!disclosure) continue
    if (disclosure.name !== undefined) {
      walk.faults.push('A disclosure of an array element has no name.')
    }
    putAt(walk, disclosure, [...path, step])
    array.push(place(walk, disclosure.value, path, step))
  }
  return array
}

/** The disclosure a digest calls for. */
function called({ byDigest, seen, faults }: Walk, digest: Json | undefined) {
  if (typeof digest !== 'string') {
    faults.push('A digest is a string.')
    return undefined
  }
  if (seen.has(digest)) {
    faults.push('No digest may occur twice in a credential.')
    return undefined
  }
  seen.add(digest)
  return byDigest.get(digest)
}

function putAt(walk: Walk, { order }: Disclosure, path: ClaimsPathPointer): void {
  walk.paths[order] = path
  walk.placed++
}
