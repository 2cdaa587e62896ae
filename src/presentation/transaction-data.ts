import * as z from 'zod/mini'
import { decodeBase64url, encodeBase64url } from '../credential/base64url.ts'
import { parseJsonObject } from '../credential/json.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { DcqlQuery } from './dcql.ts'

/**
 * What a person reads before she says yes: letters or digits, in lines of nobody's making, and nothing
 * that cannot be seen, but for the joiners that some scripts need.
 */
const shown = z
  .string()
  .check(
    z.maxLength(200),
    z.regex(/[\p{L}\p{N}]/u),
    z.regex(/^(?:[\u200c\u200d]|[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}])+$/u),
  )
/** SHA-256, in hexadecimal or in base64url without padding. */
const sha256 = z.string().check(z.regex(/^(?:[0-9A-Fa-f]{64}|[A-Za-z0-9_-]{43})$/))
const alg = 'sha-256'
const common = {
  credential_ids: z.array(z.string()).check(z.minLength(1), z.maxLength(16)),
  transaction_data_hashes_alg: z.optional(z.tuple([z.literal(alg)])),
}

/**
 * The types of transactions that a holder can be asked to authorise (OpenID4VP 1.0 8.4). No member may
 * be missing, and none may be there besides: what a wallet does not know it must refuse.
 */
const types = {
  'urn:gerbang:payment:1': z.strictObject({
    ...common,
    type: z.string(),
    /** The payee in the business register. */
    payee_ubin: z.string().check(z.regex(/^urn:gerbang:ubin:[A-Za-z]{2}-[\w-]{1,32}:[!-~]{1,64}$/)),
    payee_name: shown,
    /** Of the QR code's text. */
    qr_sha256: sha256,
    /** A decimal number above zero, in units of the currency (ISO 4217). */
    amount: z.string().check(z.regex(/^(?=.*[1-9])(?:0|[1-9]\d{0,14})(?:\.\d{1,4})?$/)),
    currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
    /** Seconds since the epoch, or RFC 3339. */
    expires_at: z.union([z.int(), z.iso.datetime({ offset: true })]),
  }),
  'urn:gerbang:document:1': z.strictObject({
    ...common,
    type: z.string(),
    name: shown,
    sha256,
  }),
}
type Type = keyof typeof types
const isType = (type: unknown): type is Type =>
  typeof type === 'string' && Object.hasOwn(types, type)

/** In one request. */
const most = 8

/**
 * Encodes transactions once and for all, as wallets get them and hash them: base64url of JSON, with the
 * hash algorithm that is to be used (OpenID4VP 1.0 5.1, B.3.3.1). The refusal is a sentence.
 */
export function encodeTransactionData(
  value: unknown,
  query: DcqlQuery,
  now: Date,
): Result<string[], string> {
  if (!Array.isArray(value) || value.length < 1 || value.length > most) {
    return refuse(`transaction_data: send a list of 1 to ${most} objects, or leave it out.`)
  }
  const encoded: string[] = []
  for (const each of value) {
    const read = readOne(each, query, now)
    if (!read.ok) return refuse(`transaction_data.${encoded.length}${read.error}`)
    const whole = JSON.stringify({ ...read.value, transaction_data_hashes_alg: [alg] })
    encoded.push(encodeBase64url(new TextEncoder().encode(whole)))
  }
  if (new Set(encoded).size < encoded.length) {
    return refuse('transaction_data: the same transaction is there twice. One hash tells of one.')
  }
  return ok(encoded)
}

function readOne(
  value: { type?: unknown } | null | undefined,
  { credentials }: DcqlQuery,
  now: Date,
): Result<object, string> {
  const type = value?.type
  if (!isType(type)) return refuse(`.type: it must be one of ${Object.keys(types).join(', ')}.`)
  const parsed = types[type].safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.map((step) => `.${String(step)}`).join('') ?? ''
    const unknown = issue?.code === 'unrecognized_keys'
    return refuse(`${where}: ${unknown ? 'it has a member that' : 'this'} does not fit ${type}.`)
  }
  const { credential_ids: ids } = parsed.data
  const known = credentials.map(({ id }) => id)
  if (!ids.every((id, i) => known.includes(id) && ids.indexOf(id) === i)) {
    return refuse('.credential_ids: name credential queries of the request, each once.')
  }
  const mdocs = credentials.filter(({ format }) => format === 'mso_mdoc').map(({ id }) => id)
  if (ids.some((id) => mdocs.includes(id))) {
    return refuse(
      '.credential_ids: an mdoc cannot authorise it, for the type defines no element for that (OpenID4VP 1.0 B.2.1). Name credential queries of the format dc+sd-jwt.',
    )
  }
  if ('expires_at' in parsed.data && !isAhead(parsed.data.expires_at, now)) {
    return refuse('.expires_at: it must be in the future.')
  }
  return ok(parsed.data)
}

const isAhead = (instant: number | string, now: Date) =>
  typeof instant === 'number' ? instant > toNumericDate(now) : new Date(instant) > now

/** A transaction as it was sent, and the credential queries that may authorise it. */
export type SentTransaction = { encoded: string; credentialIds: string[]; isOver: boolean }

/** Reads back what we sent; `isOver` says whether its time has run out by an instant. */
export function readTransactionData(sent: readonly string[], at: Date): SentTransaction[] {
  return sent.map((encoded) => {
    const content = parseJsonObject(decodeBase64url(encoded) ?? '') ?? {}
    const { credential_ids: ids, expires_at: end } = content
    if (!Array.isArray(ids)) throw new Error('transaction data without credential_ids')
    const isOver = (typeof end === 'number' || typeof end === 'string') && !isAhead(end, at)
    return { encoded, credentialIds: ids.map(String), isOver }
  })
}
