import { Hono } from 'hono'
import { cryptography } from '../../src/credential/crypto.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { jwksRoutes } from '../../src/http/jwks.ts'
import { openid4vpRoutes } from '../../src/http/openid4vp.ts'
import { presentationRoutes } from '../../src/http/presentations.ts'
import { relyingPartyRoutes } from '../../src/http/relying-parties.ts'
import { sandboxRelyingPartyRoutes } from '../../src/http/sandbox-relying-parties.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { ensureSandboxApiKeys, sandboxApiKey } from '../../src/presentation/sandbox-api-keys.ts'
import type { StatusOf } from '../../src/presentation/status.ts'
import { states } from '../../src/providers/states.ts'
import { ok } from '../../src/result.ts'
import { sandboxGenesis } from '../../src/sandbox.ts'
import { relyingPartyKeyStore } from '../../src/store/relying-party-keys.ts'
import { transactionStore } from '../../src/store/transactions.ts'
import { entityIds } from '../../src/trust/entity-id.ts'
import { compileSnapshot, type Snapshot } from '../../src/trust/snapshot.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import { hidden, holding } from '../wallet/parties.ts'
import { memoryDatabase } from './database.ts'

export const origin = 'http://localhost:8787'
export const start = new Date('2026-11-21T10:34:56Z')
export const bank = entityIds(origin).relyingParty('bank-sg')
export const kyc = { purpose: 'bank-kyc', ask: ['name', 'birthdate'] }

const { anchors } = exampleKeys as { anchors: Record<string, string> }

/** The sandbox's registry as it is at its beginning. */
export async function sandboxSnapshot(): Promise<Snapshot> {
  const facts = await sandboxGenesis({
    origin,
    now: start,
    states: states.values(),
    anchors: Object.fromEntries(
      [...states.keys()].map((cc) => [cc, anchors[`issuer-${cc}`] ?? '']),
    ),
    readerCa: anchors.reader ?? '',
    walletProviderCa: anchors['wallet-provider'] ?? '',
  })
  return compileSnapshot(
    facts.map((fact) => ({ ...fact, position: 0 })),
    0,
  )
}

/** A credential of the person identification type in a wallet, as Viet Nam's issuer would make it. */
export const citizen = (claims: object = {}, vct = 'urn:gerbang:pid:1') =>
  holding(
    {
      iss: `${origin}/issuers/vn`,
      exp: Math.floor(start.getTime() / 1000) + 86_400,
      issuing_country: 'VN',
      env: 'sandbox',
      verification: { assurance_level: 'level 2 / authentication 4' },
      status: { status_list: { uri: `${origin}/status-lists/1`, idx: 7 } },
      name: hidden('Nguyễn Thị An'),
      birthdate: hidden('1990-02-03'),
      sex: hidden(2),
      person_token: hidden('the raw token'),
      nationalities: hidden([hidden('VN'), hidden('FR')]),
      ...claims,
    },
    { vct },
  )

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> }

/** The verifier over an empty database, at a time that stands still until it is moved. */
export async function verifier() {
  const db = await memoryDatabase()
  const keys = jwkKeyRing(exampleKeys, cryptography())
  const world = {
    now: start,
    snapshot: await sandboxSnapshot(),
    statusOf: (async () => ok('valid')) as StatusOf,
  }
  const deps = {
    origin,
    env: 'sandbox' as const,
    clock: () => world.now,
    random: systemRandom,
    keys,
    snapshot: async () => ok(world.snapshot),
    statusOf: ((...asked) => world.statusOf(...asked)) as StatusOf,
    transactions: transactionStore(db),
    relyingPartyKeys: relyingPartyKeyStore(db),
    trustedOrigins: ['https://bank.example'],
    stopping: new AbortController().signal,
  }
  await ensureSandboxApiKeys(
    deps,
    world.snapshot.relyingParties(start).map(({ id }) => id),
  )
  const app = new Hono()
    .route('/', presentationRoutes(deps))
    .route('/', openid4vpRoutes(deps))
    .route('/', relyingPartyRoutes(deps))
    .route('/', jwksRoutes(deps))
    .route('/', sandboxRelyingPartyRoutes(deps))
    .onError((_, c) => c.text('unexpected', 500))
  const apiKey = await sandboxApiKey(keys, 'bank-sg')

  const request = async (url: string, init?: RequestInit): Promise<Answer> => {
    const response = await app.request(url, init)
    const text = new TextDecoder().decode(await response.arrayBuffer())
    const json = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : { text },
    }
  }
  const as = (key: string) => ({ authorization: `Bearer ${key}` })

  return {
    world,
    deps,
    app,
    request,
    apiKey,
    as,
    passSeconds(seconds: number) {
      world.now = new Date(world.now.getTime() + seconds * 1000)
    },

    ask: (body: object = kyc, key = apiKey) =>
      request(`${origin}/v1/presentations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as(key) },
        body: JSON.stringify(body),
      }),

    /** A transaction that was started, with what its link tells a wallet. */
    async start(body: object = kyc) {
      const answer = await this.ask(body)
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
      const link = String(answer.body.authorization_request)
      const { searchParams } = new URL(link)
      const requestUri = searchParams.get('request_uri') ?? ''
      return {
        id: String(answer.body.id),
        link,
        clientId: searchParams.get('client_id') ?? '',
        requestUri,
        responseUri: requestUri.replace(/request$/, 'response'),
        qrSvgUrl: String(answer.body.qr_svg_url),
      }
    },

    read: (id: string, key = apiKey) =>
      request(`${origin}/v1/presentations/${id}`, { headers: as(key) }),

    answer: (responseUri: string, form: Record<string, string> | string) =>
      request(responseUri, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      }),

    wallet: async (...credentials: Awaited<ReturnType<typeof citizen>>[]) =>
      createWallet({
        fetch: async (url, init) => app.request(String(url), init),
        random: systemRandom,
        now: () => world.now,
        credentials: credentials.length > 0 ? credentials : [await citizen()],
      }),
  }
}
