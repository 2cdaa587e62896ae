import { Hono } from 'hono'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { cryptography } from '../../src/credential/crypto.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { issuerRoutes } from '../../src/http/issuers.ts'
import { sandboxRoutes } from '../../src/http/sandbox.ts'
import { statusListRoutes } from '../../src/http/status-lists.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import { systemRandom } from '../../src/platform/random.ts'
import type { StateProfile } from '../../src/providers/profile.ts'
import { states as allStates } from '../../src/providers/states.ts'
import { accessTokenStore } from '../../src/store/access-tokens.ts'
import { issuanceStore } from '../../src/store/issuances.ts'
import { offerStore } from '../../src/store/offers.ts'
import { seenProofStore } from '../../src/store/seen-proofs.ts'
import { statusListStore } from '../../src/store/status-lists.ts'
import { memoryDatabase } from '../support/database.ts'

export const origin = 'http://localhost:8787'
export const vnIssuer = `${origin}/issuers/vn`
export const start = new Date('2026-11-21T10:34:56Z')
export const preAuthorized = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

const { anchors } = exampleKeys
export const issuerAnchors = Object.entries(anchors)
  .filter(([id]) => id.startsWith('issuer-'))
  .map(([id, certificate]) => ({ id, certificate }))

/** The answer to a request, with what tests ask of it. */
export type Answer = { status: number; headers: Headers; body: Record<string, unknown> }

export type Settings = {
  env?: 'sandbox' | 'production'
  states?: ReadonlyMap<string, StateProfile>
}

/** Issuers over an empty database, at a time that stands still until it is moved. */
export async function issuers({ env = 'sandbox', states = allStates }: Settings = {}) {
  const db = await memoryDatabase()
  const time = { now: start }
  const deps = {
    origin,
    env,
    states,
    clock: () => time.now,
    random: systemRandom,
    keys: jwkKeyRing(exampleKeys, cryptography()),
    offers: offerStore(db),
    accessTokens: accessTokenStore(db),
    statusLists: statusListStore(db),
    issuances: issuanceStore(db),
    rememberProof: seenProofStore(db).remember,
    trustAnchors: async (use: string) =>
      use === 'issuer_ca'
        ? issuerAnchors
        : [{ id: 'wallet-provider', certificate: anchors['wallet-provider'] ?? '' }],
  }
  const app = new Hono()
    .route('/', issuerRoutes(deps))
    .route('/', statusListRoutes(deps))
    .route('/', sandboxRoutes(deps))
    .onError((_, c) => c.text('unexpected', 500))

  const request = async (url: string, init?: RequestInit): Promise<Answer> => {
    const response = await app.request(url, init)
    // Not text(): workerd warns of every media type that it does not know as text.
    const text = new TextDecoder().decode(await response.arrayBuffer())
    const json = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : { text },
    }
  }
  const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
    request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const token = (
    parameters: Record<string, string>,
    headers: Record<string, string> = {},
    cc = 'vn',
  ) =>
    request(`${origin}/issuers/${cc}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(parameters).toString(),
    })

  return {
    db,
    deps,
    app,
    request,
    post,
    token,
    passSeconds(seconds: number) {
      time.now = new Date(time.now.getTime() + seconds * 1000)
    },

    async offer(change: Record<string, unknown> = {}) {
      const { status, body } = await post(`${origin}/sandbox/offers`, {
        issuer: 'vn',
        persona: 'vn-nguyen-thi-an',
        credential_configuration_ids: ['pid-sd-jwt'],
        grant: 'pre-authorized_code',
        ...change,
      })
      if (status !== 201) throw new Error(`no offer: ${JSON.stringify(body)}`)
      const { credential_offer, credential_offer_uri, tx_code } = body as {
        credential_offer: { grants: Record<string, { 'pre-authorized_code': string }> }
        credential_offer_uri: string
        tx_code?: string
      }
      const code = credential_offer.grants[preAuthorized]?.['pre-authorized_code'] ?? ''
      return { code, txCode: tx_code ?? '', offer: credential_offer, uri: credential_offer_uri }
    },

    /** A Bearer token for a fresh offer. */
    async accessToken(change: Record<string, unknown> = {}): Promise<string> {
      const { code } = await this.offer(change)
      const answer = await token(
        { grant_type: preAuthorized, 'pre-authorized_code': code },
        {},
        change.issuer as string | undefined,
      )
      return String(answer.body.access_token)
    },

    async nonce(issuer = vnIssuer): Promise<string> {
      const answer = await request(`${issuer}/nonce`, { method: 'POST' })
      return String(answer.body.c_nonce)
    },

    credential(accessToken: string, body: unknown, headers: Record<string, string> = {}) {
      return post(`${vnIssuer}/credential`, body, {
        authorization: `Bearer ${accessToken}`,
        ...headers,
      })
    },

    /** The whole way: offer, token, nonce, key proof, credential. */
    async issue(configurationId = 'pid-sd-jwt', change: Record<string, unknown> = {}) {
      const cc = String(change.issuer ?? 'vn')
      const issuer = `${origin}/issuers/${cc}`
      const accessToken = await this.accessToken({
        credential_configuration_ids: [configurationId],
        ...change,
      })
      const key = await holderKey()
      const claims = { nonce: await this.nonce(issuer), aud: issuer, iat: seconds(time.now) }
      const request = {
        credential_configuration_id: configurationId,
        proofs: { jwt: [await keyProof(key, claims)] },
      }
      const headers = { authorization: `Bearer ${accessToken}` }
      const answer = await post(`${issuer}/credential`, request, headers)
      const [first] = (answer.body.credentials ?? []) as { credential: string }[]
      if (!first) throw new Error(`no credential: ${JSON.stringify(answer.body)}`)
      return { credential: first.credential, key }
    },
  }
}

export type HolderKey = { publicJwk: JWK; privateKey: CryptoKey }

export async function holderKey(): Promise<HolderKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { publicJwk: await exportJWK(publicKey), privateKey }
}

export const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** A key proof as an honest wallet makes it, but for the changes; `undefined` leaves a member out. */
export function keyProof(
  key: HolderKey,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT({ aud: vnIssuer, iat: seconds(start), ...claims })
    .setProtectedHeader({
      alg: 'ES256',
      typ: 'openid4vci-proof+jwt',
      jwk: key.publicJwk,
      ...header,
    })
    .sign(key.privateKey)
}

/** A DPoP proof for the token endpoint, but for the changes. */
export function dpopProof(
  key: HolderKey,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const honest = {
    htm: 'POST',
    htu: `${vnIssuer}/token`,
    iat: seconds(start),
    jti: crypto.randomUUID(),
  }
  return new SignJWT({ ...honest, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.publicJwk, ...header })
    .sign(key.privateKey)
}
