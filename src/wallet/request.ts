import * as z from 'zod/mini'
import { encodeBase64url } from '../credential/base64url.ts'
import {
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  parseJsonObject,
} from '../credential/json.ts'
import { type EcPublicJwk, ecPublicJwk } from '../credential/jwk.ts'
import { type Jws, parseJws } from '../credential/jws.ts'
import { type DcqlQuery, readDcqlQuery } from './dcql.ts'
import { errorOf, type Fetch, form, mediaTypeOf, send } from './http.ts'
import { type Registration, readRegistrations } from './registration.ts'
import { insist, insistShape } from './rule.ts'
import { readTransactions, type Transaction } from './transaction-data.ts'
import { insistResponseUri, insistSignedBy, type Verifier, type VerifierDeps } from './verifier.ts'

export type RequestDeps = VerifierDeps & {
  fetch: Fetch
  random: (size: number) => Uint8Array<ArrayBuffer>
}

/** What is asked, however the request came. */
export type RequestContent = {
  /** In the access certificate; of an unsigned request the host that is answered. */
  verifierName: string
  /** What registrars say of the verifier. */
  registrations: Registration[]
  nonce: string
  query: DcqlQuery
  transactions: Transaction[]
  encryption: ResponseEncryption
  /** The request object's payload, as signed; of an unsigned request its parameters. */
  payload: JsonObject
}

/** A request that came by a link, and is answered at an address. */
export type LinkRequest = RequestContent & {
  /** With its prefix. */
  clientId: string
  state?: string
  responseUri: string
}

/** A request that a page made, and that is answered to the page: the browser says of which origin it is. */
export type BrowserRequest = RequestContent & { origin: string }

/** An authorization request (OpenID4VP 1.0 5 and A) whose every rule was kept. */
export type AuthorizationRequest = LinkRequest | BrowserRequest

/** Whom the proof of possession is made for (OpenID4VP 1.0 B.3.6): never a page for who signed for it. */
export const audienceOf = (request: AuthorizationRequest): string =>
  'origin' in request ? `origin:${request.origin}` : request.clientId

export type ResponseEncryption = { jwk: EcPublicJwk & { kid: string; alg: 'ECDH-ES' }; enc: string }

const jar = 'application/oauth-authz-req+jwt'

const LinkParameters = z.object({
  client_id: z.string(),
  response_mode: z.literal('direct_post.jwt'),
  state: z.optional(z.string()),
  response_uri: z.string(),
})

const Parameters = z.object({
  response_type: z.literal('vp_token'),
  nonce: z.string().check(z.regex(/^[A-Za-z0-9._~-]+$/)),
  client_metadata: z.object({
    vp_formats_supported: z.record(z.string(), z.unknown()),
    jwks: z.object({ keys: z.array(z.unknown()) }),
    encrypted_response_enc_values_supported: z.optional(z.array(z.string())),
  }),
})
type Parameters = z.infer<typeof Parameters>

const RequestObject = z.object({
  aud: z.literal('https://self-issued.me/v2'),
  exp: z.optional(z.number()),
  wallet_nonce: z.optional(z.string()),
})

/** What an authorization request says, and who vouches for that. */
type Asked = { verifier?: Verifier; payload: JsonObject }

/**
 * Reads the authorization request in a link and verifies it as OpenID4VP 1.0 5 and HAIP 1.0 5 have it:
 * signed, and fetched from its `request_uri` (`openid4vp://?client_id=…&request_uri=…`), or unsigned, in
 * the link itself, where the client_id has the prefix `redirect_uri`. Throws the first rule that the
 * verifier broke; nothing is sent to anyone then, since who asks is not known.
 */
export async function fetchRequest(deps: RequestDeps, link: string): Promise<LinkRequest> {
  const parameters = readLink(link)
  const clientId = parameters.get('client_id')
  insist(clientId, 'The authorization request has no client_id')
  const { verifier, payload } = clientId.startsWith('redirect_uri:')
    ? askedByValue(parameters)
    : await askedByReference(deps, clientId, parameters)
  const request = insistShape(LinkParameters, payload, 'The request')
  insistNothingForbidden(payload)
  insist(
    request.client_id === clientId,
    'The client_id of the link and of the request object differ (OpenID4VP 1.0 5.10.1)',
  )
  const { host } = insistResponseUri(clientId, request.response_uri)
  return {
    ...(await readContent(deps, payload, verifier, host)),
    clientId,
    ...(request.state !== undefined && { state: request.state }),
    responseUri: request.response_uri,
  }
}

/** What a request asks, by who vouches for it, if anyone does. */
export async function readContent(
  deps: VerifierDeps,
  payload: JsonObject,
  verifier: Verifier | undefined,
  host: string,
): Promise<RequestContent> {
  const { nonce, client_metadata } = insistShape(Parameters, payload, 'The request')
  const query = readDcqlQuery(payload.dcql_query)
  return {
    verifierName: verifier?.name ?? host,
    registrations: verifier ? await readRegistrations(payload, verifier, query, deps) : [],
    nonce,
    query,
    transactions: readTransactions(payload.transaction_data, query),
    encryption: responseEncryption(client_metadata),
    payload,
  }
}

/** The parameters of a link, of which none may be there twice (RFC 6749 3.1). */
function readLink(link: string): Map<string, string> {
  insist(URL.canParse(link), 'The authorization request is no URL')
  const parameters = new Map<string, string>()
  for (const [name, value] of new URL(link).searchParams) {
    insist(!parameters.has(name), `The authorization request has ${name} twice`)
    parameters.set(name, value)
  }
  return parameters
}

/** Parameters that are JSON where they stand in a link (OpenID4VP 1.0 5.1). */
const structured = new Set(['dcql_query', 'client_metadata', 'transaction_data', 'verifier_info'])

/** An unsigned request, by value. Nobody vouches for who asks. */
function askedByValue(parameters: ReadonlyMap<string, string>): Asked {
  insist(
    !parameters.has('request_uri'),
    'A request with the prefix redirect_uri cannot be signed (OpenID4VP 1.0 5.9.3)',
  )
  const members = [...parameters].map(([name, text]): [string, Json] => {
    const value = structured.has(name) ? parseJson(text) : text
    insist(value !== undefined, `${name} is no JSON (OpenID4VP 1.0 5.1)`)
    return [name, value]
  })
  return { payload: Object.fromEntries(members) }
}

/** A request object, by reference. */
async function askedByReference(
  deps: RequestDeps,
  clientId: string,
  parameters: ReadonlyMap<string, string>,
): Promise<Asked> {
  const requestUri = parameters.get('request_uri')
  const method = parameters.get('request_uri_method') ?? 'get'
  insist(requestUri, 'The authorization request has no request_uri (HAIP 1.0 5.1)')
  insist(
    method === 'get' || method === 'post',
    'request_uri_method is neither get nor post (OpenID4VP 1.0 5.1)',
  )
  const walletNonce = method === 'post' ? encodeBase64url(deps.random(16)) : undefined
  const jws = await fetchRequestObject(deps.fetch, requestUri, walletNonce)
  const verifier = await insistSignedBy(clientId, jws, deps)
  const payload = parseJsonObject(jws.payload)
  insist(payload, 'The request object has no JSON object as payload')
  const request = insistShape(RequestObject, payload, 'The request object')
  insist(
    request.exp === undefined || request.exp * 1000 > deps.now().getTime(),
    'The request object has expired',
  )
  insist(
    request.wallet_nonce === walletNonce,
    'The request object does not repeat the wallet_nonce (OpenID4VP 1.0 5.10.1)',
  )
  return { verifier, payload }
}

/** OpenID4VP 1.0 5.10: by GET, or by POST with a nonce that the answer must repeat. */
async function fetchRequestObject(
  fetch: Fetch,
  requestUri: string,
  walletNonce: string | undefined,
): Promise<Jws> {
  const headers = { accept: jar }
  const answer = await send(
    fetch,
    requestUri,
    walletNonce === undefined ? { headers } : form({ wallet_nonce: walletNonce }, headers),
  )
  insist(
    answer.status === 200,
    `The request_uri was answered with ${answer.status}: ${errorOf(answer)}`,
  )
  insist(mediaTypeOf(answer) === jar, `The request object is not ${jar} (OpenID4VP 1.0 5.10.1)`)
  const jws = parseJws(answer.text)
  insist(jws, 'The request object is no JWS')
  return jws
}

/** What may not be in a request object of this response mode, or is not understood. */
function insistNothingForbidden(payload: JsonObject): void {
  const rules = {
    redirect_uri: 'redirect_uri and direct_post.jwt exclude each other (OpenID4VP 1.0 8.2)',
    request: 'A request object does not hold another (RFC 9101 4)',
    request_uri: 'A request object does not refer to another (RFC 9101 4)',
    client_id_scheme: 'client_id_scheme is gone since OpenID4VP 1.0: its prefix tells',
    scope: 'A DCQL query, not a scope, says what is asked (HAIP 1.0 5)',
  }
  for (const [name, rule] of Object.entries(rules)) insist(payload[name] === undefined, rule)
}

/**
 * The first key that the wallet can use (OpenID4VP 1.0 8.3: others may lie beside it) and the
 * strongest announced encryption that it speaks; `A128GCM` is what silence means.
 */
function responseEncryption({
  jwks,
  encrypted_response_enc_values_supported: announced = ['A128GCM'],
}: Parameters['client_metadata']): ResponseEncryption {
  const jwk = jwks.keys.map(usableKey).find((key) => key !== undefined)
  insist(jwk, 'The verifier offers no ECDH-ES key on P-256 with kid and alg (HAIP 1.0 5)')
  const enc = ['A256GCM', 'A128GCM'].find((value) => announced.includes(value))
  insist(enc, 'The verifier takes neither A256GCM nor A128GCM (HAIP 1.0 5)')
  return { jwk, enc }
}

function usableKey(jwk: unknown): ResponseEncryption['jwk'] | undefined {
  const key = ecPublicJwk(jwk, 'ECDH-ES')
  if (!key || !isJsonObject(jwk)) return undefined
  const { kid, alg } = jwk
  return typeof kid === 'string' && alg === 'ECDH-ES' ? { ...key, kid, alg } : undefined
}
