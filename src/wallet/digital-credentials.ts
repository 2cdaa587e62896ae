import * as z from 'zod/mini'
import { type JsonObject, parseJsonObject } from '../credential/json.ts'
import { type Jws, parseJws } from '../credential/jws.ts'
import { parseJwsJson } from '../credential/jws-json.ts'
import { type BrowserRequest, readContent } from './request.ts'
import { insist, insistShape } from './rule.ts'
import { insistSignedBy, type Verifier, type VerifierDeps } from './verifier.ts'

/** What a page gives to `navigator.credentials.get` (W3C Digital Credentials API). */
export type DigitalCredentialOptions = {
  digital: { requests: readonly { protocol: string; data: JsonObject }[] }
}

/** What it is given back. */
export type DigitalCredential = { protocol: string; data: Record<string, unknown> }

/** A request that a page made, under one of the protocols, and what its signer thinks of the origin. */
export type PageRequest = BrowserRequest & { protocol: string; isExpected: boolean }

type Asked = { verifier?: Verifier; payload: JsonObject; isExpected: boolean }
type Reader = (deps: VerifierDeps, origin: string, data: JsonObject) => Promise<Asked>

const BrowserParameters = z.object({ response_mode: z.literal('dc_api.jwt') })

const SignedRequest = z.object({
  client_id: z.string(),
  expected_origins: z.array(z.string()).check(z.minLength(1)),
  exp: z.optional(z.number()),
})

/** The exchange protocols of OpenID4VP 1.0 A.1. */
const readers: Readonly<Record<string, Reader>> = {
  'openid4vp-v1-signed': readSigned,
  'openid4vp-v1-multisigned': readMultiSigned,
  // Whoever asks is known by the origin alone; what it says of itself is not heard (A.2).
  'openid4vp-v1-unsigned': async (_, __, payload) => ({ payload, isExpected: true }),
}

/**
 * Reads the first request of a page that is of a known protocol, or of the `protocol` that was chosen, and
 * verifies it as OpenID4VP 1.0 A and HAIP 1.0 5.2 have it. `origin` is the browser's word. Throws the
 * first rule that the page broke.
 */
export async function readPageRequest(
  deps: VerifierDeps,
  origin: string,
  { digital: { requests } }: DigitalCredentialOptions,
  chosen?: string,
): Promise<PageRequest> {
  const request = requests.find(({ protocol }) =>
    chosen === undefined ? protocol in readers : protocol === chosen,
  )
  const read = request && readers[request.protocol]
  insist(read, 'The page makes no request of a protocol that is known (OpenID4VP 1.0 A.1)')
  const { payload, verifier, isExpected } = await read(deps, origin, request.data)
  insistShape(BrowserParameters, payload, 'The request')
  insist(payload.request === undefined, 'A request object does not hold another (RFC 9101 4)')
  const content = await readContent(deps, payload, verifier, new URL(origin).host)
  return { ...content, origin, protocol: request.protocol, isExpected }
}

async function readSigned(deps: VerifierDeps, origin: string, { request }: JsonObject) {
  const jws = typeof request === 'string' ? parseJws(request) : undefined
  const payload = jws && parseJsonObject(jws.payload)
  insist(jws && payload, 'The signed request is no JWS of a JSON object (OpenID4VP 1.0 A.3.2.1)')
  return insistSigned(deps, origin, jws, payload)
}

/** Of the names under which the same was signed, the first that the wallet can tell. */
async function readMultiSigned(deps: VerifierDeps, origin: string, { request }: JsonObject) {
  const known = parseJwsJson(request)?.find(({ header }) =>
    /^x509_(hash|san_dns):/.test(String(header.client_id)),
  )
  const payload = known && parseJsonObject(known.payload)
  insist(known && payload, 'No signature of the request is by a name that the wallet can tell')
  const { client_id = null, verifier_info } = known.header
  insist(
    payload.client_id === undefined && payload.verifier_info === undefined,
    'What belongs to one signer stands in the header of its signature alone (OpenID4VP 1.0 A.3.2.2)',
  )
  const whole = { ...payload, client_id, ...(verifier_info !== undefined && { verifier_info }) }
  return insistSigned(deps, origin, known, whole)
}

async function insistSigned(
  deps: VerifierDeps,
  origin: string,
  jws: Jws,
  payload: JsonObject,
): Promise<Asked> {
  const request = insistShape(SignedRequest, payload, 'The signed request')
  const verifier = await insistSignedBy(request.client_id, jws, deps)
  insist(
    request.exp === undefined || request.exp * 1000 > deps.now().getTime(),
    'The signed request has expired',
  )
  return { verifier, payload, isExpected: request.expected_origins.includes(origin) }
}
