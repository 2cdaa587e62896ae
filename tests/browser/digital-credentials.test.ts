import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest'
import { systemRandom } from '../../src/platform/random.ts'
import type { DigitalCredentialOptions } from '../../src/wallet/digital-credentials.ts'
import { createWallet, type Wallet } from '../../src/wallet/wallet.ts'
import { protocols } from '../support/page.ts'
import { freePort, type Run, ready, runGateway, temporaryFolder } from '../support/process.ts'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

/** The lines that a relying party writes, as the README has them. */
const html = `<!doctype html><title>Bank</title><button>Show who you are</button><output></output><script>
const answer = document.querySelector('output')
document.querySelector('button').onclick = async () => {
  try {
    const { id, digital_credential_request } = await (await fetch('/start', { method: 'POST' })).json()
    const credential = await navigator.credentials.get(digital_credential_request)
    const body = JSON.stringify(credential)
    const verdict = await (await fetch('/finish/' + id, { method: 'POST', body })).json()
    answer.textContent = verdict.status
  } catch (error) {
    answer.textContent = error.name
  }
}
</script>`

type Started = { id: string; digital_credential_request: DigitalCredentialOptions }

describe.skipIf(!existsSync(executablePath))(
  'a page asks by the Digital Credentials API, in Chromium',
  { timeout: 60_000 },
  () => {
    const folder = temporaryFolder()
    let [port, bankPort] = [0, 0]
    let gateway: Run
    let bank: Server
    let browser: Browser
    let wallet: Wallet
    let page: Page
    /** What happens between the page's request and its use of it. */
    let onStart: (started: Started) => Promise<unknown>
    let id: string
    let key: string

    const call = async <T>(path: string, body?: unknown): Promise<T> => {
      const response = await fetch(`http://localhost:${port}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      return (await response.json()) as T
    }
    const read = () => call<{ status: string; report: unknown }>(`/v1/presentations/${id}`)
    const pageOrigin = () => `http://localhost:${bankPort}`

    /** The backend of the bank: it alone has the API key. */
    async function backend(request: IncomingMessage): Promise<unknown> {
      if (request.url === '/start') {
        const started = await call<Started>('/v1/presentations', {
          ...{ purpose: 'bank-kyc', ask: ['name', 'birthdate'] },
          ...{ flow: 'dc_api', origin: pageOrigin() },
        })
        id = started.id
        await onStart(started)
        return started
      }
      const [, presentation] = request.url?.split('/finish/') ?? []
      return call(`/v1/presentations/${presentation}/response`, await text(request))
    }

    beforeAll(async () => {
      ;[port, bankPort] = [await freePort(), await freePort()]
      gateway = await ready(runGateway({ PORT: String(port), DATA_DIR: folder.path }))
      bank = createServer(async (request, response) => {
        const isPage = request.method === 'GET'
        response.setHeader('content-type', isPage ? 'text/html' : 'application/json')
        response.end(isPage ? html : JSON.stringify(await backend(request)))
      }).listen(bankPort)
      browser = await chromium.launch({ executablePath, args })
      type Parties = { relying_parties: { id: string; api_key: string }[] }
      const { relying_parties } = await call<Parties>('/sandbox/relying-parties')
      key = relying_parties.find((party) => party.id === 'bank-sg')?.api_key ?? ''
      wallet = createWallet({ fetch, random: systemRandom, now: () => new Date() })
      const offer = await call<{ credential_offer_uri: string }>('/sandbox/offers', {
        ...{ issuer: 'vn', persona: 'vn-nguyen-thi-an', grant: 'pre-authorized_code' },
        ...{ credential_configuration_ids: ['pid-sd-jwt'], tx_code: false },
      })
      await wallet.accept(offer.credential_offer_uri)
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      bank?.close()
      gateway?.child.kill('SIGKILL')
      await gateway?.ended
      folder.remove()
    })
    beforeEach(async () => {
      page = await browser.newPage()
      onStart = async () => undefined
    })

    async function click(): Promise<string> {
      await page.goto(pageOrigin())
      await page.getByRole('button').click()
      await page.locator('output:not(:empty)').waitFor()
      return (await page.locator('output').textContent()) ?? ''
    }

    /** The wallet that Chromium has for tests, which does what it is told. */
    async function virtualWallet({ skip }: Pick<TestContext, 'skip'>) {
      const session = await page.context().newCDPSession(page)
      const command = 'DigitalCredentials.setVirtualWalletBehavior' as 'Page.enable'
      const behave = (behavior: object) => session.send(command, behavior as never)
      await behave({ action: 'clear' }).catch(() => skip('this Chromium has no virtual wallet'))
      return behave
    }

    it.for(protocols)('of the browser itself, and is answered by %s', async (protocol, context) => {
      const behave = await virtualWallet(context)
      onStart = async ({ digital_credential_request: request }) => {
        const { data } = await wallet.get(pageOrigin(), request, { protocol })
        await behave({ action: 'respond', protocol, response: data })
      }
      expect(await click()).toBe('verified')
      expect(await read()).toMatchObject({ status: 'verified' })
    })

    it('and hears an error of the wallet as an answer (OpenID4VP 1.0 A.4)', async (context) => {
      const behave = await virtualWallet(context)
      const protocol = 'openid4vp-v1-signed'
      await behave({ action: 'respond', protocol, response: { error: 'access_denied' } })
      expect(await click()).toBe('denied')
      expect(await read()).toMatchObject({ status: 'denied' })
    })

    it('and may ask again where the person closed the dialogue', async (context) => {
      const behave = await virtualWallet(context)
      await behave({ action: 'decline' })
      expect(await click()).toBe('NotAllowedError')
      expect(await read()).toMatchObject({ status: 'requested', report: null })
    })

    it('of a stand-in, to which the browser says the origin', async () => {
      await page.exposeFunction('walletGet', (origin: string, options: DigitalCredentialOptions) =>
        wallet.get(origin, options),
      )
      await page.addInitScript(
        `navigator.credentials.get = (options) => walletGet(location.origin, options)`,
      )
      expect(await click()).toBe('verified')
    })
  },
)
