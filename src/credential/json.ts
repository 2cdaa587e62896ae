export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [name: string]: Json }

/** How deeply outsiders' objects and arrays may nest. No credential of the field needs ten. */
export const maxJsonDepth = 32

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads an outsider's JSON object, or answers undefined.
 *
 * What is accepted is I-JSON (RFC 7493): UTF-8, no member name twice in one object, no lone
 * surrogates, finite numbers. Objects have no prototype, so that a member called `__proto__` or
 * `constructor` is a member like any other.
 */
export function parseJsonObject(
  text: string | Uint8Array,
  maxDepth = maxJsonDepth,
): JsonObject | undefined {
  const value = parseJson(text, maxDepth)
  return isJsonObject(value) ? value : undefined
}

/** The same for any JSON value. */
export function parseJson(text: string | Uint8Array, maxDepth = maxJsonDepth): Json | undefined {
  try {
    const json = typeof text === 'string' ? text : utf8.decode(text)
    const tally = { members: 0 }
    const value = adopt(JSON.parse(json), maxDepth, tally)
    return tally.members === countMembers(json) ? value : undefined
  } catch {
    return undefined
  }
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object without a prototype; the only kind that names from outside are written into. */
export const emptyObject = (): JsonObject => Object.create(null)

/** Copies what `JSON.parse` made into objects without prototype; throws on what I-JSON forbids. */
function adopt(value: unknown, depth: number, tally: { members: number }): Json {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new SyntaxError('lone surrogate')
    return value
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new SyntaxError('number out of range')
    return value
  }
  if (typeof value !== 'object' || value === null) return value as boolean | null
  if (depth === 0) throw new SyntaxError('nested too deeply')
  if (Array.isArray(value)) {
    for (const [i, element] of value.entries()) value[i] = adopt(element, depth - 1, tally)
    return value
  }
  const object = emptyObject()
  for (const name of Object.keys(value)) {
    if (!name.isWellFormed()) throw new SyntaxError('lone surrogate')
    object[name] = adopt((value as JsonObject)[name], depth - 1, tally)
    tally.members++
  }
  return object
}

/**
 * How many members a JSON text spells out. `JSON.parse` silently keeps the last of two with one name,
 * so that fewer members in the value than in the text betray a duplicate: the classic way to show one
 * claim to one parser and another to the next.
 */
function countMembers(json: string): number {
  let members = 0
  for (let at = json.indexOf('"'); at >= 0; at = json.indexOf('"', at + 1)) {
    at = endOfString(json, at)
    let next = at + 1
    while (json.charCodeAt(next) <= 0x20) next++
    if (json.charCodeAt(next) === 0x3a) members++
  }
  return members
}

/** The position of the quote that closes the string which opens at `start`, in well-formed JSON. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0
    while (json.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return end
  }
}
