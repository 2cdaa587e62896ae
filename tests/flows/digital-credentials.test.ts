import { beforeAll, describe, expect, it } from 'vitest'
import { type JsonObject, parseJsonObject } from '../../src/credential/json.ts'
import { parseJws } from '../../src/credential/jws.ts'
import { parseJwsJson } from '../../src/credential/jws-json.ts'
import { verificationRecords } from '../../src/store/schema/presentation.ts'
import type { DigitalCredential } from '../../src/wallet/digital-credentials.ts'
import type { Wallet } from '../../src/wallet/wallet.ts'
import { type Presentation, type TestGateway, testGateway } from '../support/gateway.ts'
import { openPage, pageOrigin, protocols } from '../support/page.ts'

let gateway: TestGateway
let wallet: Wallet
/** With an mdoc alone. */
let holder: Wallet
beforeAll(async () => {
  gateway = await testGateway()
  wallet = await gateway.citizen('vn-nguyen-thi-an')
  holder = await gateway.citizen('vn-nguyen-thi-an', ['pid-mdoc'])
})

type Page = Awaited<ReturnType<typeof openPage>>
const dataOf = ({ request }: Page, protocol = '') =>
  request.digital.requests.find((each) => each.protocol === protocol)?.data ?? {}
const payloadOf = (jws: { payload: Uint8Array<ArrayBuffer> } | undefined) =>
  parseJsonObject(jws?.payload ?? '') ?? {}
const signedOf = (page: Page) => parseJws(String(dataOf(page, 'openid4vp-v1-signed').request))
const multiSignedOf = (page: Page) =>
  parseJwsJson(dataOf(page, 'openid4vp-v1-multisigned').request) ?? []
const present = async (page: Page, options: Parameters<Wallet['get']>[2] = {}) =>
  page.bring(await wallet.get(page.origin, page.request, options))

describe('a citizen shows her credential to a page (OpenID4VP 1.0 A, HAIP 1.0 5.2; HAIP-V08)', () => {
  it.each(protocols)('by %s', async (protocol) => {
    const page = await openPage(gateway)
    const { status, body, headers } = await present(page, { protocol })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      status: 'verified',
      report: { outcome: 'verified' },
      credentials: { 'pid-sd-jwt': [{ claims: { name: 'Nguyễn Thị An' } }] },
      receipt: expect.stringMatching(/^ey/),
      result_expires_at: gateway.now().getTime() / 1000 + 600,
    })
    expect(await page.read()).toEqual(body)
  })

  it.each(protocols)('as an mdoc, by %s (MDOC-V04)', async (protocol) => {
    const page = await openPage(gateway)
    const { request, origin } = page
    const { status, body } = await page.bring(await holder.get(origin, request, { protocol }))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'verified',
      credentials: {
        'pid-mdoc': [{ format: 'mso_mdoc', claims: { name: 'Nguyễn Thị An' } }],
      },
    })
    expect(checkOf(body, 'key_binding.audience')?.outcome).toBe('pass')
  })

  it('of whatever the first request is that the browser knows', async () => {
    const { request } = await openPage(gateway)
    const credential = await wallet.get(pageOrigin, request)
    expect(credential.protocol).toBe('openid4vp-v1-signed')
    const unknown = { protocol: 'org-iso-mdoc', data: {} }
    const [, , unsigned] = request.digital.requests
    const requests = unsigned ? [unknown, unsigned] : []
    const other = await wallet.get(pageOrigin, { digital: { requests } })
    expect(other.protocol).toBe('openid4vp-v1-unsigned')
  })

  it('known to it by a host name', async () => {
    const page = await openPage(gateway, { client_id_prefix: 'x509_san_dns' })
    expect(payloadOf(signedOf(page)).client_id).toBe('x509_san_dns:localhost')
    expect(await present(page)).toMatchObject({ status: 200, body: { status: 'verified' } })
  })

  it('and authorises a payment with it', async () => {
    const document = {
      type: 'urn:gerbang:document:1',
      credential_ids: ['pid-sd-jwt'],
      name: 'Contract',
      sha256: 'a'.repeat(43),
    }
    const page = await openPage(gateway, { transaction_data: [document] })
    const { body } = await present(page)
    expect(body.status).toBe('verified')
    expect(receiptOf(body.receipt)).toMatchObject({
      transaction_data_hashes: [expect.stringMatching(/^[\w-]{43}$/)],
    })
  })

  it('the receipt says for which page the proof was made', async () => {
    const { body } = await present(await openPage(gateway))
    expect(receiptOf(body.receipt)).toMatchObject({
      outcome: 'verified',
      audience: `origin:${pageOrigin}`,
      challenge_by: 'gateway',
    })
  })

  it('it is recorded like every other verification', async () => {
    const before = await records()
    await present(await openPage(gateway))
    const [record, ...others] = (await records()).slice(before.length)
    expect(others).toEqual([])
    expect(record).toMatchObject({ outcome: 'verified', purpose: 'bank-kyc', issuerCountry: 'VN' })
  })
})

const checkOf = ({ report }: Pick<Presentation, 'report'>, check: string) =>
  report?.checks.find(({ id }) => id === check)
const receiptOf = (receipt: string | null) => payloadOf(parseJws(receipt ?? ''))
const records = () => gateway.database.orm.select().from(verificationRecords)

describe('what the page gives to the browser', () => {
  let page: Page
  beforeAll(async () => {
    page = await openPage(gateway)
  })

  it('asks the same in all three forms, with one nonce and one key (HAIP-V04)', async () => {
    const unsigned = dataOf(page, 'openid4vp-v1-unsigned')
    expect(unsigned).toEqual({
      response_type: 'vp_token',
      response_mode: 'dc_api.jwt',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      dcql_query: expect.objectContaining({ credentials: expect.any(Array) }),
      client_metadata: expect.objectContaining({
        jwks: { keys: [expect.objectContaining({ kty: 'EC', use: 'enc', alg: 'ECDH-ES' })] },
        encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
      }),
    })
    for (const signed of [signedOf(page), ...multiSignedOf(page)]) {
      expect(payloadOf(signed)).toMatchObject(unsigned)
    }
  })

  it('says who asks and from which origin, signed (VP-V23)', () => {
    const jws = signedOf(page)
    const payload = payloadOf(jws)
    expect(jws?.header).toMatchObject({ alg: 'ES256', typ: 'oauth-authz-req+jwt' })
    expect(payload).toMatchObject({
      client_id: expect.stringMatching(/^x509_hash:[\w-]{43}$/),
      expected_origins: [pageOrigin],
      aud: 'https://self-issued.me/v2',
      exp: gateway.now().getTime() / 1000 + 300,
      verifier_info: [{ format: 'registration_cert', data: expect.any(String) }],
    })
    for (const name of ['state', 'response_uri', 'redirect_uri', 'request_uri']) {
      expect(payload).not.toHaveProperty(name)
    }
  })

  it('is signed under each name, which stands with its signature alone (A.3.2.2)', () => {
    const signatures = multiSignedOf(page)
    expect(signatures.map(({ header }) => header.client_id)).toEqual([
      payloadOf(signedOf(page)).client_id,
      'x509_san_dns:localhost',
    ])
    for (const { header } of signatures) {
      expect(header).toMatchObject({
        typ: 'oauth-authz-req+jwt',
        x5c: signedOf(page)?.header.x5c,
        verifier_info: [{ format: 'registration_cert', data: expect.any(String) }],
      })
    }
    const payload = payloadOf(signatures[0])
    expect(payload).toMatchObject({ expected_origins: [pageOrigin] })
    for (const name of ['client_id', 'iss', 'verifier_info'])
      expect(payload).not.toHaveProperty(name)
  })

  it('says nothing of who asks where nobody signs (VP-V23)', () => {
    const unsigned = dataOf(page, 'openid4vp-v1-unsigned')
    for (const name of ['client_id', 'expected_origins', 'verifier_info', 'state']) {
      expect(unsigned).not.toHaveProperty(name)
    }
  })

  it('is another nonce and another key for each page', async () => {
    const [one, other] = await Promise.all([openPage(gateway), openPage(gateway)])
    const [a, b] = [one, other].map((each) => dataOf(each, 'openid4vp-v1-unsigned'))
    expect(a?.nonce).not.toBe(b?.nonce)
    expect(a?.client_metadata).not.toEqual(b?.client_metadata)
  })
})

describe('what the browser gave is taken', () => {
  it('as JSON.stringify writes it, with members of later versions', async () => {
    const page = await openPage(gateway)
    const credential = await wallet.get(page.origin, page.request)
    const written = { id: '', type: 'digital', ...credential, authenticatorAttachment: null }
    expect((await page.bring(JSON.stringify(written))).body.status).toBe('verified')
  })

  it('with data in a string, as browsers gave it before', async () => {
    const page = await openPage(gateway)
    const { protocol, data } = await wallet.get(page.origin, page.request)
    const brought = await page.bring({ protocol, data: JSON.stringify(data) })
    expect(brought.body.status).toBe('verified')
  })

  it.each(['A128GCM', 'A256GCM'])('encrypted with %s (HAIP-V03)', async (enc) => {
    const page = await openPage(gateway)
    expect((await present(page, { lies: { enc } })).body.status).toBe('verified')
  })
})

describe('a wallet says no', () => {
  it.each([
    ['in the open, as the standard has it (A.4)', { error: 'access_denied' }],
    ['encrypted', { parameters: () => ({ error: 'access_denied' }) }],
  ])('%s', async (_, lies) => {
    const page = await openPage(gateway)
    const { status, body } = await present(page, { lies })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'denied',
      credentials: null,
      receipt: null,
      report: { outcome: 'denied', checks: [{ id: 'response.error', outcome: 'fail' }] },
    })
    expect(body.report?.checks[0]?.detail).toContain('access_denied')
    expect(await page.read()).toEqual(body)
  })

  it('in words of its own, which are not repeated', async () => {
    const page = await openPage(gateway)
    const { body } = await present(page, { lies: { error: 'the person is a minor' } })
    expect(body.status).toBe('denied')
    expect(JSON.stringify(body)).not.toContain('minor')
  })

  it('and a browser without a wallet that can answer leaves the transaction open', async () => {
    const page = await openPage(gateway)
    const empty = gateway.newWallet()
    await expect(empty.get(page.origin, page.request)).rejects.toMatchObject({
      name: 'NotAllowedError',
    })
    expect((await page.read()).status).toBe('requested')
    expect((await present(page)).body.status).toBe('verified')
  })
})

describe('what cannot be tied to the transaction leaves it open', () => {
  const anything = { protocol: 'openid4vp-v1-signed', data: { response: 'e30.e30' } }

  it.each<[string, (honest: DigitalCredential) => unknown, number, string]>([
    ['nothing', () => ({}), 400, 'malformed_request'],
    ['no JSON', () => '{', 400, 'malformed_request'],
    ['data that is no object', (honest) => ({ ...honest, data: [] }), 400, 'malformed_request'],
    ['data that is text', (honest) => ({ ...honest, data: 'x' }), 400, 'malformed_request'],
    ['no protocol', ({ data }) => ({ data }), 400, 'malformed_request'],
    [
      'another protocol',
      (honest) => ({ ...honest, protocol: 'org-iso-mdoc' }),
      400,
      'response_unusable',
    ],
    ['what is not encrypted', () => anything, 400, 'response_unusable'],
    ['no response', (honest) => ({ ...honest, data: {} }), 400, 'response_unusable'],
    [
      'a response that is no text',
      (honest) => ({ ...honest, data: { response: {} } }),
      400,
      'response_unusable',
    ],
    [
      'a response and an error',
      (honest) => ({ ...honest, data: { ...honest.data, error: 'access_denied' } }),
      400,
      'response_unusable',
    ],
    ['too much', () => ({ ...anything, data: 'x'.repeat(2 ** 20) }), 413, 'payload_too_large'],
  ])('%s', async (_, change, status, code) => {
    const page = await openPage(gateway)
    const honest = await wallet.get(page.origin, page.request)
    expect(await page.bring(change(honest))).toMatchObject({ status, body: { code } })
    expect((await page.read()).status).toBe('requested')
    expect((await page.bring(honest)).body.status).toBe('verified')
  })
})

describe('a transaction in the browser ends as others do', () => {
  it('forgotten, with what it asked', async () => {
    const page = await openPage(gateway)
    const credential = await wallet.get(page.origin, page.request)
    const init = { method: 'DELETE', headers: { authorization: `Bearer ${page.key}` } }
    expect((await gateway.call(`/v1/presentations/${page.id}`, init)).status).toBe(204)
    expect(await page.bring(credential)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('told to who listens', async () => {
    const page = await openPage(gateway)
    await present(page)
    const { body } = await gateway.call<string>(`/v1/presentations/${page.id}/events`, {
      headers: { authorization: `Bearer ${page.key}` },
    })
    const data: JsonObject = { id: page.id, status: 'verified' }
    expect(body).toBe(`event: status\ndata: ${JSON.stringify(data)}\n\n`)
  })

  it('for its own relying party alone', async () => {
    const page = await openPage(gateway)
    const credential = await wallet.get(page.origin, page.request)
    const other = await gateway.keyOf('telco-my')
    expect(await page.bring(credential, other)).toMatchObject({ status: 404 })
    expect(await page.bring(credential, '')).toMatchObject({ status: 401 })
    expect((await page.read()).status).toBe('requested')
  })

  it('with no response code to be had', async () => {
    const page = await openPage(gateway)
    await present(page)
    const read = await gateway.get(`/v1/presentations/${page.id}?response_code=x`, page.key)
    expect(read).toMatchObject({ status: 400, body: { code: 'response_code_wrong' } })
    expect((await page.read()).status).toBe('verified')
  })

  it('expired', async () => {
    const page = await openPage(gateway, { expires_in: 60 })
    const credential = await wallet.get(page.origin, page.request)
    gateway.advance(60)
    expect(await page.bring(credential)).toMatchObject({
      status: 410,
      body: { code: 'transaction_expired' },
    })
    expect((await page.read()).status).toBe('expired')
  })

  it('with its claims gone after ten minutes', async () => {
    const page = await openPage(gateway)
    const { body } = await page.bring(await wallet.get(page.origin, page.request))
    gateway.advance(599)
    expect(await page.read()).toEqual(body)
    gateway.advance(1)
    expect(await page.read()).toEqual({ ...body, credentials: null })
  })
})

// Last: there is one database, and a gateway begins with an empty one.
it('a page of a trusted origin may bring it by itself', async () => {
  const open = await testGateway({ TRUSTED_ORIGINS: pageOrigin })
  const page = await openPage(open)
  const preflight = await open.call(`/v1/presentations/${page.id}/response`, {
    method: 'OPTIONS',
    headers: {
      origin: pageOrigin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-origin')).toBe(pageOrigin)
})
