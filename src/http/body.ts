import type { Context } from 'hono'
import { en } from 'zod/locales'
import * as z from 'zod/mini'
import { parseJsonObject } from '../credential/json.ts'
import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'

type BodyRefusal = Refusal<'malformed_request' | 'payload_too_large' | 'unsupported_media_type'>

// The small build of zod says no more than that an input is invalid until it is given words.
z.config(en())

/** Nothing larger than this is parsed, decrypted or kept. */
const limit = 1024 * 1024

/** The body as a JSON object that fits the schema. Depth and size are bounded before it is parsed. */
export async function readJson<Schema extends z.ZodMiniType>(
  c: Context,
  schema: Schema,
): Promise<Result<z.output<Schema>, BodyRefusal>> {
  const bytes = await readBytes(c, 'application/json')
  if (!bytes.ok) return bytes
  const object = parseJsonObject(bytes.value)
  if (!object)
    return malformed('The body is not a JSON object in UTF-8 of bounded depth. Send one.')
  const parsed = schema.safeParse(object)
  return parsed.success ? ok(parsed.data) : malformed(issues(parsed.error.issues))
}

/**
 * The body as form parameters (`application/x-www-form-urlencoded`); one sent twice is refused, and
 * one without a value was not sent (RFC 6749 3.2).
 */
export async function readForm(c: Context): Promise<Result<Map<string, string>, BodyRefusal>> {
  const bytes = await readBytes(c, 'application/x-www-form-urlencoded')
  if (!bytes.ok) return bytes
  const sent = parameters(new TextDecoder().decode(bytes.value))
  return sent.ok ? ok(new Map([...sent.value].filter(([, value]) => value !== ''))) : sent
}

/** Query parameters; one sent twice is refused (RFC 6749 3.1). */
export function readQuery(c: Context): Result<Map<string, string>, BodyRefusal> {
  return parameters(new URL(c.req.url).search)
}

function parameters(text: string): Result<Map<string, string>, BodyRefusal> {
  const found = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (found.has(name)) return malformed('A parameter is there twice. Send each parameter once.')
    found.set(name, value)
  }
  return ok(found)
}

async function readBytes(c: Context, type: string): Promise<Result<Uint8Array, BodyRefusal>> {
  const given = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (given !== type) {
    return refuse({ code: 'unsupported_media_type', detail: `Send the body as ${type}.` })
  }
  const tooLarge = refuse({
    code: 'payload_too_large' as const,
    detail: `The body is larger than ${limit} bytes. Send less.`,
  })
  const said = Number(c.req.header('content-length') ?? Number.NaN)
  if (said > limit) return tooLarge
  try {
    // Who said how long it is sends no more than that, and its bytes are there without a stream.
    const bytes = said <= limit ? await whole(c.req.raw) : await collect(c.req.raw.body)
    return bytes ? ok(bytes) : tooLarge
  } catch {
    return malformed('The body broke off before its end. Send it again.')
  }
}

async function whole(request: Request): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  return bytes.length <= limit ? bytes : undefined
}

/** The whole body, or undefined once it is too large: what counts is what arrives, not what is said. */
async function collect(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return concat(chunks, size)
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks
  if (chunks.length === 1 && only) return only
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}

const malformed = (detail: string) => refuse({ code: 'malformed_request' as const, detail })

/** Says where the body breaks its schema, by member names only: values may be secret. */
function issues(found: readonly z.core.$ZodIssue[]): string {
  const places = found.slice(0, 5).map((issue) => {
    const where = issue.path.map(String).join('.') || 'the body'
    return issue.code === 'unrecognized_keys'
      ? `${where}: unknown member ${issue.keys.slice(0, 5).join(', ').slice(0, 80)}`
      : `${where}: ${issue.message}`
  })
  return `The body does not fit: ${places.join('; ')}.`
}
