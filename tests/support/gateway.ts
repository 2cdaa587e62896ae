import { expect } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { readIssuerSigned } from '../../src/credential/device-response.ts'
import { createDeps } from '../../src/deps.ts'
import type { FetchGuard } from '../../src/platform/fetch.ts'
import { lineLog } from '../../src/platform/log.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { appendEntry } from '../../src/registry/ledger.ts'
import type { Database } from '../../src/store/database.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import type { Fact, StatusEvent } from '../../src/trust/facts.ts'
import type { DigitalCredentialOptions } from '../../src/wallet/digital-credentials.ts'
import type { HeldSdJwtVc } from '../../src/wallet/held-credential.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { createWallet, type Wallet } from '../../src/wallet/wallet.ts'
import { memoryDatabase } from './database.ts'

export const origin = 'http://localhost:8787'

export type Check = { id: string; outcome: string; detail: string; remedy: string | null }
export type Presentation = {
  id: string
  status: string
  authorization_request: string
  qr_svg_url: string
  /** In place of the two in the flow `dc_api`. */
  digital_credential_request: DigitalCredentialOptions
  report: { outcome: string; checks: Check[] } | null
  credentials: Record<string, { claims: Record<string, unknown> }[]> | null
  receipt: string | null
}
export type Answer<T = Record<string, unknown>> = { status: number; body: T; headers: Headers }

/**
 * A whole gateway on an empty database: the sandbox's registry and keys, a clock that stands still
 * until it is moved, and no network unless one is given. Nothing of it is a mock; only the doors to the world are ours.
 */
export async function testGateway(
  env: Record<string, string> = {},
  { connect = networkOff, database }: { connect?: FetchGuard['connect']; database?: Database } = {},
) {
  let now = new Date('2026-11-24T08:00:00Z')
  const lines: string[] = []
  const config = readConfig({ PUBLIC_URL: origin, LOG_LEVEL: 'debug', ...env }, () => {
    throw new Error('no files in tests')
  })
  if (!config.ok) throw new Error(config.error.join())
  const clock = () => new Date(now)
  database ??= await memoryDatabase()
  const deps = createDeps({
    config: config.value,
    database,
    clock,
    random: systemRandom,
    connect,
    log: lineLog((line) => lines.push(line), { level: 'debug', format: 'json' }, clock),
  })
  expect(await deps.prepare()).toEqual([])
  const app = createApp(deps)
  const fetch = async (input: string | URL | Request, init?: RequestInit) =>
    app.fetch(new Request(input, init))

  async function call<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const response = await fetch(path.startsWith('http') ? path : `${origin}${path}`, init)
    const text = new TextDecoder().decode(await response.arrayBuffer())
    const json = /\bjson\b/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      body: (json ? JSON.parse(text) : text) as T,
      headers: response.headers,
    }
  }
  const bearer = (key?: string): Record<string, string> =>
    key ? { authorization: `Bearer ${key}` } : {}
  const get = <T = Record<string, unknown>>(path: string, key?: string) =>
    call<T>(path, { headers: bearer(key) })
  const post = <T = Record<string, unknown>>(path: string, body: unknown, key?: string) =>
    call<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(key) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  /** The API key of a relying party of the sandbox. */
  async function keyOf(relyingParty: string): Promise<string> {
    const { body } = await get<{ relying_parties: { id: string; api_key: string }[] }>(
      '/sandbox/relying-parties',
    )
    const found = body.relying_parties.find(({ id }) => id === relyingParty)
    if (!found) throw new Error(`no relying party ${relyingParty}`)
    return found.api_key
  }

  const newWallet = () => createWallet({ fetch, random: systemRandom, now: clock })

  /** A wallet that holds fresh credentials of one persona. */
  async function citizen(
    persona: string,
    configurations: readonly string[] = ['pid-sd-jwt'],
    more: Record<string, unknown> = {},
  ): Promise<Wallet> {
    const wallet = newWallet()
    for (const configuration of configurations) {
      const { status, body } = await post<{ credential_offer_uri: string }>('/sandbox/offers', {
        issuer: persona.slice(0, 2),
        persona,
        credential_configuration_ids: [configuration],
        grant: 'pre-authorized_code',
        tx_code: false,
        ...more,
      })
      expect(status).toBe(201)
      await wallet.accept(body.credential_offer_uri)
    }
    return wallet
  }

  /** A transaction of a relying party, for what bank KYC asks unless said otherwise. */
  async function ask(relyingParty = 'bank-sg', body: Record<string, unknown> = kyc) {
    const key = await keyOf(relyingParty)
    const started = await post<Presentation>('/v1/presentations', body, key)
    expect(started.status, JSON.stringify(started.body)).toBe(201)
    return {
      ...started.body,
      key,
      read: async () => (await get<Presentation>(`/v1/presentations/${started.body.id}`, key)).body,
    }
  }

  return {
    origin,
    app,
    deps,
    database,
    lines,
    fetch,
    call,
    get,
    post,
    keyOf,
    newWallet,
    citizen,
    ask,
    now: clock,
    /** From now on, in the registry. */
    async suspend(target: StatusEvent['target']) {
      const effectiveFrom = Math.floor(clock().getTime() / 1000)
      const suspended: Fact = {
        ...{ type: 'status', target, status: 'suspended', effectiveFrom },
        reason: 'security-incident',
      }
      const appended = await appendEntry(
        { clock, registryId: 'test', ledger: ledgerStore(database) },
        { kind: 'suspension', actor: 'somebody', facts: [suspended] },
      )
      expect(appended).toMatchObject({ ok: true })
      await deps.registry.refresh()
    },
    advance(seconds: number) {
      now = new Date(now.getTime() + seconds * 1000)
    },
  }
}
const networkOff: FetchGuard['connect'] = (url) => {
  throw new Error(`the network is off: ${url}`)
}

export type TestGateway = Awaited<ReturnType<typeof testGateway>>

export const kyc = { purpose: 'bank-kyc', ask: ['name', 'birthdate', 'nationalities'] }

/** The first SD-JWT VC in a wallet. */
export function sdJwtVcIn(wallet: Wallet): HeldSdJwtVc {
  const held = wallet.credentials().find(({ format }) => format === 'dc+sd-jwt')
  if (held?.format !== 'dc+sd-jwt') throw new Error('the wallet holds no SD-JWT VC')
  return held
}

/** What the holder of the first mdoc in a wallet can read in it. */
export function mdocIn(wallet: Wallet) {
  const held = wallet.credentials().find(({ format }) => format === 'mso_mdoc')
  const mdoc = held?.format === 'mso_mdoc' ? readIssuerSigned(held.issuerSigned) : undefined
  if (!mdoc) throw new Error('the wallet holds no mdoc')
  return mdoc
}

/** The ids of the checks that failed. */
export const failed = ({ report }: Pick<Presentation, 'report'>): string[] =>
  (report?.checks ?? []).filter(({ outcome }) => outcome === 'fail').map(({ id }) => id)

/**
 * An attack through the front door: an honest citizen of Viet Nam whose wallet lies in one way. Says
 * what the wallet was answered, and what the bank then reads.
 */
export async function attack(
  gateway: TestGateway,
  lies: Lies,
  configuration: 'pid-sd-jwt' | 'pid-mdoc' = 'pid-sd-jwt',
) {
  const wallet = await gateway.citizen('vn-nguyen-thi-an', [configuration])
  const transaction = await gateway.ask()
  const link = transaction.authorization_request
  const { status, body, request } = await wallet.present(link, { lies })
  return { status, body, request, transaction, wallet, result: await transaction.read() }
}
