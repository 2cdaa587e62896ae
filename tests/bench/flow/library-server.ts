import { createHash, hash, randomBytes, X509Certificate } from 'node:crypto'
import { serve } from '@hono/node-server'
import { setGlobalConfig } from '@openid4vc/openid4vci'
import { Openid4vpVerifier } from '@openid4vc/openid4vp'
import { DcqlPresentationResult, DcqlQuery } from 'dcql'
import { type Context, Hono } from 'hono'
import {
  CompactEncrypt,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose'
import keys from '../../../keys-example/keys.jwks.json' with { type: 'json' }
import { keyPurposeIds } from '../../../src/credential/key-purpose.ts'
import { digest, followChain, type Issuer, keyPairOf } from '../by-hand.ts'
import { verifyWithSdJwt } from '../peers/sd-jwt.ts'
import { bareStore } from './bare-store.ts'
import { permitted, recognition, reportedChecks } from './bare-terms.ts'

/**
 * What one builds by hand of the field's libraries: Hono, `@openid4vc/openid4vp`, `@sd-jwt/sd-jwt-vc`,
 * `dcql`, `jose` and better-sqlite3. On the wire like the gateway, and over the same tables as the bare
 * server. It leaves out what that one leaves out, and besides: the request is not sealed at rest, there
 * is no registration in it, and no report.
 */
setGlobalConfig({ allowInsecureUrls: true })
const { PORT = '0', DATA_DIR = '.', API_KEY = '', ISSUER = '', STATUS = '' } = process.env
const origin = `http://localhost:${PORT}`
const relyingParty = `${origin}/relying-parties/bank-sg`
const store = bareStore(DATA_DIR)
const { d: _, ...publicJwk } = keyPairOf(Buffer.from(API_KEY, 'base64url'))
store.addApiKey(digest(API_KEY), relyingParty, publicJwk)
const [statusUri = '', statusIdx] = STATUS.split(' ')
store.addStatus(statusUri, Number(statusIdx))

const es256: [string] = ['ES256']
const utf8 = new TextEncoder()
const keyFor = (purpose: string) => {
  const found = keys.keys.find((key) => key.purpose === purpose)
  if (!found) throw new Error(`no key for ${purpose}`)
  return found
}
const importFor = (purpose: string) => importJWK(keyFor(purpose) as JWK, 'ES256')
const [accessKey, receiptKey] = await Promise.all([
  importFor('access:bank-sg'),
  importFor('receipt'),
])
const x5c = keyFor('access:bank-sg').x5c ?? []
const accessHash = createHash('sha256')
  .update(Buffer.from(x5c[0] ?? '', 'base64'))
  .digest('base64url')
const clientId = `x509_hash:${accessHash}`

const anchor = new X509Certificate(Buffer.from(keys.anchors['issuer-vn'], 'base64'))
const anchorKey = anchor.publicKey
const issuers = new Map<string, Issuer>()
function issuerOf(chain: readonly string[]): Issuer {
  const name = chain.join()
  const known = issuers.get(name)
  if (known) return known
  const issuer = followChain(chain, anchor, anchorKey, Date.now(), keyPurposeIds.credential)
  issuers.set(name, issuer)
  return issuer
}

type Secret = { key: JWK; publicJwk: JWK & { kid: string }; query: object }

const callbacks = (
  secret?: Secret,
): ConstructorParameters<typeof Openid4vpVerifier>[0]['callbacks'] => ({
  hash: (data, alg) => createHash(alg.replace('-', '')).update(data).digest(),
  signJwt: async (_, { header, payload }) => ({
    jwt: await new SignJWT(payload as Record<string, unknown>)
      .setProtectedHeader({ ...header, alg: 'ES256' } as { alg: string })
      .sign(accessKey),
    signerJwk: keyFor('access:bank-sg') as { kty: string },
  }),
  async decryptJwe(jwe) {
    if (!secret) return { decrypted: false }
    const { plaintext } = await compactDecrypt(jwe, await importJWK(secret.key, 'ECDH-ES'))
    const payload = new TextDecoder().decode(plaintext)
    return { decrypted: true, payload, decryptionJwk: secret.publicJwk as { kty: string } }
  },
  encryptJwe: () => {
    throw new Error('a verifier encrypts nothing')
  },
  verifyJwt: () => {
    throw new Error('no signed response is expected')
  },
})

const verifier = new Openid4vpVerifier({ callbacks: callbacks() })

function authenticate(c: Context) {
  const apiKey = (c.req.header('authorization') ?? '').slice('Bearer '.length)
  const known = store.apiKey(digest(apiKey))
  if (!known) throw new Error('no such API key')
  return { apiKey, relyingParty: known.relying_party }
}

const secret = () => randomBytes(32).toString('base64url')
const seconds = (ms: number) => Math.floor(ms / 1000)

function requestPayload(
  handle: string,
  nonce: string,
  state: string,
  { publicJwk, query }: Secret,
) {
  return {
    client_id: clientId,
    response_type: 'vp_token' as const,
    response_mode: 'direct_post.jwt' as const,
    response_uri: `${origin}/presentations/${handle}/response`,
    nonce,
    state,
    dcql_query: query,
    client_metadata: {
      client_name: 'Merlion Bank (sandbox)',
      jwks: { keys: [publicJwk as JWK & { kty: string }] },
      encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': es256, 'kb-jwt_alg_values': es256 },
      },
    },
  }
}

function openTransaction(handle: string) {
  const found = store.byHandle(handle)
  if (!found?.secret || found.expires_at <= Date.now()) throw new Error('not open')
  return { transaction: found, kept: JSON.parse(found.secret.toString()) as Secret }
}

const app = new Hono()
app.onError((_, c) => c.json({}, 400))
app.post('/v1/presentations', async (c) => {
  const { relyingParty } = authenticate(c)
  const { purpose, dcql_query: asked } = await c.req.json()
  const query = DcqlQuery.parse(asked)
  DcqlQuery.validate(query)
  const isPermitted = query.credentials.every(
    ({ format, claims }) =>
      format === 'dc+sd-jwt' &&
      claims?.every((claim) => 'path' in claim && permitted.paths.has(claim.path?.join('.') ?? '')),
  )
  if (purpose !== permitted.purpose || !isPermitted) throw new Error('not permitted')
  const pair = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  const key = await exportJWK(pair.privateKey)
  const publicJwk = {
    ...(await exportJWK(pair.publicKey)),
    kid: secret(),
    use: 'enc',
    alg: 'ECDH-ES',
  }
  const now = Date.now()
  const [id, handle] = [secret(), secret()]
  store.add({
    ...{ id, handle, relying_party: relyingParty, purpose, nonce: secret(), state: secret() },
    ...{ created_at: now, expires_at: now + 300_000 },
    secret: Buffer.from(JSON.stringify({ key, publicJwk, query })),
  })
  const link = new URLSearchParams({
    client_id: clientId,
    request_uri: `${origin}/presentations/${handle}/request`,
  })
  const started = { id, status: 'requested', authorization_request: `openid4vp://?${link}` }
  return c.json({ ...started, expires_at: seconds(now + 300_000) }, 201)
})

app.get('/presentations/:handle/request', async (c) => {
  const handle = c.req.param('handle')
  const { transaction, kept } = openTransaction(handle)
  if (transaction.status === 'requested') store.retrieve(transaction.id)
  const { nonce, state } = transaction
  const { jar } = await verifier.createOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: requestPayload(handle, nonce, state, kept),
    jar: {
      requestUri: `${origin}/presentations/${handle}/request`,
      jwtSigner: { method: 'x5c', x5c, alg: 'ES256' },
      expiresInSeconds: 300,
    },
  })
  if (!jar) throw new Error('no request object')
  c.header('content-type', 'application/oauth-authz-req+jwt')
  return c.body(jar.authorizationRequestJwt)
})

app.post('/presentations/:handle/response', async (c) => {
  const handle = c.req.param('handle')
  const { transaction, kept } = openTransaction(handle)
  const form = await c.req.parseBody()
  const { nonce, state, id, purpose } = transaction
  const parsed = await verifier.parseOpenid4vpAuthorizationResponse({
    callbacks: callbacks(kept),
    authorizationResponse: form,
    authorizationRequestPayload: requestPayload(handle, nonce, state, kept),
  })
  if (parsed.type !== 'dcql') throw new Error('not what was asked for')
  const now = Date.now()
  const [[queryId, [presentation]] = ['', ['']]] = Object.entries(parsed.dcql.presentations)
  const claims = await verifyWithSdJwt(String(presentation), {
    ...{ at: now, nonce, audience: clientId, issuerOf },
  })
  const { assurance_level: national } = claims.verification as { assurance_level: string }
  if (claims.iss !== ISSUER || national !== recognition.national) throw new Error('not recognised')
  const { uri, idx } = (claims.status as { status_list: { uri: string; idx: number } }).status_list
  if (store.statusOf(uri, idx) !== 0) throw new Error('not valid')
  const candidate = {
    credential_format: 'dc+sd-jwt',
    vct: claims.vct,
    claims,
    cryptographic_holder_binding: true,
  }
  const matched = DcqlPresentationResult.fromDcqlPresentation(
    { [queryId]: [candidate] } as unknown as Parameters<
      typeof DcqlPresentationResult.fromDcqlPresentation
    >[0],
    { dcqlQuery: kept.query as ReturnType<typeof DcqlQuery.parse> },
  )
  if (!matched.can_be_satisfied) throw new Error('not what was asked for')
  const { name, birthdate, nationalities, address } = claims
  const released = {
    [queryId]: [
      {
        ...{ type: claims.vct, issuer: claims.iss, recognition: recognition.relied },
        claims: { name, birthdate, nationalities, address },
      },
    ],
  }
  const receipt = await new SignJWT({
    ...{ iss: origin, jti: id, iat: seconds(now), outcome: 'verified', purpose },
    ...{ relying_party: transaction.relying_party, checks: reportedChecks },
    presentations: [
      { query_id: queryId, sha256: hash('sha256', String(presentation), 'base64url') },
    ],
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'receipt+jwt', kid: keyFor('receipt').kid })
    .sign(receiptKey)
  const [ownKey = '{}'] = store.keysOf(transaction.relying_party)
  const result = await new CompactEncrypt(utf8.encode(JSON.stringify(released)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(await importJWK(JSON.parse(ownKey), 'ECDH-ES'))
  const code = secret()
  const decision = {
    ...{ id, status: 'verified', now, report: '{}', receipt, codeHash: digest(code), result },
    resultExpiresAt: now + 600_000,
  }
  const record = {
    ...{ verdict: secret(), at: now, purpose, relyingParty: transaction.relying_party },
    ...{ issuer: ISSUER, type: permitted.vct, recognition: recognition.relied.id },
    ...{ outcome: 'verified', forgetAt: now + 30 * 86_400_000 },
  }
  if (!store.decide(decision, record)) throw new Error('too late')
  return c.json({ redirect_uri: `${origin}/presentations/done?response_code=${code}` })
})

app.get('/v1/presentations/:id', async (c) => {
  const { apiKey, relyingParty } = authenticate(c)
  const found = store.byId(c.req.param('id'))
  if (found?.relying_party !== relyingParty) throw new Error('not theirs')
  const key = await importJWK(keyPairOf(Buffer.from(apiKey, 'base64url')) as JWK, 'ECDH-ES')
  const credentials =
    found.result === null
      ? null
      : JSON.parse(new TextDecoder().decode((await compactDecrypt(found.result, key)).plaintext))
  const { id, status, purpose, receipt } = found
  return c.json({ id, status, purpose, receipt, credentials })
})

const server = serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' }, () =>
  console.log(`listening on ${origin}`),
)
process.once('SIGTERM', () => {
  server.close(() => store.close())
  if ('closeAllConnections' in server) server.closeAllConnections()
})
