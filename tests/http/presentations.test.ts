import { beforeEach, describe, expect, it } from 'vitest'
import { parseJsonObject } from '../../src/credential/json.ts'
import { parseJws } from '../../src/credential/jws.ts'
import type { DcqlQuery } from '../../src/presentation/dcql.ts'
import type { DigitalCredentialOptions } from '../../src/wallet/digital-credentials.ts'
import { isSignedBy } from '../support/is-signed-by.ts'
import { kyc, origin, start, verifier } from '../support/presentation.ts'

let gateway: Awaited<ReturnType<typeof verifier>>
beforeEach(async () => {
  gateway = await verifier()
})

const seconds = Math.floor(start.getTime() / 1000)
const document = {
  type: 'urn:gerbang:document:1',
  credential_ids: ['pid-sd-jwt'],
  name: 'Contract',
  sha256: 'a'.repeat(43),
}
const inBrowser = { flow: 'dc_api', origin: 'http://localhost:3000' }
const callback = 'http://localhost:3000/back'
const pid = { format: 'dc+sd-jwt', meta: { vct_values: ['urn:gerbang:pid:1'] } }

describe('a relying party starts a transaction', () => {
  it('and is told where it is, and what to show', async () => {
    const { status, headers, body } = await gateway.ask()
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(/^0t_[\w-]{43}$/),
      status: 'requested',
      authorization_request: expect.stringMatching(/^openid4vp:\/\/\?client_id=x509_hash%3A/),
      qr_svg_url: expect.stringMatching(
        /^http:\/\/localhost:8787\/presentations\/0r_[\w-]{43}\/qr\.svg$/,
      ),
      expires_at: seconds + 300,
    })
    expect(headers.get('location')).toBe(`/v1/presentations/${body.id}`)
    expect(JSON.stringify([body.authorization_request, body.qr_svg_url])).not.toContain(body.id)
  })

  it('in the browser, and is told what to give to it', async () => {
    const { status, headers, body } = await gateway.ask({ ...kyc, ...inBrowser })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(/^0t_[\w-]{43}$/),
      status: 'requested',
      digital_credential_request: {
        digital: {
          requests: [
            { protocol: 'openid4vp-v1-signed', data: { request: expect.any(String) } },
            { protocol: 'openid4vp-v1-multisigned', data: { request: expect.any(Object) } },
            { protocol: 'openid4vp-v1-unsigned', data: expect.any(Object) },
          ],
        },
      },
      expires_at: seconds + 300,
    })
    expect(headers.get('location')).toBe(`/v1/presentations/${body.id}`)
    expect(JSON.stringify(body.digital_credential_request)).not.toContain(body.id)
  })

  it.each<[string, object]>([
    ['with a query of its own', { dcql_query: { credentials: [{ id: 'a', ...pid }] } }],
    ['of some states', { ask: ['name'], issuers: ['vn', 'SG'] }],
    [
      'in a format that we have, said twice',
      { ask: ['name'], formats: ['dc+sd-jwt', 'dc+sd-jwt'] },
    ],
    ['for as long as may be', { ask: ['name'], expires_in: 600 }],
    [
      'on the same device',
      { ask: ['name'], flow: 'same_device', redirect_uri: 'http://localhost:3000/back' },
    ],
    ['with a document to sign', { ask: ['name'], transaction_data: [document] }],
    ['in the browser, to go back later', { ask: ['name'], ...inBrowser, redirect_uri: callback }],
    [
      'in the browser, known by a host name, which is ours and not that of the page',
      {
        ask: ['name'],
        ...{ flow: 'dc_api', origin: 'http://127.0.0.1:3000' },
        client_id_prefix: 'x509_san_dns',
      },
    ],
    ['known by a host name', { ask: ['name'], client_id_prefix: 'x509_san_dns' }],
    ['known by nothing but its address', { ask: ['name'], client_id_prefix: 'redirect_uri' }],
    [
      'for cross_device, x509_hash, by GET',
      {
        ask: ['name'],
        flow: 'cross_device',
        client_id_prefix: 'x509_hash',
        request_uri_method: 'get',
      },
    ],
    ['with another app to open', { ask: ['name'], authorization_endpoint: 'https://w.example/a' }],
  ])('%s', async (_, body) => {
    expect(await gateway.ask({ purpose: 'bank-kyc', ...body })).toMatchObject({ status: 201 })
  })
})

it('what is to be authorised is asked of SD-JWT VCs alone, and otherwise either format will do', async () => {
  const idsFor = async (body: object) => {
    const started = await gateway.ask({ purpose: 'bank-kyc', ask: ['name'], ...inBrowser, ...body })
    const { digital } = started.body.digital_credential_request as DigitalCredentialOptions
    const query = digital.requests.at(-1)?.data.dcql_query as DcqlQuery | undefined
    return query?.credentials.map(({ id }) => id)
  }
  expect(await idsFor({})).toEqual(['pid-sd-jwt', 'pid-mdoc'])
  expect(await idsFor({ transaction_data: [document] })).toEqual(['pid-sd-jwt'])
})

describe('a transaction is not started', () => {
  const query = (...credentials: object[]) => ({ dcql_query: { credentials } })

  it.each<[string, object, number, string]>([
    ['without purpose', { purpose: undefined, ask: ['name'] }, 400, 'malformed_request'],
    ['for a purpose that is none', { purpose: 'A B', ask: ['name'] }, 400, 'malformed_request'],
    [
      'for a purpose of others',
      { purpose: 'age-check', ask: ['name'] },
      403,
      'purpose_not_registered',
    ],
    [
      'for a purpose that is not there',
      { purpose: 'marketing', ask: ['name'] },
      403,
      'purpose_not_registered',
    ],
    ['for more than the purpose', { ask: ['name', 'sex'] }, 403, 'purpose_exceeded'],
    ['for what nobody may ask', { ask: ['religion'] }, 403, 'purpose_exceeded'],
    [
      'for another type than the purpose',
      { ask: [{ type: 'age', claims: ['age_over_18'] }] },
      403,
      'purpose_exceeded',
    ],
    [
      'for another type, and no claims of it',
      query({ id: 'a', ...pid, meta: { vct_values: ['urn:other'] } }),
      403,
      'purpose_exceeded',
    ],
    [
      'for more in a claim set that would never be needed',
      query({
        id: 'a',
        ...pid,
        claims: [
          { id: 'n', path: ['name'] },
          { id: 's', path: ['sex'] },
        ],
        claim_sets: [['n'], ['s']],
      }),
      403,
      'purpose_exceeded',
    ],
    ['without query and ask', {}, 400, 'query_invalid'],
    ['with query and ask', { ask: ['name'], ...query({ id: 'a', ...pid }) }, 400, 'query_invalid'],
    ['with a query that is none', { dcql_query: [] }, 400, 'query_invalid'],
    ['with an ask that is none', { ask: [{ type: 'no', claims: ['x'] }] }, 400, 'query_invalid'],
    [
      'of states, with a query of its own',
      { issuers: ['vn'], ...query({ id: 'a', ...pid }) },
      400,
      'query_invalid',
    ],
    ['of a state that is not there', { ask: ['name'], issuers: ['fr'] }, 400, 'query_invalid'],
    [
      'on the same device, with nowhere to go back to',
      { ask: ['name'], flow: 'same_device' },
      400,
      'malformed_request',
    ],
    ['in a flow that nobody knows', { ask: ['name'], flow: 'fax' }, 400, 'malformed_request'],
    ['in the browser, on no page', { ask: ['name'], flow: 'dc_api' }, 400, 'malformed_request'],
    ...[
      'https://bank.example',
      'http://localhost:3000/',
      'HTTP://localhost:3000',
      'http://localhost:80',
      'null',
      'com.bank:/done',
      'localhost',
    ].map((origin): [string, object, number, string] => [
      `in the browser, on a page of ${origin}`,
      { ask: ['name'], flow: 'dc_api', origin },
      400,
      'redirect_uri_not_registered',
    ]),
    ...[
      { request_uri_method: 'get' },
      { authorization_endpoint: 'openid4vp://' },
      { client_id_prefix: 'redirect_uri' },
    ].map((option): [string, object, number, string] => [
      `in the browser, with ${Object.keys(option)}`,
      { ask: ['name'], flow: 'dc_api', origin: 'http://localhost:3000', ...option },
      400,
      'option_unavailable',
    ]),
    [
      'in the browser, to go back to somewhere else',
      {
        ask: ['name'],
        flow: 'dc_api',
        origin: 'http://localhost:3000',
        redirect_uri: 'https://evil.example/',
      },
      400,
      'redirect_uri_not_registered',
    ],
    [
      'with transactions that are none',
      { ask: ['name'], transaction_data: [] },
      400,
      'transaction_data_invalid',
    ],
    [
      'with a transaction for a credential that is not asked for',
      { ask: ['name'], transaction_data: [{ ...document, credential_ids: ['age-sd-jwt'] }] },
      400,
      'transaction_data_invalid',
    ],
    [
      'with a transaction that an mdoc would have to authorise',
      {
        ask: ['name'],
        formats: ['mso_mdoc'],
        transaction_data: [{ ...document, credential_ids: ['pid-mdoc'] }],
      },
      400,
      'transaction_data_invalid',
    ],
    [
      'under a prefix that we do not have',
      { ask: ['name'], client_id_prefix: 'verifier_attestation' },
      400,
      'option_unavailable',
    ],
    [
      'by POST, where there is nothing to fetch',
      { ask: ['name'], client_id_prefix: 'redirect_uri', request_uri_method: 'post' },
      400,
      'option_unavailable',
    ],
    [
      'in a link that no QR code holds',
      {
        client_id_prefix: 'redirect_uri',
        ...query({
          id: 'a',
          ...pid,
          claims: Array.from({ length: 60 }, (_, i) => ({ path: ['address', `line_${i}`] })),
        }),
      },
      400,
      'option_unavailable',
    ],
    [
      'in a format that we cannot verify',
      { ask: ['name'], formats: ['dc+sd-jwt', 'jwt_vc_json'] },
      400,
      'option_unavailable',
    ],
    [
      'for a doctype that is not permitted',
      query({ id: 'a', format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } }),
      403,
      'purpose_exceeded',
    ],
    [
      'for an origin outside the browser',
      { ask: ['name'], origin: 'https://bank.example' },
      400,
      'option_unavailable',
    ],
    [
      'that nothing would answer',
      {
        dcql_query: {
          credentials: [{ id: 'a', ...pid }],
          credential_sets: [{ options: [['a']], required: false }],
        },
      },
      400,
      'query_invalid',
    ],
    [
      'with a member of ask misspelt',
      { ask: [{ type: 'pid', claims: ['name'], values: ['An'] }] },
      400,
      'malformed_request',
    ],
    [
      'without holder binding',
      query({ id: 'a', ...pid, require_cryptographic_holder_binding: false }),
      400,
      'option_unavailable',
    ],
    [
      'by authorities that cannot be told',
      query({ id: 'a', ...pid, trusted_authorities: [{ type: 'etsi_tl', values: ['x'] }] }),
      400,
      'option_unavailable',
    ],
    [
      'back to somewhere else',
      { ask: ['name'], redirect_uri: 'https://evil.example/' },
      400,
      'redirect_uri_not_registered',
    ],
    ['for a moment', { ask: ['name'], expires_in: 59 }, 400, 'malformed_request'],
    ['for ever', { ask: ['name'], expires_in: 601 }, 400, 'malformed_request'],
    ['by PUT', { ask: ['name'], request_uri_method: 'put' }, 400, 'malformed_request'],
    [
      'with a script for an app',
      { ask: ['name'], authorization_endpoint: 'javascript://%0aalert(1)' },
      400,
      'malformed_request',
    ],
    [
      'with an app whose address is not ASCII',
      { ask: ['name'], authorization_endpoint: `https://${'界'.repeat(400)}` },
      400,
      'malformed_request',
    ],
    [
      'with an app of endless address',
      { ask: ['name'], authorization_endpoint: `https://${'w'.repeat(493)}` },
      400,
      'malformed_request',
    ],
    ['with a member misspelt', { ask: ['name'], expire_in: 60 }, 400, 'malformed_request'],
  ])('%s', async (_, change, status, code) => {
    const answer = await gateway.ask({ purpose: 'bank-kyc', ...change })
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  it('and the surplus is named', async () => {
    const { body } = await gateway.ask({ purpose: 'bank-kyc', ask: ['name', 'sex', 'race'] })
    expect(body.detail).toContain('sex, race of urn:gerbang:pid:1')
    expect(body.detail).not.toContain('name')
  })
})

describe('a relying party reads what came of it', () => {
  it('while nothing has', async () => {
    const { id, requestUri } = await gateway.start()
    const nothing = { report: null, credentials: null, receipt: null, result_expires_at: null }
    const about = { id, purpose: 'bank-kyc', expires_at: seconds + 300 }
    expect((await gateway.read(id)).body).toEqual({ ...about, status: 'requested', ...nothing })
    await gateway.request(requestUri)
    expect((await gateway.read(id)).body).toEqual({ ...about, status: 'retrieved', ...nothing })
    gateway.passSeconds(300)
    expect((await gateway.read(id)).body).toEqual({ ...about, status: 'expired', ...nothing })
  })

  it('when it is verified: claims for ten minutes, report and receipt longer', async () => {
    const { id, link } = await gateway.start()
    const wallet = await gateway.wallet()
    await wallet.present(link)
    const { body, headers } = await gateway.read(id)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      status: 'verified',
      credentials: {
        'pid-sd-jwt': [{ claims: { name: 'Nguyễn Thị An', birthdate: '1990-02-03' } }],
      },
      result_expires_at: seconds + 600,
    })
    gateway.passSeconds(599)
    expect((await gateway.read(id)).body).toEqual(body)
    gateway.passSeconds(1)
    expect((await gateway.read(id)).body).toEqual({ ...body, credentials: null })
  })

  it('with the key it had when the answer came, and no other', async () => {
    const { id, link } = await gateway.start()
    const wallet = await gateway.wallet()
    await wallet.present(link)
    expect((await gateway.read(id, 'A'.repeat(43))).status).toBe(401)
    expect((await gateway.read(id)).body.credentials).not.toBeNull()
  })

  it('and leaves no claim and no key in the database', async () => {
    const { id, link } = await gateway.start()
    const wallet = await gateway.wallet()
    await wallet.present(link)
    const rows = JSON.stringify(await gateway.deps.transactions.find(id as `0t_${string}`))
    expect(rows).toContain('verified')
    for (const secret of ['Nguy', '1990-02-03', gateway.apiKey, 'encryptionSecret']) {
      expect(rows).not.toContain(secret)
    }
  })

  it('in a receipt that anyone can verify, and that tells no claim', async () => {
    const { id, link } = await gateway.start()
    const wallet = await gateway.wallet()
    await wallet.present(link)
    const { receipt } = (await gateway.read(id)).body
    const jws = parseJws(String(receipt))
    const { body } = await gateway.request(`${origin}/.well-known/jwks.json`)
    const { keys } = body as { keys: { kid: string; kty: string }[] }
    const key = keys.find(({ kid }) => kid === jws?.header.kid)
    if (!jws || !key) throw new Error('no receipt, or no key for it')
    expect(await isSignedBy(jws, key)).toBe(true)
    expect(jws.header.typ).toBe('receipt+jwt')
    const payload = parseJsonObject(jws.payload)
    expect(payload).toMatchObject({
      iss: origin,
      iat: seconds,
      outcome: 'verified',
      purpose: 'bank-kyc',
      relying_party: `${origin}/relying-parties/bank-sg`,
      challenge_by: 'gateway',
      ledger_position: 0,
      presentations: [
        {
          query_id: 'pid-sd-jwt',
          sha256: expect.stringMatching(/^[\w-]{43}$/),
          type: 'urn:gerbang:pid:1',
          issuer: `${origin}/issuers/vn`,
          recognition: expect.any(String),
          assurance: { proofing: 'high', authn: 'high' },
        },
      ],
    })
    expect(JSON.stringify(payload)).not.toMatch(/Nguy|1990/)
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })
})

describe('what is not there for a relying party', () => {
  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/events'],
  ])('%s%s of what never was, or is of another', async (method, path) => {
    const { id } = await gateway.start()
    const others = await gateway.request(`${origin}/sandbox/relying-parties`)
    const parties = others.body.relying_parties as { id: string; api_key: string }[]
    const telco = parties.find((each) => each.id === 'telco-my')?.api_key ?? ''
    for (const [unknown, key] of [
      [id, telco],
      [`0t_${'A'.repeat(43)}`, gateway.apiKey],
      ['__proto__', gateway.apiKey],
    ]) {
      const answer = await gateway.request(`${origin}/v1/presentations/${unknown}${path}`, {
        method,
        headers: gateway.as(key ?? ''),
      })
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }
    expect((await gateway.read(id)).status).toBe(200)
  })

  it('an answer of a browser, to what is not asked in one', async () => {
    const { id } = await gateway.start()
    const { body } = await gateway.ask({ ...kyc, ...inBrowser })
    const credential = JSON.stringify({ protocol: 'openid4vp-v1-unsigned', data: {} })
    const bring = (to: unknown, key = gateway.apiKey) =>
      gateway.request(`${origin}/v1/presentations/${to}/response`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...gateway.as(key) },
        body: credential,
      })
    for (const unknown of [id, `0t_${'A'.repeat(43)}`, '__proto__']) {
      expect(await bring(unknown)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }
    expect(await bring(body.id)).toMatchObject({ status: 400, body: { code: 'response_unusable' } })
    expect((await bring(body.id, 'A'.repeat(43))).status).toBe(401)
  })

  it('what it has had forgotten', async () => {
    const { id, link, requestUri } = await gateway.start()
    const wallet = await gateway.wallet()
    await wallet.present(link)
    const url = `${origin}/v1/presentations/${id}`
    const init = { method: 'DELETE', headers: gateway.as(gateway.apiKey) }
    expect((await gateway.request(url, init)).status).toBe(204)
    expect((await gateway.request(url, init)).status).toBe(404)
    expect((await gateway.read(id)).status).toBe(404)
    expect((await gateway.request(requestUri)).status).toBe(404)
  })
})

describe('who does not say who it is learns nothing', () => {
  it.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['no key', { authorization: 'Bearer ' }],
    ['a key that is none', { authorization: 'Bearer x' }],
    ['a key that nobody has', { authorization: `Bearer ${'A'.repeat(43)}` }],
  ])('%s', async (_, headers: Record<string, string>) => {
    const { id } = await gateway.start()
    for (const path of ['/v1/me', `/v1/presentations/${id}`, `/v1/presentations/${id}/events`]) {
      const answer = await gateway.request(`${origin}${path}`, { headers })
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })
})

describe('events', () => {
  const events = async (id: string) => {
    const response = await gateway.app.request(`${origin}/v1/presentations/${id}/events`, {
      headers: gateway.as(gateway.apiKey),
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-store')
    return response
  }
  const event = (id: string, status: string) =>
    `event: status\ndata: ${JSON.stringify({ id, status })}\n\n`

  it('tell each change without claims, and end with the verdict', async () => {
    const { id, link } = await gateway.start()
    const response = await events(id)
    const text = response.text()
    const wallet = await gateway.wallet()
    await wallet.present(link)
    expect(await text).toBe(event(id, 'requested') + event(id, 'verified'))
  })

  it('end at once where nothing can change any more', async () => {
    const { id } = await gateway.start()
    gateway.passSeconds(300)
    expect(await (await events(id)).text()).toBe(event(id, 'expired'))
  })
})

describe('browsers of trusted origins may ask', () => {
  const preflight = async (path: string, from: string) => {
    const { headers } = await gateway.request(`${origin}${path}`, {
      method: 'OPTIONS',
      headers: { origin: from, 'access-control-request-method': 'POST' },
    })
    return headers.get('access-control-allow-origin')
  }

  it.each(['/v1/presentations', '/v1/presentations/0t_a', '/v1/me'])('%s', async (path) => {
    expect(await preflight(path, 'https://bank.example')).toBe('https://bank.example')
    expect(await preflight(path, 'https://evil.example')).toBeNull()
  })

  it.each<[string, (of: typeof gateway) => Promise<void> | void, number]>([
    ['an answer', () => {}, 200],
    [
      'a refusal',
      (of) => {
        of.apiKey = 'none'
      },
      401,
    ],
    [
      'a fault of ours',
      ({ deps }) => {
        deps.snapshot = () => Promise.reject(new Error('lost'))
      },
      500,
    ],
  ])('and read %s, and no others may', async (_, change, status) => {
    await change(gateway)
    const ask = (from: string) =>
      gateway.request(`${origin}/v1/me`, {
        headers: { ...gateway.as(gateway.apiKey), origin: from },
      })
    const answers = [await ask('https://bank.example'), await ask('https://evil.example')]
    const told = ({ headers }: (typeof answers)[number]) => [
      headers.get('access-control-allow-origin'),
      headers.get('vary'),
    ]
    expect(answers.map((each) => each.status)).toEqual([status, status])
    expect(answers.map(told)).toEqual([
      ['https://bank.example', 'Origin'],
      [null, 'Origin'],
    ])
  })

  it('and read where a transaction is', async () => {
    const { headers } = await gateway.ask()
    expect(headers.get('access-control-expose-headers')).toBe('location')
  })
})

it('asks by ask and by query come to the same', async () => {
  const { link } = await gateway.start({ ...kyc, issuers: ['vn'] })
  const wallet = await gateway.wallet()
  const { request } = await wallet.preview(link)
  const { dcql_query: query } = request as { dcql_query: { credentials: object[] } }
  expect(query.credentials[0]).toMatchObject({
    trusted_authorities: [{ type: 'aki', values: [expect.stringMatching(/^[\w-]{20,}$/)] }],
  })
  const own = await gateway.start({ purpose: 'bank-kyc', dcql_query: query })
  expect((await wallet.present(own.link)).status).toBe(200)
})
