import '../../src/on-node.ts'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { parseJsonObject } from '../../src/credential/json.ts'
import { signJws } from '../../src/credential/jws.ts'
import { createKbJwt } from '../../src/credential/key-binding.ts'
import { keyPurposeIds } from '../../src/credential/key-purpose.ts'
import { parseSdJwt } from '../../src/credential/sd-jwt.ts'
import type { TrustedCertificate } from '../../src/credential/x509.ts'
import { readMigrations } from '../../src/database-files.ts'
import { createDeps } from '../../src/deps.ts'
import { lineLog } from '../../src/platform/log.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { betterSqlite3, openSqlite } from '../../src/store/better-sqlite3.ts'
import type { HeldSdJwtVc } from '../../src/wallet/held-credential.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import { authority, signer, signWith } from '../support/certificates.ts'

export const origin = 'http://localhost:8787'
/** What a bank asks of a person: the same in every row that verifies. */
export const kyc = {
  purpose: 'bank-kyc',
  ask: ['name', 'birthdate', 'nationalities', 'address.country'],
  formats: ['dc+sd-jwt'],
}

export type World = Awaited<ReturnType<typeof world>>

/** A gateway in this process, over a database in memory, and a citizen of Viet Nam with a credential. */
export async function world() {
  const config = readConfig({ PUBLIC_URL: origin }, () => '')
  if (!config.ok) throw new Error(config.error.join())
  const now = new Date()
  const clock = () => now
  const log = lineLog(() => {}, { level: 'silent', format: 'json' }, clock)
  const database = betterSqlite3(openSqlite(':memory:', readMigrations()))
  const connect = () => {
    throw new Error('the network is off')
  }
  const deps = createDeps({
    ...{ config: config.value, database, clock, random: systemRandom, connect, log },
  })
  const faults = await deps.prepare()
  if (faults.length > 0) throw new Error(faults.join())
  const app = createApp(deps)
  const fetch = async (input: string | URL | Request, init?: RequestInit) =>
    app.fetch(new Request(input, init))
  const post = async (path: string, body: object, key?: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
    const response = await fetch(origin + path, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
    })
    return response.json()
  }

  async function holding(configuration: string) {
    const wallet = createWallet({ fetch, random: systemRandom, now: clock })
    const offer = await post('/sandbox/offers', {
      issuer: 'vn',
      persona: 'vn-nguyen-thi-an',
      credential_configuration_ids: [configuration],
      grant: 'pre-authorized_code',
      tx_code: false,
    })
    const [held] = await wallet.accept(offer.credential_offer_uri)
    if (!held) throw new Error('nothing was issued')
    return { wallet, held }
  }

  const { relying_parties: parties } = await (
    await fetch(`${origin}/sandbox/relying-parties`)
  ).json()
  const apiKey: string = parties.find(({ id }: { id: string }) => id === 'bank-sg').api_key
  const current = await deps.snapshot()
  if (!current.ok) throw new Error(current.error.detail)
  return { now, deps, snapshot: current.value, post, holding, apiKey }
}

export type Presented = {
  held: HeldSdJwtVc
  presentation: string
  /** What was sent, and how it was asked for. */
  response: Record<string, unknown>
  request: Record<string, unknown> & { nonce: string; client_id: string }
}

/** A presentation that this gateway asked for and took. */
export async function presented({ post, holding, apiKey }: World): Promise<Presented> {
  const { wallet, held } = await holding('pid-sd-jwt')
  if (held.format !== 'dc+sd-jwt') throw new Error('not the format that was asked for')
  const started = await post('/v1/presentations', kyc, apiKey)
  const { status, response, request } = await wallet.present(started.authorization_request)
  if (status !== 200) throw new Error('the presentation was not taken')
  const [presentation] = Object.values(response.vp_token as Record<string, string[]>).flat()
  if (!presentation) throw new Error('nothing was presented')
  return { held, presentation, response, request: request as Presented['request'] }
}

/** Somebody whom nobody met before, and what he issued to the same holder. */
export type Stranger = { presentation: string; x5c: string[] }

/**
 * The same presentation by many issuers that nobody met before: each has certificates of its own, both
 * the signer's and that of the authority between it and the anchor, which is theirs together.
 */
export async function byStrangers(
  { held, presentation, request: { nonce, client_id: audience } }: Presented,
  count: number,
  now: Date,
): Promise<{ anchor: TrustedCertificate; strangers: Stranger[] }> {
  const read = parseSdJwt(presentation)
  const payload = read.ok && parseJsonObject(read.value.jws.payload)
  if (!read.ok || !payload) throw new Error('no SD-JWT')
  const root = await authority('Root')
  const { keys } = await signer('keys for all of them, since making keys takes long')
  const strangers: Stranger[] = []
  for (let i = 0; i < count; i++) {
    const by = await authority(`Authority ${i}`, { by: root, keys, pathLength: 0 })
    const leaf = await signer(`Signer ${i}`, {
      ...{ by, keys, extendedUsage: [keyPurposeIds.credential] },
      names: [{ type: 'url', value: String(payload.iss) }],
    })
    const x5c = [leaf.der, by.der]
    const jwt = await signJws({ typ: 'dc+sd-jwt', x5c }, payload, signWith(keys))
    const sdJwt = `${[jwt, ...presentation.split('~').slice(1, -1)].join('~')}~`
    const kbJwt = await createKbJwt({ sdJwt, nonce, audience, iat: now }, held.holderKey.sign)
    strangers.push({ presentation: sdJwt + kbJwt, x5c })
  }
  return { anchor: { id: 'root', certificate: root.der }, strangers }
}
