import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hash,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import keys from '../../../keys-example/keys.jwks.json' with { type: 'json' }
import { keyPurposeIds } from '../../../src/credential/key-purpose.ts'
import {
  assert,
  decryptJwe,
  digest,
  encryptJwe,
  followChain,
  freshKeyPair,
  type Issuer,
  importPrivate,
  importPublic,
  keyPairOf,
  signEs256,
  verifySdJwtVc,
} from '../by-hand.ts'
import { bareStore } from './bare-store.ts'
import { permitted, recognition, report, reportedChecks } from './bare-terms.ts'

/**
 * The floor of the whole flow: OpenID4VP 1.0 with `direct_post.jwt` over node:http, node:crypto and
 * better-sqlite3, by hand, and as fast as that goes. On the wire it is like the gateway.
 *
 * What it does as the gateway does: API key by its hash, query held to the purpose, a transaction with
 * a fresh key for the answer, query and key sealed at rest, signed request object with x5c and
 * registration, decryption, `state`, SD-JWT VC with key binding, chain remembered by its bytes, issuer
 * and recognition, status from the database, DCQL claims, released claims sealed to the relying
 * party's key, signed receipt and report, record of the verification, one transaction that judges once
 * and for all; WAL with synchronous FULL, the same number of commits.
 *
 * What it does not do: a registry (who is trusted is three constants), errors that say what was wrong
 * and how to mend it (400 and no more), a report that is made for the answer at hand, strict JSON and
 * base64url, bounds beyond a body's size, CORS and security headers, same device, transaction data,
 * several formats, metadata, foreign status lists, housekeeping, logs, keys with a history.
 */
const { PORT = '0', DATA_DIR = '.', API_KEY = '', ISSUER = '', STATUS = '' } = process.env
const origin = `http://localhost:${PORT}`
const relyingParty = `${origin}/relying-parties/bank-sg`
const store = bareStore(DATA_DIR)
const rawKey = Buffer.from(API_KEY, 'base64url')
const { d: _, ...publicJwk } = keyPairOf(rawKey)
store.addApiKey(digest(API_KEY), relyingParty, publicJwk)
if (STATUS) {
  const [uri = '', idx] = STATUS.split(' ')
  store.addStatus(uri, Number(idx))
}

const keyFor = (purpose: string) => {
  const found = keys.keys.find((key) => key.purpose === purpose)
  if (!found) throw new Error(`no key for ${purpose}`)
  return { ...found, key: () => importPrivate(found as JsonWebKey) }
}
const access = keyFor('access:bank-sg')
const accessKey = access.key()
const accessX5c = access.x5c ?? []
const accessHash = hash('sha256', Buffer.from(accessX5c[0] ?? '', 'base64'), 'base64url')
const clientId = `x509_hash:${accessHash}`
const receipts = keyFor('receipt')
const receiptKey = receipts.key()
const sealingKey = createHash('sha256')
  .update(keyFor('secrets').k ?? '')
  .digest()
const registrar = keyFor('registration')
const registration = signEs256(
  registrar.key(),
  { typ: 'rc-wrp+jwt', alg: 'ES256', x5c: registrar.x5c },
  { iss: origin, sub: relyingParty, cnf: { 'x5t#S256': accessHash }, intendedUse: permitted },
)
const anchor = new X509Certificate(Buffer.from(keys.anchors['issuer-vn'], 'base64'))
const anchorKey = anchor.publicKey

const issuers = new Map<string, Issuer>()
function issuerOf(x5c: readonly string[]): Issuer {
  const name = x5c.join()
  const known = issuers.get(name)
  if (known && Date.now() < known.notAfter) return known
  const issuer = followChain(x5c, anchor, anchorKey, Date.now(), keyPurposeIds.credential)
  if (issuers.size < 1000) issuers.set(name, issuer)
  return issuer
}

const sealers = new Map<string, KeyObject>()
function sealerOf(jwk: string): KeyObject {
  const known = sealers.get(jwk)
  if (known) return known
  const key = importPublic(JSON.parse(jwk))
  sealers.set(jwk, key)
  return key
}

type Secret = { key: JsonWebKey; query: Query }
type Query = {
  credentials: {
    id: string
    format: string
    meta: { vct_values: string[] }
    claims: { path: string[] }[]
  }[]
}

function seal(id: string, secret: Secret): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', sealingKey, iv)
  cipher.setAAD(Buffer.from(id))
  const sealed = cipher.update(JSON.stringify(secret))
  cipher.final()
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

function unseal(id: string, box: Buffer): Secret {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey, box.subarray(0, 12), {
    authTagLength: 16,
  })
  decipher.setAAD(Buffer.from(id))
  decipher.setAuthTag(box.subarray(12, 28))
  const text = decipher.update(box.subarray(28))
  decipher.final()
  return JSON.parse(text.toString())
}

const secret = () => randomBytes(32).toString('base64url')
const seconds = (ms: number) => Math.floor(ms / 1000)

function authenticate(request: IncomingMessage) {
  const apiKey = (request.headers.authorization ?? '').slice('Bearer '.length)
  const known = store.apiKey(digest(apiKey))
  assert(known, 'an API key')
  return { apiKey, relyingParty: known?.relying_party ?? '', publicJwk: known?.public_jwk ?? '' }
}

type Answer = { status: number; body: string; type?: string }

function start(request: IncomingMessage, body: Buffer): Answer {
  const { relyingParty } = authenticate(request)
  const { purpose, dcql_query: query } = JSON.parse(body.toString()) as {
    purpose: string
    dcql_query: Query
  }
  assert(purpose === permitted.purpose && query.credentials.length > 0, 'the purpose')
  for (const { id, format, meta, claims } of query.credentials) {
    assert(typeof id === 'string' && format === 'dc+sd-jwt', 'the format')
    assert(
      meta.vct_values.every((vct) => vct === permitted.vct),
      'the type',
    )
    assert(
      claims.every(({ path }) => permitted.paths.has(path.join('.'))),
      'the claims',
    )
  }
  const now = Date.now()
  const transaction = {
    id: randomBytes(16).toString('base64url'),
    handle: randomBytes(16).toString('base64url'),
    relying_party: relyingParty,
    purpose,
    nonce: secret(),
    state: secret(),
    created_at: now,
    expires_at: now + 300_000,
  }
  const { id, handle } = transaction
  store.add({ ...transaction, secret: seal(id, { key: freshKeyPair(), query }) })
  const requestUri = `${origin}/presentations/${handle}/request`
  const link = new URLSearchParams({ client_id: clientId, request_uri: requestUri })
  const started = {
    id,
    status: 'requested',
    authorization_request: `openid4vp://?${link}`,
    qr_svg_url: `${origin}/presentations/${handle}/qr.svg`,
    expires_at: seconds(transaction.expires_at),
  }
  return { status: 201, body: JSON.stringify(started) }
}

function openTransaction(handle: string) {
  const found = store.byHandle(handle)
  assert(found?.secret && found.expires_at > Date.now(), 'an open transaction')
  if (!found?.secret) throw new Error()
  return { transaction: found, ...unseal(found.id, found.secret) }
}

const thumbprint = ({ crv, kty, x, y }: JsonWebKey) => digest(JSON.stringify({ crv, kty, x, y }))

function requestObject(handle: string): Answer {
  const { transaction, key, query } = openTransaction(handle)
  if (transaction.status === 'requested') store.retrieve(transaction.id)
  const { d: _, ...publicJwk } = key
  const payload = {
    iss: clientId,
    aud: 'https://self-issued.me/v2',
    iat: seconds(Date.now()),
    exp: seconds(transaction.expires_at),
    client_id: clientId,
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    response_uri: `${origin}/presentations/${handle}/response`,
    nonce: transaction.nonce,
    state: transaction.state,
    dcql_query: query,
    client_metadata: {
      client_name: 'Merlion Bank (sandbox)',
      jwks: { keys: [{ ...publicJwk, kid: thumbprint(key), use: 'enc', alg: 'ECDH-ES' }] },
      encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
    verifier_info: [{ format: 'registration_cert', data: registration }],
  }
  const header = { typ: 'oauth-authz-req+jwt', alg: 'ES256', x5c: accessX5c }
  const body = signEs256(accessKey, header, payload)
  return { status: 200, body, type: 'application/oauth-authz-req+jwt' }
}

type Json = Record<string, unknown>

/** The claims that were asked for; throws where one is missing. */
function asked(claims: Json, { claims: wanted }: Query['credentials'][number]): Json {
  const released: Json = {}
  for (const { path } of wanted) {
    let from: unknown = claims
    let to = released
    path.forEach((step, i) => {
      from = (from as Json | undefined)?.[step]
      if (i === path.length - 1) to[step] = from
      else {
        to[step] ??= {}
        to = to[step] as Json
      }
    })
    assert(from !== undefined && from !== null && from !== '', 'a claim that was asked for')
  }
  return released
}

function judge(
  text: string,
  query: Query['credentials'][number],
  { nonce }: { nonce: string },
  at: number,
) {
  const claims = verifySdJwtVc(text, { at, nonce, audience: clientId, issuerOf })
  assert(query.meta.vct_values.includes(claims.vct as string), 'the type')
  assert(claims.iss === ISSUER, 'an issuer of the registry')
  const { assurance_level: national } = claims.verification as Json
  assert(national === recognition.national, 'the level of assurance')
  const { uri, idx } = (claims.status as { status_list: { uri: string; idx: number } }).status_list
  assert(store.statusOf(uri, idx) === 0, 'the status')
  return {
    format: 'dc+sd-jwt',
    type: claims.vct,
    issuer: { id: claims.iss, country: 'VN' },
    claims: asked(claims, query),
    assurance: { proofing: 'high', authn: 'high', national },
    recognition: recognition.relied,
    status: 'valid',
  }
}

function response(handle: string, body: Buffer): Answer {
  const { transaction, key, query } = openTransaction(handle)
  const { response } = parse(body.toString())
  assert(typeof response === 'string', 'a response')
  const header = JSON.parse(
    Buffer.from(String(response).split('.', 1)[0] ?? '', 'base64url').toString(),
  )
  assert(header.kid === thumbprint(key), 'the key')
  const payload = JSON.parse(decryptJwe(String(response), importPrivate(key)).toString())
  assert(payload.state === transaction.state, 'the state')
  const vpToken = payload.vp_token as Record<string, string[]>
  const now = Date.now()
  const { id, purpose } = transaction
  const ids = Object.keys(vpToken)
  assert(ids.length === query.credentials.length, 'an answer to each query')
  let outcome: 'verified' | 'refused' = 'verified'
  const credentials: Record<string, object[]> = {}
  const presentations: object[] = []
  try {
    for (const each of query.credentials) {
      const [text = ''] = vpToken[each.id] ?? []
      presentations.push({
        query_id: each.id,
        sha256: digest(text),
        type: permitted.vct,
        issuer: ISSUER,
        recognition: recognition.relied.id,
        assurance: { proofing: 'high', authn: 'high' },
      })
      credentials[each.id] = [judge(text, each, transaction, now)]
    }
  } catch {
    outcome = 'refused'
  }
  const receipt = signEs256(
    receiptKey,
    { typ: 'receipt+jwt', alg: 'ES256', kid: receipts.kid },
    {
      ...{ iss: origin, jti: id, iat: seconds(now), at: seconds(now), outcome, purpose },
      relying_party: transaction.relying_party,
      challenge_by: 'gateway',
      audience: clientId,
      ledger_position: 0,
      checks: reportedChecks,
      presentations,
    },
  )
  const isVerified = outcome === 'verified'
  const code = secret()
  const [ownKey = ''] = store.keysOf(transaction.relying_party)
  const jwe = isVerified
    ? encryptJwe(JSON.stringify(credentials), sealerOf(ownKey), 'A256GCM')
    : null
  const decision = {
    ...{ id, status: outcome, now, report, receipt, codeHash: digest(code), result: jwe },
    resultExpiresAt: isVerified ? now + 600_000 : null,
  }
  const record = {
    ...{ verdict: secret(), at: now, purpose, relyingParty: transaction.relying_party, outcome },
    ...{ issuer: ISSUER, type: permitted.vct, recognition: recognition.relied.id },
    forgetAt: now + 30 * 86_400_000,
  }
  assert(store.decide(decision, record), 'the first answer')
  assert(isVerified, 'a good presentation')
  const redirectUri = `${origin}/presentations/done?response_code=${code}`
  return { status: 200, body: JSON.stringify({ redirect_uri: redirectUri }) }
}

function result(request: IncomingMessage, id: string): Answer {
  const { apiKey, relyingParty } = authenticate(request)
  const found = store.byId(id)
  assert(found?.relying_party === relyingParty, 'a transaction of this relying party')
  if (!found) throw new Error()
  const { status, purpose, receipt, result: jwe, result_expires_at: until } = found
  const credentials =
    jwe === null
      ? 'null'
      : decryptJwe(jwe, importPrivate(keyPairOf(Buffer.from(apiKey, 'base64url')))).toString()
  const known = {
    ...{ id, status, purpose, expires_at: seconds(found.expires_at), receipt },
    result_expires_at: until === null ? null : seconds(until),
  }
  const rest = `"report":${found.report},"credentials":${credentials}}`
  return { status: 200, body: `${JSON.stringify(known).slice(0, -1)},${rest}` }
}

function route(request: IncomingMessage, body: Buffer): Answer {
  const { method, url = '' } = request
  const [, first, second, third, fourth] = url.split('/')
  if (first === 'presentations' && second && !fourth) {
    if (method === 'GET' && third === 'request') return requestObject(second)
    if (method === 'POST' && third === 'response') return response(second, body)
  }
  if (first === 'v1' && second === 'presentations') {
    if (method === 'POST' && !third) return start(request, body)
    if (method === 'GET' && third) return result(request, third)
  }
  return { status: 404, body: '{}' }
}

const limit = 1024 * 1024

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  let given: Answer
  try {
    given = route(request, body)
  } catch {
    given = { status: 400, body: '{}' }
  }
  const { status, type = 'application/json' } = given
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(given.body),
    'cache-control': 'no-store',
  })
  response.end(given.body)
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    answer(request, response, Buffer.alloc(0))
    return
  }
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) request.destroy()
    else chunks.push(chunk)
  })
  request.on('end', () => answer(request, response, Buffer.concat(chunks)))
})
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${origin}`))
process.once('SIGTERM', () => {
  server.close(() => store.close())
  server.closeAllConnections()
})
