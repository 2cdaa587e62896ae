import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { type Jws, parseJws, type Sign, signJws } from './jws.ts'

/** One payload under several signatures, each with a header of its own (RFC 7515 7.2.1). */
export type JwsJson = { payload: string; signatures: { protected: string; signature: string }[] }

/** More than anybody signs for; a bound on the work one JWS may cause. */
const maxSignatures = 8

/** Makes a JWS in general JSON serialisation, with one signature for each header. */
export async function signJwsJson(
  headers: readonly JsonObject[],
  payload: JsonObject,
  sign: Sign,
): Promise<JwsJson> {
  const compact = await Promise.all(headers.map((header) => signJws(header, payload, sign)))
  const parts = compact.map((jws) => jws.split('.'))
  return {
    payload: parts[0]?.[1] ?? '',
    signatures: parts.map(([header = '', , signature = '']) => ({ protected: header, signature })),
  }
}

/**
 * Reads a JWS in general JSON serialisation without believing it: as many JWSs over the same payload as
 * it has signatures, or undefined. Headers that nobody signed are refused: they could say anything.
 */
export function parseJwsJson(json: Json | undefined): Jws[] | undefined {
  if (!isJsonObject(json)) return undefined
  const { payload, signatures } = json
  if (typeof payload !== 'string' || !Array.isArray(signatures)) return undefined
  if (signatures.length === 0 || signatures.length > maxSignatures) return undefined
  const read = signatures.map((each) => parseOne(payload, each))
  return read.every((jws) => jws !== undefined) ? read : undefined
}

function parseOne(payload: string, each: Json): Jws | undefined {
  if (!isJsonObject(each) || 'header' in each) return undefined
  const { protected: header, signature } = each
  return typeof header === 'string' && typeof signature === 'string'
    ? parseJws(`${header}.${payload}.${signature}`)
    : undefined
}
