import { styleText } from 'node:util'
import { keyPurposeIds } from '../../src/credential/key-purpose.ts'
import { prepareSdJwtVc, signSdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { systemRandom } from '../../src/platform/random.ts'
import type { HeldCredential } from '../../src/wallet/held-credential.ts'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { createWallet, type Wallet } from '../../src/wallet/wallet.ts'
import { certifiedSigner } from '../support/certificates.ts'
import { percentile } from './figures.ts'
import { flow, httpClient } from './flow/client.ts'
import { apiKeyOf, citizen, termsOf } from './flow/scene.ts'
import { inFolder, startServer } from './flow/server-process.ts'
import { gateway } from './flow/servers.ts'

/** What came of one flow: the check that refused it, `verified`, or something that must not be. */
type Ending = { outcome: 'verified' } | { outcome: 'refused'; failed: string[] }

type Kind = {
  name: string
  /** `verified`, or a check that must be among those that failed. */
  expected: string
  run(): Promise<Ending>
}

type Count = { name: string; expected: string; good: number; wrong: string[]; times: number[] }

const honestLanes = 6
const forgedLanes = 4

/**
 * Honest flows and forged ones, at the same time, at a gateway in a process of its own. Gives back 1
 * where a forged one was accepted or refused for another reason than its forgery, an honest one was
 * lost, or the gateway failed (5xx); else 0.
 */
export function load(seconds: number): Promise<number> {
  return inFolder(async (folder) => {
    const server = await startServer(gateway, folder)
    const traffic = observed()
    const http = httpClient(honestLanes)
    try {
      const { honest, forged } = await kinds(server.origin, traffic.fetch, http)
      const began = performance.now()
      const until = began + seconds * 1000
      const counts = [
        ...(await Promise.all([
          run(honest, { lanes: honestLanes, until, tell: true, began }),
          run(forged, { lanes: forgedLanes, until, tell: false, began }),
        ])),
      ].flat()
      const took = (performance.now() - began) / 1000
      return judged(counts, { took, serverErrors: traffic.serverErrors() })
    } finally {
      http.close()
      await server.stop()
    }
  })
}

/** `fetch`, and how often it was answered with a 5xx. */
function observed() {
  let count = 0
  return {
    fetch: async (input: string | URL | Request, init?: RequestInit) => {
      const response = await fetch(input, init)
      if (response.status >= 500) count++
      return response
    },
    serverErrors: () => count,
  }
}

const claims = ['name', 'birthdate', 'nationalities']
const asking = (format: string) => ({ purpose: 'bank-kyc', ask: claims, formats: [format] })

type Fetch = ReturnType<typeof observed>['fetch']

async function kinds(origin: string, fetch: Fetch, http: ReturnType<typeof httpClient>) {
  const { terms } = await termsOf(origin)
  const key = await apiKeyOf(origin, 'bank-sg')
  const wallets = {
    'dc+sd-jwt': await wallet(origin, fetch, 'pid-sd-jwt'),
    mso_mdoc: await wallet(origin, fetch, 'pid-mdoc'),
  }
  const stranger = createWallet({
    ...{ fetch, random: systemRandom, now: () => new Date() },
    credentials: [await selfMade(origin)],
  })

  async function call(path: string, init: RequestInit = {}) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(origin + path, { ...init, headers })
    return { status: response.status, body: await response.json() }
  }
  const start = async (format: string) => {
    const body = JSON.stringify(asking(format))
    const started = await call('/v1/presentations', { method: 'POST', body })
    if (started.status !== 201) throw new Error(JSON.stringify(started.body))
    return started.body as { id: string; authorization_request: string }
  }
  /** What the relying party reads; what it must not be is thrown, in words. */
  async function read(id: string, answered: number): Promise<Ending> {
    const { body } = await call(`/v1/presentations/${id}`)
    const { status, credentials, report } = body
    if (status === 'verified' && answered === 200 && credentials) return { outcome: 'verified' }
    if (status !== 'refused' || answered !== 400 || credentials) {
      throw new Error(`answered ${answered}, then ${status}`)
    }
    const checks = report.checks as { id: string; outcome: string }[]
    const failed = checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id)
    return { outcome: 'refused', failed }
  }
  const present = (by: Wallet, format: string, lies: Lies) => async () => {
    const { id, authorization_request: link } = await start(format)
    const { status } = await by.present(link, { lies })
    return read(id, status)
  }

  const honest: Kind[] = [
    {
      name: 'SD-JWT VC',
      expected: 'verified',
      async run() {
        await flow(http, origin, terms)
        return { outcome: 'verified' }
      },
    },
    { name: 'mdoc', expected: 'verified', run: present(wallets.mso_mdoc, 'mso_mdoc', {}) },
  ]
  const forged: Kind[] = []
  for (const format of ['dc+sd-jwt', 'mso_mdoc'] as const) {
    const name = format === 'mso_mdoc' ? 'mdoc' : 'SD-JWT VC'
    const isMdoc = format === 'mso_mdoc'
    const by = wallets[format]
    const lie = (what: string, expected: string, lies: Lies) =>
      forged.push({ name: `${name}: ${what}`, expected, run: present(by, format, lies) })
    lie('altered claim', 'credential.disclosures', { alterDisclosure: true })
    lie('forged issuer signature, genuine chain', 'credential.signature', {
      tamperIssuerSignature: true,
    })
    lie('proof by another key', 'key_binding.signature', { holderKey: 'other' })
    // The device signs over the nonce: with another one it has signed something else.
    lie('wrong nonce', isMdoc ? 'key_binding.signature' : 'key_binding.nonce', {
      nonce: 'the-nonce-of-another-request',
    })
    lie('missing claim', 'query.claims', { omitDisclosure: true })
    const { authorization_request: link } = await start(format)
    const { response } = await by.present(link)
    const earlier = Object.values(response.vp_token as Record<string, string[]>).flat()
    lie('replay', isMdoc ? 'key_binding.signature' : 'key_binding.nonce', {
      presentations: earlier,
    })
  }
  forged.push(
    {
      name: 'SD-JWT VC: altered signature of the proof',
      expected: 'key_binding.signature',
      run: present(wallets['dc+sd-jwt'], 'dc+sd-jwt', { vpToken: alterProof }),
    },
    {
      name: 'SD-JWT VC: untrusted issuer',
      expected: 'credential.chain',
      run: present(stranger, 'dc+sd-jwt', {}),
    },
    {
      name: 'a second answer',
      expected: 'already answered',
      async run() {
        const { id, authorization_request: link } = await start('dc+sd-jwt')
        const first = await wallets['dc+sd-jwt'].present(link)
        const again = await fetch(String(first.request.response_uri), {
          method: 'POST',
          body: new URLSearchParams(first.form),
        })
        const ending = await read(id, first.status)
        if (again.status !== 400 || ending.outcome !== 'verified') {
          throw new Error(`answered ${again.status}`)
        }
        return { outcome: 'refused', failed: ['already answered'] }
      },
    },
  )
  return { honest, forged }
}

async function wallet(origin: string, fetch: Fetch, configuration: string): Promise<Wallet> {
  const { held } = await citizen(origin, 'vn-nguyen-thi-an', configuration)
  return createWallet({ fetch, random: systemRandom, now: () => new Date(), credentials: [held] })
}

/** Another signature under the proof: the last of the presentation's characters but one. */
function alterProof(honest: Record<string, string[]>): Record<string, string[]> {
  const altered = (text: string) => {
    const at = text.length - 10
    return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  }
  return Object.fromEntries(Object.entries(honest).map(([id, each]) => [id, each.map(altered)]))
}

/** A credential in the name of Viet Nam's issuer by somebody whom nobody vouches for. */
async function selfMade(origin: string): Promise<HeldCredential> {
  const issuer = `${origin}/issuers/vn`
  const extendedUsage = [keyPurposeIds.credential]
  const { kid, x5c, sign } = await certifiedSigner(issuer, { extendedUsage })
  const holderKey = await freshHolderKey()
  const now = Math.floor(Date.now() / 1000)
  const selective = { name: 'Mallory', birthdate: '1990-02-03', nationalities: ['VN'] }
  const visible = {
    ...{ iss: issuer, vct: 'urn:gerbang:pid:1', iat: now - 60, exp: now + 86_400 },
    cnf: { jwk: holderKey.publicJwk },
    ...{ issuing_country: 'VN', env: 'sandbox' },
    verification: { assurance_level: 'level 2 / authentication 4' },
  }
  const draft = { header: { kid, x5c }, visible, selective, decoys: 0 }
  const sdJwt = await signSdJwtVc(await prepareSdJwtVc(draft, systemRandom), sign)
  return {
    ...{ configurationId: 'pid-sd-jwt', issuer, holderKey, format: 'dc+sd-jwt', sdJwt },
    ...{ vct: 'urn:gerbang:pid:1', claims: { ...visible, ...selective } },
  } as HeldCredential
}

type Run = { lanes: number; until: number; tell: boolean; began: number }

/** Kind after kind, in as many lanes at once, until the time is over. */
async function run(kinds: readonly Kind[], { lanes, until, tell, began }: Run): Promise<Count[]> {
  const counts = kinds.map(({ name, expected }): Count => {
    return { name, expected, good: 0, wrong: [], times: [] }
  })
  let turn = 0
  async function lane(): Promise<void> {
    while (performance.now() < until) {
      const at = turn++ % kinds.length
      const [kind, count] = [kinds[at], counts[at]]
      if (!kind || !count) return
      const start = performance.now()
      const fault = await attempt(kind)
      count.times.push(performance.now() - start)
      if (fault === undefined) count.good++
      else count.wrong.push(fault)
      if (tell && process.stderr.isTTY) {
        const seconds = ((performance.now() - began) / 1000).toFixed(0)
        process.stderr.write(`\r\x1b[K${styleText('gray', `${seconds} s, ${turn} honest flows`)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return counts
}

/** What went otherwise than it must, in words. */
async function attempt({ expected, run }: Kind): Promise<string | undefined> {
  try {
    const ending = await run()
    if (ending.outcome === 'verified') return expected === 'verified' ? undefined : 'ACCEPTED'
    if (expected === 'verified') return `LOST: ${ending.failed.join()}`
    return ending.failed.includes(expected)
      ? undefined
      : `refused for another reason: ${ending.failed.join()}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function judged(
  counts: readonly Count[],
  { took, serverErrors }: { took: number; serverErrors: number },
): number {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  const width = Math.max(...counts.map(({ name }) => name.length))
  console.log(`${''.padEnd(width)}    good  wrong      p50      p99  must be`)
  for (const { name, expected, good, wrong, times } of counts) {
    const colour = wrong.length === 0 && good > 0 ? 'green' : 'red'
    const ms = (share: number) =>
      times.length === 0 ? '-' : `${percentile(times, share).toFixed(0)} ms`
    const figures = [`${good}`.padStart(7), `${wrong.length}`.padStart(6)]
    const spans = [ms(0.5).padStart(8), ms(0.99).padStart(8)]
    console.log(
      `${name.padEnd(width)} ${styleText(colour, figures.join(' '))} ${spans.join(' ')}  ${expected}`,
    )
    for (const fault of new Set(wrong.slice(0, 3))) console.log(styleText('red', `  ${fault}`))
  }
  const total = counts.reduce((sum, { times }) => sum + times.length, 0)
  const wrong = counts.reduce((sum, count) => sum + count.wrong.length, 0)
  const untried = counts.filter(({ good }) => good === 0).length
  console.log(
    `${total} flows in ${took.toFixed(1)} s (${(total / took).toFixed(0)} a second), ${wrong} otherwise than they must, ${serverErrors} answers of 5xx`,
  )
  return wrong === 0 && serverErrors === 0 && untried === 0 ? 0 : 1
}
