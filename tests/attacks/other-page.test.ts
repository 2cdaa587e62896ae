import { beforeAll, describe, expect, it } from 'vitest'
import { parseJsonObject } from '../../src/credential/json.ts'
import { parseJws } from '../../src/credential/jws.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import type { Wallet } from '../../src/wallet/wallet.ts'
import { failed, type TestGateway, testGateway } from '../support/gateway.ts'
import { attackPage, openPage, protocols } from '../support/page.ts'

// Over the Digital Credentials API (OpenID4VP 1.0 A) an answer belongs to one page of one transaction.

let gateway: TestGateway
let wallet: Wallet
/** With an mdoc alone. */
let holder: Wallet
beforeAll(async () => {
  gateway = await testGateway()
  wallet = await gateway.citizen('vn-nguyen-thi-an')
  holder = await gateway.citizen('vn-nguyen-thi-an', ['pid-mdoc'])
})

const evil = 'https://evil.example'
type Page = Awaited<ReturnType<typeof openPage>>

function clientIdOf({ request }: Page): string {
  const jws = parseJws(String(request.digital.requests[0]?.data.request))
  return String(parseJsonObject(jws?.payload ?? '')?.client_id)
}

describe('a proof that was made for somebody else is refused (VP-N01, VP-V20)', () => {
  it.each<[string, Lies]>([
    ['another page', { origin: evil }],
    ['a page of another port', { origin: 'http://localhost:3001' }],
    ['the same page over https', { origin: 'https://localhost:3000' }],
    ['the origin without its prefix', { audience: (aud) => aud.replace('origin:', '') }],
    ['the origin with a path', { audience: (aud) => `${aud}/` }],
    ['the origin in capitals', { audience: (aud) => aud.toUpperCase() }],
    ['the gateway', { audience: 'origin:http://localhost:8787' }],
    ['nobody', { audience: '' }],
  ])('%s', async (_, lies) => {
    const { status, body, result } = await attackPage(gateway, lies)
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(body)).toEqual(['key_binding.audience'])
    expect(result).toEqual(body)
  })

  it('the client_id that signed the request', async () => {
    const page = await openPage(gateway)
    const lies = { audience: clientIdOf(page) }
    const { body } = await page.bring(await wallet.get(page.origin, page.request, { lies }))
    expect(body.status).toBe('refused')
    expect(failed(body)).toEqual(['key_binding.audience'])
  })
})

describe('an mdoc whose device signed for something else is refused (MDOC-N01, MDOC-V04)', () => {
  it.each<[string, Lies]>([
    ['another page', { origin: evil }],
    ['the origin with its prefix', { origin: 'origin:http://localhost:3000' }],
    ['another nonce', { nonce: 'another' }],
    ['another key than it was encrypted to', { jwkThumbprint: 'other' }],
    ['an answer in the open', { jwkThumbprint: null }],
    ['a link', { handover: 'redirect' }],
    ['a page, as draft 24 had it', { handover: 'dc-api-draft-24' }],
    ['a reader, as ISO/IEC TS 18013-7 has it', { handover: 'iso-18013-7' }],
  ])('%s', async (_, lies) => {
    const page = await openPage(gateway)
    const honest = await page.bring(await holder.get(page.origin, page.request))
    expect(honest.body.status).toBe('verified')
    const other = await openPage(gateway)
    const { body } = await other.bring(await holder.get(other.origin, other.request, { lies }))
    expect(body).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(body)).toEqual(['key_binding.signature'])
  })

  it('a page, at a link', async () => {
    const link = await gateway.ask()
    const lies: Lies = { handover: 'dc-api' }
    await holder.present(link.authorization_request, { lies })
    expect(failed(await link.read())).toEqual(['key_binding.signature'])
  })
})

describe('a request that another page passes on gives it nothing', () => {
  it.each(['openid4vp-v1-signed', 'openid4vp-v1-multisigned'])(
    'by %s an honest wallet says so, for it is told the origins (VP-V23)',
    async (protocol) => {
      const page = await openPage(gateway)
      const credential = await wallet.get(evil, page.request, { protocol })
      expect(credential).toEqual({ protocol, data: { error: 'invalid_request' } })
    },
  )

  it.each(protocols)(
    'by %s the proof that a wallet makes all the same is refused',
    async (protocol) => {
      const page = await openPage(gateway)
      const lies: Lies = { ignoreExpectedOrigins: true }
      const credential = await wallet.get(evil, page.request, { protocol, lies })
      const { body } = await page.bring(credential)
      expect(body.status).toBe('refused')
      expect(failed(body)).toEqual(['key_binding.audience'])
    },
  )
})

describe('an answer from elsewhere is none to this page', () => {
  it('of another transaction of the same page: it does not open (VP-N02, HAIP-N04)', async () => {
    const [one, other] = [await openPage(gateway), await openPage(gateway)]
    const credential = await wallet.get(one.origin, one.request)
    const misplaced = await other.bring(credential)
    expect(misplaced).toMatchObject({ status: 400, body: { code: 'response_unusable' } })
    expect((await other.read()).status).toBe('requested')
    expect((await one.bring(credential)).body.status).toBe('verified')
  })

  it('of another relying party: it does not open, nor is it theirs to bring', async () => {
    const bank = await openPage(gateway)
    const telco = await openPage(gateway, {
      relyingParty: 'telco-my',
      purpose: 'sim-registration',
      ask: ['name'],
    })
    const credential = await wallet.get(telco.origin, telco.request)
    expect(await bank.bring(credential)).toMatchObject({
      status: 400,
      body: { code: 'response_unusable' },
    })
    expect(await telco.bring(credential, bank.key)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
  })

  it('recorded, and encrypted anew for this one (VP-N02)', async () => {
    const one = await openPage(gateway)
    let shown: string[] = []
    const remember = (vpToken: Record<string, string[]>) => {
      shown = Object.values(vpToken).flat()
      return vpToken
    }
    await wallet.get(one.origin, one.request, { lies: { vpToken: remember } })
    const other = await openPage(gateway)
    const lies = { presentations: shown }
    const { body } = await other.bring(await wallet.get(other.origin, other.request, { lies }))
    expect(body.status).toBe('refused')
    expect(failed(body)).toEqual(['key_binding.nonce'])
  })

  it('encrypted to another key under our name for it', async () => {
    const { status, body, result } = await attackPage(gateway, { encryptTo: 'other' })
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'response_unusable' })
    expect(result.status).toBe('requested')
  })

  it('in the open, as for dc_api (HAIP-N04)', async () => {
    const { status, body, result } = await attackPage(gateway, { plaintext: true })
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'response_unusable' })
    expect(result.status).toBe('requested')
  })
})

describe('a page and a link do not take each other’s answers', () => {
  it('what a wallet would post at a link, brought for the link', async () => {
    const link = await gateway.ask()
    let form: Record<string, string> = {}
    const keepBack = (honest: Record<string, string>) => {
      form = honest
      return {}
    }
    await wallet.present(link.authorization_request, { lies: { form: keepBack } })
    const credential = { protocol: protocols[0], data: { response: form.response } }
    const path = `/v1/presentations/${link.id}/response`
    expect(await gateway.post(path, credential, link.key)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
    expect((await link.read()).status).toBe('retrieved')
  })

  it('what a browser gave, posted at a link', async () => {
    const page = await openPage(gateway)
    const { data } = await wallet.get(page.origin, page.request)
    const link = await gateway.ask()
    const lies = { form: () => ({ response: String(data.response) }) }
    expect(await wallet.present(link.authorization_request, { lies })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    expect((await link.read()).status).toBe('retrieved')
    expect((await page.read()).status).toBe('requested')
  })

  it('a proof for the page, shown at a link, and the reverse', async () => {
    const link = await gateway.ask()
    const forPage = { audience: 'origin:http://localhost:3000' }
    await wallet.present(link.authorization_request, { lies: forPage })
    expect(failed(await link.read())).toEqual(['key_binding.audience'])
    const page = await openPage(gateway)
    const lies = { audience: clientIdOf(page) }
    const { body } = await page.bring(await wallet.get(page.origin, page.request, { lies }))
    expect(failed(body)).toEqual(['key_binding.audience'])
  })

  it('a transaction of a page has nothing at an address of wallets', async () => {
    const { id } = await openPage(gateway)
    const handle = id.replace('0t_', '0r_')
    for (const path of ['request', 'qr.svg']) {
      for (const name of [id, handle, 'null']) {
        expect((await gateway.get(`/presentations/${name}/${path}`)).status).toBe(404)
      }
    }
    const form = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'error=access_denied',
    }
    for (const path of ['request', 'response']) {
      expect((await gateway.call(`/presentations/${handle}/${path}`, form)).status).toBe(404)
    }
  })
})

describe('of many answers one counts (VER-25)', () => {
  it('at once', async () => {
    const page = await openPage(gateway)
    const credential = await wallet.get(page.origin, page.request)
    const all = await Promise.all(Array.from({ length: 20 }, () => page.bring(credential)))
    const statuses = all.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(19)
  })

  it.each(['another protocol', 'a refusal', 'a denial'])('and none after it: %s', async (first) => {
    const page = await openPage(gateway)
    const again = await wallet.get(page.origin, page.request)
    const options = {
      'another protocol': { protocol: 'openid4vp-v1-unsigned' },
      'a refusal': { lies: { nonce: 'another' } },
      'a denial': { lies: { error: 'access_denied' } },
    }[first]
    const { body } = await page.bring(await wallet.get(page.origin, page.request, options))
    expect(await page.bring(again)).toMatchObject({
      status: 409,
      body: { code: 'already_answered' },
    })
    expect(await page.read()).toEqual(body)
  })
})

it.each<[string, Lies, string]>([
  ['a forged issuer (SDJ-N02)', { tamperIssuerSignature: true }, 'credential.signature'],
  ['a stolen credential (SDJ-N13)', { holderKey: 'other' }, 'key_binding.signature'],
  ['no proof at all', { dropKeyBinding: true }, 'key_binding.present'],
  ['an altered claim', { alterDisclosure: true }, 'credential.disclosures'],
])('what is refused at a link is refused from a page: %s', async (_, lies, check) => {
  const { status, body } = await attackPage(gateway, lies)
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(body)).toContain(check)
})
