import { type Result, refuse } from '../result.ts'
import {
  type Cbor,
  type CborMap,
  cborTag,
  decodeCbor,
  isBytes,
  isCborMap,
  isTagged,
} from './cbor.ts'
import { type Encodable, encodeCbor, mapOf } from './cbor-encoder.ts'
import { jsonOf } from './cbor-json.ts'
import {
  type CoseSign1,
  coseHeader,
  hasKnownAlgorithm,
  parseCoseSign1,
  signCoseSign1,
  verifyCoseSign1,
  x5chainHeader,
  x5chainOf,
} from './cose.ts'
import { emptyObject, type JsonObject } from './json.ts'
import type { Sign } from './jws.ts'
import { toNumericDate } from './numeric-date.ts'
import {
  defaultMaxBytes,
  listClaimsFault,
  readList,
  type StatusList,
  type StatusListDraft,
  type StatusListPolicy,
} from './status-list.ts'
import { verifyChain } from './x509.ts'
import { deflate } from './zlib.ts'

const typ = 'application/statuslist+cwt'

/** Numbers of CWT claims (RFC 8392 4, Token Status List 14.3), and their names in JSON. */
const claimNames = { 2: 'sub', 4: 'exp', 5: 'nbf', 6: 'iat', 65534: 'ttl' } as const
const statusListClaim = 65_533

/** Signs a list as a Status List Token in CWT form (Token Status List 5.2): a COSE_Sign1 with its tag. */
export async function signStatusListCwt(
  { uri, bits, list, issuedAt, expiresAt, ttl }: StatusListDraft,
  { kid, x5c }: { kid: string; x5c: string[] },
  sign: Sign,
): Promise<Uint8Array<ArrayBuffer>> {
  const payload = encodeCbor(
    new Map<number, Encodable>([
      [2, uri],
      [4, toNumericDate(expiresAt)],
      [6, toNumericDate(issuedAt)],
      [statusListClaim, mapOf({ bits, lst: await deflate(list) })],
      [65_534, ttl],
    ]),
  )
  const protectedHeaders = new Map([[coseHeader.typ, typ]])
  const unprotectedHeaders = new Map<number, Encodable>([
    [coseHeader.kid, new TextEncoder().encode(kid)],
    [coseHeader.x5chain, x5chainHeader(x5c)],
  ])
  const value = await signCoseSign1({ protectedHeaders, unprotectedHeaders, payload }, sign)
  return encodeCbor({ tag: cborTag.sign1, value })
}

/** The same as `verifyStatusListToken`, for the CWT form. */
export async function verifyStatusListCwt(
  token: Uint8Array<ArrayBuffer>,
  policy: StatusListPolicy,
): Promise<Result<StatusList, string>> {
  const { at, anchors, maxBytes = defaultMaxBytes } = policy
  const read = token.length <= maxBytes + 65_536 ? readCwt(token) : undefined
  if (!read) return refuse('A status list token is a COSE_Sign1 with tag 18 and a map of claims.')
  const { sign1, payload, claims } = read
  const named = namedClaims(claims)
  const fault = headerFault(sign1) ?? listClaimsFault(named, policy)
  if (fault) return refuse(fault)
  // Certificates are believed for who signed them, and so may stand in either header (RFC 9360 2).
  const x5c = x5chainOf(sign1.protectedHeaders) ?? x5chainOf(sign1.unprotectedHeaders)
  if (!x5c) return refuse('The headers must carry the certificates of the signer in x5chain.')

  const chain = await verifyChain(x5c, anchors, at, 'status-list')
  if (!chain.ok) return chain
  if (!(await verifyCoseSign1(sign1, chain.value.leafKey, payload))) {
    return refuse('The status list token is not signed by the first certificate in its x5chain.')
  }
  const list = claims.get(statusListClaim)
  const packed: CborMap = isCborMap(list) ? list : new Map()
  const compressed = packed.get('lst')
  const bits = packed.get('bits')
  return readList(
    named,
    { bits, compressed: isBytes(compressed) ? compressed : undefined, x5c },
    policy,
  )
}

function readCwt(token: Uint8Array<ArrayBuffer>) {
  const tally = { values: 0 }
  const outer = decodeCbor(token, tally)
  if (!outer.ok || !isTagged(outer.value, cborTag.sign1)) return undefined
  const sign1 = parseCoseSign1(outer.value.value, tally)
  if (!sign1.ok || !sign1.value.payload) return undefined
  const { payload } = sign1.value
  const claims = decodeCbor(payload, tally)
  if (!claims.ok || !isCborMap(claims.value)) return undefined
  return { sign1: sign1.value, payload, claims: claims.value }
}

/** The claims beside the list; one that JSON cannot tell is none of a kind that is taken. */
function namedClaims(claims: ReadonlyMap<string | number, Cbor>): JsonObject {
  const named = emptyObject()
  for (const [number, name] of Object.entries(claimNames)) {
    const claim = claims.get(Number(number))
    if (claim !== undefined) named[name] = jsonOf(claim) ?? null
  }
  return named
}

function headerFault(sign1: CoseSign1): string | undefined {
  if (sign1.protectedHeaders.get(coseHeader.typ) !== typ) {
    return `The protected header 16 (type) must be ${typ}.`
  }
  return hasKnownAlgorithm(sign1)
    ? undefined
    : 'The protected headers must say alg -7 or -9 (ES256).'
}
