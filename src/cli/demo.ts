import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, styleText } from 'node:util'
import { renderUnicodeCompact } from 'uqr'
import { systemRandom } from '../platform/random.ts'
import { type HeldCredential, typeOf } from '../wallet/held-credential.ts'
import { createWallet } from '../wallet/wallet.ts'
import { type Report, reportTree } from './report-tree.ts'

type Presentation = {
  id: string
  status: string
  authorization_request: string
  report: Report
  credentials: Record<string, Credential[]> | null
}
type Credential = {
  issuer: { id: string; country: string }
  claims: Record<string, unknown>
  assurance: { proofing: string; authn: string; national: string | null }
  recognition: { id: string; recogniser: string; recognised: string; agreement: string } | null
}
type Problem = { code: string; detail: string }

const say = (text = '') => console.log(text)
const title = (n: number, text: string) => say(`\n${styleText(['bold', 'cyan'], `${n}. ${text}`)}`)
const quiet = (text: string) => say(styleText('gray', text))

/** A step that did not do what it says ends the demo, and with it the exit code is 1. */
function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`this step did not do what it says: ${what}`)
}

/**
 * The main journey, over HTTP, against a gateway that is started for it in a folder of its own: a
 * citizen of Viet Nam gets a credential, a bank in Singapore verifies it and is told why it may rely
 * on it, from an SD-JWT VC and from an mdoc; then three cases that must be refused are refused, each
 * with its reason.
 *
 * Throws when any step does not do what it says.
 */
export async function demo(): Promise<void> {
  const started = performance.now()
  const gateway = await startGateway()
  try {
    await journey(gateway.origin)
  } finally {
    await gateway.stop()
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  say(styleText('green', `\nEvery step did what it says, in ${seconds} s.`))
}

async function journey(origin: string): Promise<void> {
  const api = client(origin)
  const newWallet = () => createWallet({ fetch, random: systemRandom, now: () => new Date() })
  const { relying_parties } = await api.get<{
    relying_parties: { id: string; name: string; api_key: string }[]
  }>('/sandbox/relying-parties')
  const bank = relying_parties.find(({ id }) => id === 'bank-sg')
  const shop = relying_parties.find(({ id }) => id === 'shop-th')
  expect(bank !== undefined && shop !== undefined, 'the sandbox knows the bank and the shop')
  const { personas } = await api.get<{ personas: { id: string; issuer: string; name: string }[] }>(
    '/sandbox/personas',
  )
  const laotian = personas.find(({ issuer }) => issuer === 'la')
  expect(laotian !== undefined, 'the sandbox knows somebody in Lao PDR')

  /** A wallet that holds one person's credential, fresh from her national issuer. */
  async function citizen(persona: string, configuration = 'pid-sd-jwt') {
    const offer = await api.post<{ credential_offer_uri: string; tx_code: string }>(
      '/sandbox/offers',
      {
        issuer: persona.slice(0, 2),
        persona,
        credential_configuration_ids: [configuration],
        grant: 'pre-authorized_code',
        tx_code: true,
      },
    )
    const wallet = newWallet()
    const [held] = await wallet.accept(offer.credential_offer_uri, { txCode: offer.tx_code })
    expect(held !== undefined, `${persona} holds a credential`)
    return { wallet, held }
  }
  const kyc = {
    purpose: 'bank-kyc',
    ask: ['name', 'birthdate', 'nationalities', 'address.country'],
  }
  const start = (key: string, body: object) =>
    api.post<Presentation>('/v1/presentations', body, key)
  const result = (key: string, { id }: Presentation) =>
    api.get<Presentation>(`/v1/presentations/${id}`, key)

  title(1, 'Nguyễn Thị An gets a credential from her national issuer, Viet Nam')
  const an = await citizen('vn-nguyen-thi-an')
  say(
    `   issued by ${an.held.issuer} as ${typeOf(an.held)}, bound to a key that only her wallet has`,
  )
  quiet(`   ${shortened(an.held)}`)

  title(2, `${bank.name} in Singapore asks for what bank KYC needs, and for no more`)
  const asked = await start(bank.api_key, kyc)
  quiet(indent(renderUnicodeCompact(asked.authorization_request, { border: 1 })))
  say(`   or, on the same device: ${asked.authorization_request.slice(0, 66)}…`)

  title(3, 'Her wallet checks who asks, shows just that, and proves that it holds the key')
  const presented = await an.wallet.present(asked.authorization_request)
  expect(presented.status === 200, 'the gateway takes the answer')
  say(`   shown: ${kyc.ask.join(', ')}`)

  title(4, 'The bank reads the verdict, and why it may rely on it')
  const verified = await result(bank.api_key, asked)
  expect(verified.status === 'verified', 'the presentation is verified')
  const [pid] = verified.credentials?.['pid-sd-jwt'] ?? []
  expect(pid !== undefined && pid.claims.name === 'Nguyễn Thị An', 'the bank sees her name')
  say(indent(reportTree(verified.report)))
  say(`   claims       ${JSON.stringify(pid.claims)}`)
  say(
    `   assurance    proofing ${pid.assurance.proofing}, authentication ${pid.assurance.authn} (${pid.assurance.national})`,
  )
  say(
    `   recognition  ${pid.recognition?.recogniser} recognises ${pid.recognition?.recognised} under ${pid.recognition?.agreement}`,
  )

  title(5, 'The same from an mdoc (ISO/IEC 18013-5): the bank asks as before, and reads the same')
  const withMdoc = await citizen('vn-nguyen-thi-an', 'pid-mdoc')
  say(`   issued as ${typeOf(withMdoc.held)}`)
  quiet(`   ${shortened(withMdoc.held)}`)
  const askedMdoc = await start(bank.api_key, kyc)
  await withMdoc.wallet.present(askedMdoc.authorization_request)
  const verifiedMdoc = await result(bank.api_key, askedMdoc)
  const [mdoc] = verifiedMdoc.credentials?.['pid-mdoc'] ?? []
  expect(mdoc !== undefined && isDeepStrictEqual(mdoc.claims, pid.claims), 'it says the same')
  const passed = verifiedMdoc.report.checks.filter(({ outcome }) => outcome === 'pass')
  say(
    `   ${verifiedMdoc.status}: ${passed.length} checks of the same names passed, the same claims`,
  )

  title(6, `Refused: ${laotian.name} of Lao PDR at the same bank, whom no recognition covers`)
  const lao = await citizen(laotian.id)
  const askedLao = await start(bank.api_key, kyc)
  const answerLao = await lao.wallet.present(askedLao.authorization_request)
  expect(answerLao.status === 400, 'the wallet learns of the refusal at once')
  const refused = await result(bank.api_key, askedLao)
  expect(refused.status === 'refused' && !refused.credentials, 'it is refused, without claims')
  say(indent(reportTree(failures(refused.report))))

  title(7, 'Refused: the same presentation a second time')
  const replay = await fetch(String(presented.request.response_uri), {
    method: 'POST',
    body: new URLSearchParams(presented.form),
  })
  expect(replay.status === 400, 'the transaction has been judged once and for all')
  say('   the first answer was judged once and for all; a second one is turned away')

  title(8, `Refused before any wallet sees it: ${shop.name} wants a birth date to check an age`)
  const overAsking = await api.refused('/v1/presentations', shop.api_key, {
    purpose: 'age-check',
    ask: ['birthdate'],
  })
  expect(overAsking.code === 'purpose_exceeded', 'asking for more than the purpose is refused')
  say(`   ${styleText('red', overAsking.code)}: ${overAsking.detail}`)
}

const failures = ({ outcome, checks }: Report): Report => ({
  outcome,
  checks: checks.filter((check) => check.outcome === 'fail'),
})

/** A credential as it is handed out, too long to be shown. */
function shortened(held: HeldCredential): string {
  const text = held.format === 'mso_mdoc' ? held.issuerSigned : held.sdJwt
  return `${text.slice(0, 72)}… (${text.length} characters)`
}

const indent = (text: string) => text.replace(/^/gm, '   ')

function client(origin: string) {
  async function call(path: string, init: RequestInit, key?: string): Promise<Response> {
    const headers = {
      'content-type': 'application/json',
      ...(key && { authorization: `Bearer ${key}` }),
    }
    return await fetch(`${origin}${path}`, { ...init, headers })
  }
  async function json<T>(response: Response): Promise<T> {
    const body = (await response.json()) as T & Partial<Problem>
    expect(response.ok, `${response.url} answers ${response.status} ${body.detail ?? ''}`)
    return body
  }
  return {
    get: async <T>(path: string, key?: string) => json<T>(await call(path, {}, key)),
    post: async <T>(path: string, body: object, key?: string) =>
      json<T>(await call(path, { method: 'POST', body: JSON.stringify(body) }, key)),
    async refused(path: string, key: string, body: object): Promise<Problem> {
      const response = await call(path, { method: 'POST', body: JSON.stringify(body) }, key)
      expect(response.status >= 400 && response.status < 500, `${path} refuses`)
      return (await response.json()) as Problem
    },
  }
}

/** A gateway of our own: a process, a port and a folder that nobody else uses. */
async function startGateway(): Promise<{ origin: string; stop: () => Promise<void> }> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'gerbang-demo-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, '../node.ts')], {
    env: { ...inherited(), PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await ready(child)
  return {
    origin: `http://localhost:${port}`,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The environment without the variables that would make it another gateway than the demo's. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, NODE_COMPILE_CACHE }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => {
      if (text.includes('listening on')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the gateway did not start (exit code ${code})`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : 0))
    })
  })
}
