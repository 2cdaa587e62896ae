import { ok, type Result, refuse } from '../result.ts'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { emptyObject, isJsonObject, type JsonObject, parseJsonObject } from './json.ts'
import { type Jws, parseJws, type Sign, signJws, verifyJws } from './jws.ts'
import { isNumericDate, toNumericDate } from './numeric-date.ts'
import { type TrustedCertificate, verifyChain } from './x509.ts'
import { deflate, inflate } from './zlib.ts'

/** How many bits a status takes (Token Status List 4.1). */
export type StatusBits = 1 | 2 | 4 | 8

/** A Status List Token as its issuer means it. */
export type StatusListDraft = {
  /** Where the list is to be found; credentials refer to it by this very string. */
  uri: string
  bits: StatusBits
  list: Uint8Array
  issuedAt: Date
  expiresAt: Date
  /** How long a copy may be kept, in seconds. */
  ttl: number
}

/** A status list that may be relied upon. */
export type StatusList = {
  bits: StatusBits
  list: Uint8Array<ArrayBuffer>
  /** The certificates of its signer: whoever keeps the list follows them again before he relies on it. */
  x5c: readonly string[]
  issuedAt: Date
  expiresAt?: Date
  /** Seconds. */
  ttl?: number
}

/** The most a list may take once it is unpacked: ten million statuses of eight bits, and some. */
export const defaultMaxBytes = 16 * 1024 * 1024
const leeway = 60

/**
 * Lays statuses into bytes, from the least significant bit of each (Token Status List 4.1). `size` is
 * the number of statuses; those not mentioned are 0, VALID. Throws when one does not fit.
 */
export function packStatuses(
  size: number,
  bits: StatusBits,
  entries: Iterable<readonly [idx: number, value: number]>,
): Uint8Array<ArrayBuffer> {
  const list = new Uint8Array(Math.ceil((size * bits) / 8))
  for (const [idx, value] of entries) {
    if (!Number.isInteger(idx) || idx < 0 || idx >= size) throw new RangeError(`no index ${idx}`)
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
      throw new RangeError(`no status ${value} in ${bits} bits`)
    }
    const at = Math.floor((idx * bits) / 8)
    const shift = (idx * bits) % 8
    const others = ~((2 ** bits - 1) << shift)
    list[at] = ((list[at] ?? 0) & others) | (value << shift)
  }
  return list
}

/** The status at an index, or undefined when the list does not reach so far. */
export function readStatus(list: Uint8Array, bits: StatusBits, idx: number): number | undefined {
  if (!Number.isSafeInteger(idx) || idx < 0) return undefined
  const byte = list[Math.floor((idx * bits) / 8)]
  return byte === undefined ? undefined : (byte >> ((idx * bits) % 8)) & (2 ** bits - 1)
}

/** Signs a list as a Status List Token in JWT form (Token Status List 5.1). */
export async function signStatusListToken(
  { uri, bits, list, issuedAt, expiresAt, ttl }: StatusListDraft,
  { kid, x5c }: { kid: string; x5c: string[] },
  sign: Sign,
): Promise<string> {
  const payload = {
    sub: uri,
    iat: toNumericDate(issuedAt),
    exp: toNumericDate(expiresAt),
    ttl,
    status_list: { bits, lst: encodeBase64url(await deflate(list)) },
  }
  return signJws({ typ: 'statuslist+jwt', kid, x5c }, payload, sign)
}

/** What a list must be, for the credential that pointed at `uri`. */
export type StatusListPolicy = {
  uri: string
  at: Date
  anchors: readonly TrustedCertificate[]
  /** Of the list, unpacked. */
  maxBytes?: number
}

/**
 * Verifies a Status List Token in JWT form (Token Status List 8.3, HAIP 1.0 6.1) for the credential that
 * pointed at `uri`. The refusal is a sentence; nothing can be said of a credential by a list refused here.
 *
 * Nothing is unpacked before the signature is known to be good, and then at most `maxBytes`.
 */
export async function verifyStatusListToken(
  token: string,
  policy: StatusListPolicy,
): Promise<Result<StatusList, string>> {
  const { at, anchors, maxBytes = defaultMaxBytes } = policy
  // Worst case: it does not compress, and base64url is applied twice.
  const jws = token.length <= 2 * maxBytes + 65_536 ? parseJws(token) : undefined
  const claims = jws && parseJsonObject(jws.payload)
  if (!jws || !claims) return refuse('A status list token is a compact JWS with a JSON payload.')
  const fault = headerFault(jws) ?? listClaimsFault(claims, policy)
  if (fault) return refuse(fault)

  const chain = await verifyChain(jws.header.x5c, anchors, at, 'status-list')
  if (!chain.ok) return chain
  if (!(await verifyJws(jws, chain.value.leafKey))) {
    return refuse('The status list token is not signed by the first certificate in its x5c.')
  }
  const { bits, lst } = isJsonObject(claims.status_list) ? claims.status_list : emptyObject()
  const compressed = typeof lst === 'string' ? decodeBase64url(lst) : undefined
  return readList(claims, { bits, compressed, x5c: jws.header.x5c as string[] }, policy)
}

function headerFault({ header }: Jws): string | undefined {
  if (header.typ !== 'statuslist+jwt') return 'typ in the header must be statuslist+jwt.'
  if (header.alg !== 'ES256') return 'alg in the header must be ES256.'
  if (header.x5c === undefined)
    return 'The header must carry the certificates of the signer in x5c.'
  return undefined
}

/** What is wrong with the claims beside the list, by their names in JSON. */
export function listClaimsFault(
  { sub, iat, nbf, exp, ttl }: JsonObject,
  { uri, at }: StatusListPolicy,
): string | undefined {
  const now = at.getTime() / 1000
  if (sub !== uri) return 'sub must be the very uri in the credential: this is another list.'
  if (!isNumericDate(iat)) return 'iat must be there, as a number of seconds.'
  if (iat > now + leeway) return 'The status list was issued in the future.'
  if (nbf !== undefined && !(isNumericDate(nbf) && nbf <= now + leeway)) {
    return 'nbf must be past, where it is there at all.'
  }
  if (exp !== undefined && !(isNumericDate(exp) && now < exp)) {
    return 'exp must be in the future, and before the year 10000: fetch the list anew.'
  }
  if (ttl !== undefined && !(typeof ttl === 'number' && ttl > 0)) {
    return 'ttl must be a positive number of seconds.'
  }
  return undefined
}

type Packed = { bits: unknown; compressed: Uint8Array | undefined; x5c: readonly string[] }

/** Unpacks the list of a token whose claims and signature are good. */
export async function readList(
  { iat, exp, ttl }: JsonObject,
  { bits, compressed, x5c }: Packed,
  { maxBytes = defaultMaxBytes }: StatusListPolicy,
): Promise<Result<StatusList, string>> {
  const list = isStatusBits(bits) && compressed ? await inflate(compressed, maxBytes) : undefined
  if (!isStatusBits(bits) || !list) {
    return refuse('status_list must hold bits (1, 2, 4, 8) and lst, a bounded zlib list.')
  }
  return ok({
    bits,
    list,
    x5c,
    issuedAt: new Date(Number(iat) * 1000),
    ...(typeof exp === 'number' && { expiresAt: new Date(exp * 1000) }),
    ...(typeof ttl === 'number' && { ttl }),
  })
}

const isStatusBits = (bits: unknown): bits is StatusBits =>
  bits === 1 || bits === 2 || bits === 4 || bits === 8
