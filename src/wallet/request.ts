import * as z from 'zod/mini'
import { encodeBase64url } from '../credential/base64url.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../credential/json.ts'
import { type EcPublicJwk, ecPublicJwk } from '../credential/jwk.ts'
import { type Jws, parseJws, verifyJws } from '../credential/jws.ts'
import { type TrustedCertificate, verifyChain, verifyPath, x509Hash } from '../credential/x509.ts'
import { type DcqlQuery, readDcqlQuery } from './dcql.ts'
import { errorOf, type Fetch, form, mediaTypeOf, send } from './http.ts'
import { insist, insistShape, insistUrl } from './rule.ts'

export type RequestDeps = {
  fetch: Fetch
  now: () => Date
  random: (size: number) => Uint8Array<ArrayBuffer>
  /** Roots of access certificates. Without any, a verifier is only known by the hash of its own. */
  readerAnchors?: readonly TrustedCertificate[]
}

/** An authorization request (OpenID4VP 1.0 5) whose every rule was kept. */
export type AuthorizationRequest = {
  clientId: string
  /** The common name in the access certificate. */
  verifierName: string
  nonce: string
  state?: string
  responseUri: string
  query: DcqlQuery
  encryption: ResponseEncryption
  /** The request object's payload, as signed. */
  payload: JsonObject
}

export type ResponseEncryption = { jwk: EcPublicJwk & { kid: string; alg: 'ECDH-ES' }; enc: string }

const jar = 'application/oauth-authz-req+jwt'

const RequestObject = z.object({
  client_id: z.string(),
  aud: z.literal('https://self-issued.me/v2'),
  response_type: z.literal('vp_token'),
  response_mode: z.literal('direct_post.jwt'),
  nonce: z.string().check(z.regex(/^[A-Za-z0-9._~-]+$/)),
  state: z.optional(z.string()),
  response_uri: z.string(),
  exp: z.optional(z.number()),
  wallet_nonce: z.optional(z.string()),
  client_metadata: z.object({
    vp_formats_supported: z.record(z.string(), z.unknown()),
    jwks: z.object({ keys: z.array(z.unknown()) }),
    encrypted_response_enc_values_supported: z.optional(z.array(z.string())),
  }),
})
type RequestObject = z.infer<typeof RequestObject>

/** What the link of an authorization request says: where the signed request is, and whose. */
type Link = { clientId: string; requestUri: string; method: 'get' | 'post' }

/**
 * Fetches the request object that an authorization request (`openid4vp://?client_id=…&request_uri=…`)
 * refers to, and verifies it as OpenID4VP 1.0 5 and HAIP 1.0 5 have it. Throws the first rule that the
 * verifier broke; nothing is sent to anyone then, since who asks is not known.
 */
export async function fetchRequest(deps: RequestDeps, link: string): Promise<AuthorizationRequest> {
  const { clientId, requestUri, method } = readLink(link)
  const walletNonce = method === 'post' ? encodeBase64url(deps.random(16)) : undefined
  const jws = await fetchRequestObject(deps.fetch, requestUri, walletNonce)
  const verifierName = await insistSignedBy(clientId, jws, deps)
  const payload = parseJsonObject(jws.payload)
  insist(payload, 'The request object has no JSON object as payload')
  const request = insistShape(RequestObject, payload, 'The request object')
  insistNothingForbidden(payload)
  insist(
    request.client_id === clientId,
    'The client_id of the link and of the request object differ (OpenID4VP 1.0 5.10.1)',
  )
  insist(
    request.exp === undefined || request.exp * 1000 > deps.now().getTime(),
    'The request object has expired',
  )
  insist(
    request.wallet_nonce === walletNonce,
    'The request object does not repeat the wallet_nonce (OpenID4VP 1.0 5.10.1)',
  )
  insistUrl(request.response_uri, 'The response_uri')
  return {
    clientId,
    verifierName,
    nonce: request.nonce,
    ...(request.state !== undefined && { state: request.state }),
    responseUri: request.response_uri,
    query: readDcqlQuery(payload.dcql_query),
    encryption: responseEncryption(request.client_metadata),
    payload,
  }
}

function readLink(link: string): Link {
  insist(URL.canParse(link), 'The authorization request is no URL')
  const { searchParams } = new URL(link)
  const one = (name: string) => {
    const values = searchParams.getAll(name)
    insist(values.length < 2, `The authorization request has ${name} twice`)
    return values[0]
  }
  const [clientId, requestUri, method = 'get'] = [
    one('client_id'),
    one('request_uri'),
    one('request_uri_method'),
  ]
  insist(clientId, 'The authorization request has no client_id')
  insist(requestUri, 'The authorization request has no request_uri (HAIP 1.0 5.1)')
  insist(
    method === 'get' || method === 'post',
    'request_uri_method is neither get nor post (OpenID4VP 1.0 5.1)',
  )
  return { clientId, requestUri, method }
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

/**
 * OpenID4VP 1.0 5.9.3 and HAIP 1.0 5: `x509_hash` is the hash of the certificate whose key signed,
 * which is neither self-signed nor followed by its trust anchor. Gives the name in the certificate.
 */
async function insistSignedBy(
  clientId: string,
  jws: Jws,
  { now, readerAnchors = [] }: RequestDeps,
): Promise<string> {
  const { header } = jws
  insist(
    header.typ === 'oauth-authz-req+jwt',
    'The request object is not of typ oauth-authz-req+jwt (OpenID4VP 1.0 5)',
  )
  insist(
    clientId.startsWith('x509_hash:'),
    'The client_id has not the prefix x509_hash, the only one of HAIP 1.0 5',
  )
  const path =
    readerAnchors.length > 0
      ? await verifyChain(header.x5c, readerAnchors, now(), 'access')
      : await verifyPath(header.x5c, now(), 'access')
  insist(path.ok, `The access certificate is not accepted: ${path.ok || path.error}`)
  const { leaf, leafKey } = path.value
  insist(
    clientId === `x509_hash:${await x509Hash(leaf.toString('base64'))}`,
    'The client_id is not the hash of the certificate in x5c (OpenID4VP 1.0 5.9.3)',
  )
  insist(
    await verifyJws(jws, leafKey),
    'The request object is not signed with ES256 by the certificate in x5c',
  )
  const [name = leaf.subject] = leaf.subjectName.getField('CN')
  return name
}

/** What may not be in a request object of this response mode, or is not understood. */
function insistNothingForbidden(payload: JsonObject): void {
  const rules = {
    redirect_uri: 'redirect_uri and direct_post.jwt exclude each other (OpenID4VP 1.0 8.2)',
    request: 'A request object does not hold another (RFC 9101 4)',
    request_uri: 'A request object does not refer to another (RFC 9101 4)',
    client_id_scheme: 'client_id_scheme is gone since OpenID4VP 1.0: its prefix tells',
    scope: 'A DCQL query, not a scope, says what is asked (HAIP 1.0 5)',
    transaction_data: 'The wallet knows no type of transaction_data (OpenID4VP 1.0 8.5)',
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
}: RequestObject['client_metadata']): ResponseEncryption {
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
