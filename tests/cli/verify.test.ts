import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/platform/random.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import {
  freePort,
  type Run,
  ready,
  runCommand,
  runGateway,
  temporaryFolder,
} from '../support/process.ts'

const folder = temporaryFolder()
const dataDir = join(folder.path, 'data')
let origin: string
let gateway: Run
let env: Record<string, string>
/** What the bank of the sandbox keeps of a citizen it verified. */
let kept: {
  presentation: string
  vp_token: unknown
  dcql_query: unknown
  nonce: string
  audience: string
  answer: { report: object; receipt: string }
}

beforeAll(async () => {
  const port = await freePort()
  origin = `http://localhost:${port}`
  env = { PORT: String(port), DATA_DIR: dataDir }
  gateway = await ready(runGateway(env))
  kept = await verifiedCitizen()
}, 60_000)
afterAll(() => {
  gateway.child.kill('SIGKILL')
  folder.remove()
})

async function verifiedCitizen(): Promise<typeof kept> {
  const json = async (path: string, init: RequestInit = {}) => {
    const headers = { 'content-type': 'application/json', ...init.headers }
    return (await fetch(`${origin}${path}`, { ...init, headers })).json()
  }
  const post = (path: string, body: object, headers = {}) =>
    json(path, { method: 'POST', body: JSON.stringify(body), headers })
  const offer = await post('/sandbox/offers', {
    issuer: 'vn',
    persona: 'vn-nguyen-thi-an',
    credential_configuration_ids: ['pid-sd-jwt'],
    grant: 'pre-authorized_code',
    tx_code: true,
  })
  const wallet = createWallet({ fetch, random: systemRandom, now: () => new Date() })
  await wallet.accept(offer.credential_offer_uri, { txCode: offer.tx_code })
  const { relying_parties } = await json('/sandbox/relying-parties')
  const { api_key } = relying_parties.find(({ id }: { id: string }) => id === 'bank-sg')
  const key = { authorization: `Bearer ${api_key}` }
  const ask = { purpose: 'bank-kyc', ask: ['name', 'birthdate'] }
  const { id, authorization_request } = await post('/v1/presentations', ask, key)
  const { request, response } = await wallet.present(authorization_request)
  const { nonce, client_id: audience, dcql_query } = request
  const { vp_token } = response as { vp_token: Record<string, string[]> }
  const presentation = Object.values(vp_token)[0]?.[0] ?? ''
  const answer = await json(`/v1/presentations/${id}`, { headers: key })
  return {
    presentation,
    vp_token,
    dcql_query,
    nonce: String(nonce),
    audience: String(audience),
    answer,
  }
}

function file(name: string, content: string | object): string {
  const path = join(folder.path, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const verify = (args: string[], input?: string) => runCommand(['verify', ...args], env, input)
const asBank = ['--relying-party', 'bank-sg', '--purpose', 'bank-kyc']
/** The line of a check in the tree. */
const line = (output: string, pattern: RegExp) =>
  output.split('\n').find((each) => pattern.test(each))

describe('gerbang verify', { timeout: 60_000 }, () => {
  it('explains a presentation that is verified by all that was asked for', async () => {
    const request = ['--nonce', kept.nonce, '--audience', kept.audience]
    const { code, output } = await verify([file('p.txt', kept.presentation), ...asBank, ...request])
    expect(output).toMatch(/^as of \d{4}-.*by the registry in .*, ledger position 0\nVERIFIED\n/)
    expect(line(output, / nonce /)).toMatch(/✔ nonce/)
    expect(line(output, / value /)).toMatch(/✔ value .*The credential is valid/)
    expect(line(output, / recognition /)).toMatch(/✔ recognition .*VN by SG/)
    expect(output).not.toContain('Judged in part')
    expect(output).not.toContain('Nguyễn')
    expect(code).toBe(0)
  })

  it('skips what it was not told, and says how to tell it', async () => {
    const { code, output } = await verify(['-'], `${kept.presentation}\n`)
    expect(code).toBe(2)
    expect(output).toMatch(/^NOT REFUSED$/m)
    expect(line(output, / nonce /)).toMatch(/○ nonce .*give --nonce\./)
    expect(line(output, / audience /)).toMatch(/○ audience .*give --audience\./)
    for (const check of [/ recognition /, / proofing /, / authn /, /○ claims .*give --rel/]) {
      expect(line(output, check)).toMatch(/○ .*give --relying-party and --purpose\./)
    }
    expect(output).toMatch(/\nJudged in part: give --nonce; give --audience; give --relying-party/)
    const half = await verify(['-', '--purpose', 'bank-kyc'], kept.presentation)
    expect(line(half.output, / recognition /)).toMatch(/give --relying-party\./)
  })

  it.each<[string, string[], RegExp]>([
    ['another nonce', ['--nonce', 'other'], /✘ nonce/],
    ['another audience', ['--audience', 'other'], /✘ audience/],
    ['an instant a year ago', ['--at', '2025-11-24T00:00:00Z'], /✘ validity/],
    [
      'a purpose it does not have',
      ['--relying-party', 'bank-sg', '--purpose', 'age-check'],
      /✘ rec/,
    ],
    ['a relying party nobody knows', ['--relying-party', 'x', '--purpose', 'bank-kyc'], /✘ rec/],
  ])('refuses with %s, and says what to do', async (_, args, failed) => {
    const { code, output } = await verify(['-', ...args], kept.presentation)
    expect(output).toMatch(/\nREFUSED\n/)
    expect(line(output, failed)).toBeDefined()
    expect(output).toMatch(/→ /)
    expect(code).toBe(1)
  })

  it('refuses what was altered, and does not judge the rest by it', async () => {
    const [jwt = '', ...rest] = kept.presentation.split('~')
    const altered = [`${jwt.slice(0, -4)}AAAA`, ...rest].join('~')
    const { code, output } = await verify(['-'], altered)
    expect(line(output, /✘ signature/)).toBeDefined()
    expect(line(output, / value /)).toMatch(/○ value .*cannot be relied upon/)
    expect(code).toBe(1)
  })

  it('takes the body of POST /v1/verify, over which an option has the last word', async () => {
    const { vp_token, dcql_query, nonce, audience } = kept
    const body = { vp_token, dcql_query, nonce, audience, purpose: 'bank-kyc' }
    const path = file('body.json', body)
    const { code, output } = await verify([path, '--relying-party', 'bank-sg'])
    expect(line(output, /query$/)).toBeDefined()
    expect(line(output, / type /)).toMatch(/✔ type/)
    expect(output).not.toContain('Judged in part')
    expect(code).toBe(0)
    const other = await verify([path, '--relying-party', 'bank-sg', '--nonce', 'other'])
    expect(other.code).toBe(1)
    const when = await verify([file('then.json', { ...body, at: '2025-11-24T00:00:00Z' })])
    expect(when.output).toMatch(/^as of 2025-11-24T00:00:00Z/)
  })

  it('prints the report of a saved answer as it is', async () => {
    const { code, output } = await verify([file('answer.json', kept.answer)])
    expect(output).toMatch(/^as the file tells it; nothing is judged here\nVERIFIED\n/)
    expect(output).toContain('✔ nonce')
    expect(code).toBe(0)
    const report = {
      outcome: 'refused',
      checks: [{ id: 'a.b', outcome: 'fail', detail: '\u001b[2J', spec: '', remedy: null }],
    }
    const refused = await verify(['-'], JSON.stringify(report))
    expect(refused.code).toBe(1)
    expect(refused.output).not.toContain('\u001b')
  })

  it('prints claims when it is asked to', async () => {
    const { output } = await verify(['-', '--claims'], kept.presentation)
    expect(output).toContain('"name": "Nguyễn Thị An"')
  })

  it('judges by a fresh sandbox where there is no database, and then knows no status', async () => {
    const elsewhere = { ...env, DATA_DIR: join(folder.path, 'nowhere') }
    const { code, output } = await runCommand(
      ['verify', '-', ...asBank],
      elsewhere,
      kept.presentation,
    )
    expect(output).toMatch(/by the registry of a fresh sandbox/)
    expect(line(output, / recognition /)).toMatch(/✔/)
    expect(line(output, / value /)).toMatch(/○ .*set DATA_DIR/)
    expect(code).toBe(2)
    expect(readdirSync(folder.path)).not.toContain('nowhere')
  })

  it('does not take a registry that was begun under another address', async () => {
    const { code, output } = await runCommand(
      ['verify', '-'],
      { DATA_DIR: dataDir },
      kept.presentation,
    )
    expect(output).toContain('begun under another PUBLIC_URL')
    expect(code).toBe(2)
  })

  it.each<[string, string[], string]>([
    ['no file', [], ''],
    ['a file that is not there', ['nowhere.txt'], ''],
    ['JSON that says nothing of a presentation', ['-'], '{"a":1}'],
    ['a query that is none', ['-'], '{"vp_token":{},"dcql_query":{}}'],
    ['an instant that is none', ['-', '--at', 'tomorrow'], 'a~b'],
    ['an instant to come', ['-', '--at', '2100-01-01T00:00:00Z'], 'a~b'],
    ['an option that it does not have', ['-', '--nonse', 'x'], 'a~b'],
  ])('says how it is used, given %s', async (_, args, input) => {
    const { code, output } = await verify(args, input)
    expect(output).toMatch(/^gerbang: .*\n?gerbang --help says/)
    expect(code).toBe(2)
  })
})

describe('gerbang verify-receipt', { timeout: 60_000 }, () => {
  const verifyReceipt = (...args: string[]) => runCommand(['verify-receipt', ...args])

  it('tells what was relied upon, by a saved JWK Set and offline', async () => {
    const jwks = file('jwks.json', await (await fetch(`${origin}/.well-known/jwks.json`)).text())
    const receipt = file('receipt.jwt', kept.answer.receipt)
    const presentation = file('kept.txt', kept.presentation)
    const { code, output } = await verifyReceipt(
      ...[receipt, '--jwks', jwks, '--presentation', presentation],
    )
    expect(output).toMatch(/^GOOD receipt of VERIFIED\n/)
    for (const told of [
      /gateway +http:\/\/localhost/,
      /in use +since a time that its set does not say/,
      /relying party +http.*\/relying-parties\/bank-sg/,
      /purpose +bank-kyc/,
      /challenge by +the gateway/,
      /ledger +position 0/,
      /issuer +http.*\/issuers\/vn/,
      /type +urn:gerbang:pid:1/,
      /recognition +\S+/,
      /proofing +high/,
      /✔ signature +The first certificate signed these very bytes\./,
      /✔ The presentation is the one that was judged \(pid-sd-jwt\)/,
    ]) {
      expect(output).toMatch(told)
    }
    expect(output).not.toContain('Nguyễn')
    expect(code).toBe(0)
  })

  it('takes the configured keys, and a saved answer', async () => {
    expect(await verifyReceipt(file('answer.json', kept.answer))).toMatchObject({ code: 0 })
  })

  it('does not take another presentation for the one that was judged', async () => {
    const other = file('other.txt', `${kept.presentation}A`)
    const receipt = file('receipt.jwt', kept.answer.receipt)
    const { code, output } = await verifyReceipt(receipt, '--presentation', other)
    expect(output).toContain('✘ The presentation is not the one that was judged')
    expect(code).toBe(1)
  })

  it('does not take an altered receipt, nor one by a key out of its time', async () => {
    const [header, payload, signature] = kept.answer.receipt.split('.')
    const altered = file('altered.jwt', `${header}.${payload?.replace(/^.../, 'eyK')}.${signature}`)
    expect(await verifyReceipt(altered)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^NOT GOOD .*altered/),
    })
    const { keys } = await (await fetch(`${origin}/.well-known/jwks.json`)).json()
    const retired = file('retired.json', { keys: keys.map((key: object) => ({ ...key, exp: 1 })) })
    const receipt = file('receipt.jwt', kept.answer.receipt)
    expect(await verifyReceipt(receipt, '--jwks', retired)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^NOT GOOD .*had been retired/),
    })
  })

  it.each<[string, string[]]>([
    ['no file', []],
    ['a file that is not there', ['nowhere.jwt']],
    ['keys that are no JSON', ['README.md', '--jwks', 'README.md']],
  ])('says how it is used, given %s', async (_, args) => {
    expect(await verifyReceipt(...args)).toMatchObject({
      code: 2,
      output: expect.stringMatching(/gerbang --help says/),
    })
  })
})
