import { beforeEach, describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject, parseJsonObject } from '../../src/credential/json.ts'
import { parseJws, verifyJws } from '../../src/credential/jws.ts'
import { verifyChain, x509Hash } from '../../src/credential/x509.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { kyc, origin, start, verifier } from '../support/presentation.ts'

let gateway: Awaited<ReturnType<typeof verifier>>
beforeEach(async () => {
  gateway = await verifier()
})

const form = 'application/x-www-form-urlencoded'
const reader = {
  id: 'reader',
  certificate: (exampleKeys as { anchors: Record<string, string> }).anchors.reader ?? '',
}

async function fetchRequest(requestUri: string, body?: Record<string, string>) {
  const {
    status,
    headers,
    body: answer,
  } = await gateway.request(requestUri, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': form },
      body: new URLSearchParams(body).toString(),
    }),
  })
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/oauth-authz-req+jwt')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('access-control-allow-origin')).toBe('*')
  const jws = parseJws(String(answer.text))
  const payload = jws && parseJsonObject(jws.payload)
  if (!jws || !payload) throw new Error('no request object')
  return { jws, payload, metadata: payload.client_metadata as JsonObject }
}

const encryptionKey = ({ jwks }: JsonObject) => (jwks as { keys: JsonObject[] }).keys[0]

describe('the request object (VER-01, VER-02)', () => {
  let transaction: Awaited<ReturnType<typeof gateway.start>>
  let request: Awaited<ReturnType<typeof fetchRequest>>
  beforeEach(async () => {
    transaction = await gateway.start()
    request = await fetchRequest(transaction.requestUri)
  })

  it('is signed by the access certificate of the relying party, whose hash is the client_id', async () => {
    const { header } = request.jws
    expect(header).toMatchObject({ typ: 'oauth-authz-req+jwt', alg: 'ES256' })
    const chain = await verifyChain(header.x5c, [reader], start, 'access')
    expect(chain).toMatchObject({ ok: true })
    expect(chain.ok && (await verifyJws(request.jws, chain.value.leafKey))).toBe(true)
    const [leaf = ''] = header.x5c as string[]
    expect(transaction.clientId).toBe(`x509_hash:${await x509Hash(leaf)}`)
    expect(request.payload.client_id).toBe(transaction.clientId)
    expect(request.payload.iss).toBe(transaction.clientId)
  })

  it('holds what OpenID4VP 1.0 and HAIP 1.0 have it hold, and nothing else (VER-23)', () => {
    const { payload } = request
    expect(payload).toEqual({
      iss: transaction.clientId,
      client_id: transaction.clientId,
      aud: 'https://self-issued.me/v2',
      iat: Math.floor(start.getTime() / 1000),
      exp: Math.floor(start.getTime() / 1000) + 300,
      response_type: 'vp_token',
      response_mode: 'direct_post.jwt',
      response_uri: transaction.responseUri,
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      dcql_query: {
        credentials: [
          {
            id: 'pid-sd-jwt',
            format: 'dc+sd-jwt',
            meta: { vct_values: ['urn:gerbang:pid:1'] },
            claims: [{ path: ['name'] }, { path: ['birthdate'] }],
          },
          {
            id: 'pid-mdoc',
            format: 'mso_mdoc',
            meta: { doctype_value: 'org.gerbang.pid.1' },
            claims: [
              { path: ['org.gerbang.pid.1', 'name'] },
              { path: ['org.gerbang.pid.1', 'birthdate'] },
            ],
          },
        ],
        credential_sets: [{ options: [['pid-sd-jwt'], ['pid-mdoc']] }],
      },
      client_metadata: {
        client_name: 'Merlion Bank (sandbox)',
        jwks: { keys: [expect.anything()] },
        encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
        vp_formats_supported: {
          'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
          mso_mdoc: { issuerauth_alg_values: [-7, -9], deviceauth_alg_values: [-7, -9] },
        },
      },
      verifier_info: [{ format: 'registration_cert', data: expect.stringMatching(/^[\w.-]+$/) }],
    })
  })

  it('has one ECDH-ES key on P-256, public, with kid, alg and use', () => {
    expect(encryptionKey(request.metadata)).toEqual({
      kty: 'EC',
      crv: 'P-256',
      x: expect.any(String),
      y: expect.any(String),
      kid: expect.any(String),
      alg: 'ECDH-ES',
      use: 'enc',
    })
  })

  it('is fetched as often as one likes, by GET and by POST, and stays the same request (VER-04)', async () => {
    const again = await fetchRequest(transaction.requestUri)
    const posted = await fetchRequest(transaction.requestUri, { unknown: 'ignored' })
    expect(again.payload).toEqual(request.payload)
    expect(posted.payload).toEqual(request.payload)
  })

  it('echoes the wallet_nonce of a POST, and of that fetch alone (VER-05)', async () => {
    const posted = await fetchRequest(transaction.requestUri, {
      wallet_nonce: 'w-1',
      wallet_metadata: '{"vp_formats_supported":{}}',
    })
    expect(posted.payload.wallet_nonce).toBe('w-1')
    expect((await fetchRequest(transaction.requestUri)).payload).not.toHaveProperty('wallet_nonce')
  })

  it.each(['application/oauth-authz-req+jwt', 'application/json', '*/*', 'text/html;q=0.1'])(
    'is given to who accepts %s, as what it is',
    async (accept) => {
      const { status, headers } = await gateway.request(transaction.requestUri, {
        headers: { accept },
      })
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('application/oauth-authz-req+jwt')
    },
  )

  it('ignores what stands in the query of a GET, a wallet_nonce too (VP-V10)', async () => {
    const uri = `${transaction.requestUri}?wallet_nonce=w-1&unknown=x`
    expect((await fetchRequest(uri)).payload).toEqual(request.payload)
  })

  it('is no longer given once it has expired', async () => {
    gateway.passSeconds(300)
    expect(await gateway.request(transaction.requestUri)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })
})

it('of three transactions all that must be fresh differs (VER-03)', async () => {
  const requests = await Promise.all(
    [1, 2, 3].map(async () => {
      const { requestUri } = await gateway.start()
      const { payload, metadata } = await fetchRequest(requestUri)
      return [requestUri, payload.nonce, payload.state, encryptionKey(metadata)?.x]
    }),
  )
  expect(new Set(requests.flat()).size).toBe(12)
})

it('the link says by which method to fetch, and with which app', async () => {
  const body = { ...kyc, request_uri_method: 'post', authorization_endpoint: 'haip-vp://' }
  const { link } = await gateway.start(body)
  expect(link).toMatch(
    /^haip-vp:\/\/\?client_id=x509_hash%3A[\w-]{43}&request_uri=http%3A%2F%2Flocalhost%3A8787%2F[\w%-]+&request_uri_method=post$/,
  )
})

describe('a fetch is refused', () => {
  it.each<[string, string, RequestInit, number]>([
    ['of what never was', `${origin}/presentations/0r_${'A'.repeat(43)}/request`, {}, 404],
    ['by what is no handle', `${origin}/presentations/__proto__/request`, {}, 404],
  ])('%s', async (_, url, init, status) => {
    expect(await gateway.request(url, init)).toMatchObject({
      status,
      body: { error: 'invalid_request' },
    })
  })

  it.each<[string, RequestInit, number]>([
    ['in JSON', { headers: { 'content-type': 'application/json' }, body: '{}' }, 415],
    ['with a wallet_nonce twice', { body: 'wallet_nonce=a&wallet_nonce=b' }, 400],
    ['with an endless wallet_nonce', { body: `wallet_nonce=${'a'.repeat(1025)}` }, 400],
  ])('by POST %s', async (_, init, status) => {
    const { requestUri } = await gateway.start()
    const answer = await gateway.request(requestUri, {
      method: 'POST',
      headers: { 'content-type': form },
      ...init,
    })
    expect(answer).toMatchObject({ status, body: { error: 'invalid_request' } })
  })

  it('by the id that the relying party knows it by', async () => {
    const { id } = await gateway.start()
    const answer = await gateway.request(`${origin}/presentations/${id}/request`)
    expect(answer.status).toBe(404)
  })
})

it('the QR code is an SVG of the link, for who has its address', async () => {
  const { qrSvgUrl } = await gateway.start()
  const { status, headers, body } = await gateway.request(qrSvgUrl)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('image/svg+xml')
  expect(body.text).toMatch(/^<svg /)
})

it('the QR code is drawn for the longest address of an app', async () => {
  const authorization_endpoint = `https://${'w'.repeat(492)}`
  const { qrSvgUrl } = await gateway.start({ ...kyc, authorization_endpoint })
  expect(await gateway.request(qrSvgUrl)).toMatchObject({
    status: 200,
    body: { text: expect.stringMatching(/^<svg /) },
  })
})

describe('a refused answer is told the rule and the remedy, in ASCII, and no value', () => {
  it.each<[string, Lies, RegExp]>([
    ['another nonce', { nonce: 'another' }, /^key_binding\.nonce \(OpenID4VP 1\.0 14\.2\): .+\.$/],
    [
      'a claim less',
      { omitDisclosure: ['name'] },
      /^query\.claims \(.+\): Not shown: name\. .+\.$/,
    ],
    [
      'a value altered',
      { alterDisclosure: true },
      /^credential\.disclosures \(RFC 9901 7\.1; .*\): /,
    ],
  ])('%s', async (_, lies, description) => {
    const { id, link } = await gateway.start()
    const wallet = await gateway.wallet()
    const { status, body } = await wallet.present(link, { lies })
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: expect.stringMatching(description) },
    })
    const told = isJsonObject(body) ? String(body.error_description) : ''
    expect(told).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    const { report } = (await gateway.read(id)).body
    expect(`${told}${JSON.stringify(report)}`).not.toMatch(/Nguy|1990|the raw token|"FR"/)
  })
})

describe('an honest answer', () => {
  it.each(['A128GCM', 'A256GCM'])(
    'in %s is verified at once, and the browser sent back',
    async (enc) => {
      const { id, link } = await gateway.start({
        ...kyc,
        redirect_uri: 'http://localhost/callback',
      })
      const wallet = await gateway.wallet()
      const { status, body } = await wallet.present(link, { lies: { enc } })
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          redirect_uri: expect.stringMatching(
            /^http:\/\/localhost\/callback\?response_code=[\w-]{43}$/,
          ),
        },
      })
      expect((await gateway.read(id)).body.status).toBe('verified')
    },
  )

  it('leads to a page of ours where the relying party has none', async () => {
    const { link } = await gateway.start()
    const wallet = await gateway.wallet()
    const { body } = await wallet.present(link)
    expect(isJsonObject(body) && body.redirect_uri).toMatch(
      /^http:\/\/localhost:8787\/presentations\/done\?response_code=[\w-]{43}$/,
    )
  })

  it('is taken once: a second one, a denial, and a fetch come too late (VER-17, VP-N09)', async () => {
    const { id, link, requestUri, responseUri } = await gateway.start()
    const wallet = await gateway.wallet()
    const { form: sent, request } = await wallet.present(link)
    const before = (await gateway.read(id)).body
    const denial = { error: 'access_denied', state: String(request.state) }
    for (const late of [
      await gateway.answer(responseUri, sent),
      await gateway.answer(responseUri, denial),
      await gateway.request(requestUri),
    ]) {
      expect(late).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    }
    expect((await gateway.read(id)).body).toEqual(before)
  })

  it('sent to another transaction is noise there', async () => {
    const [first, second] = [await gateway.start(), await gateway.start()]
    const wallet = await gateway.wallet()
    const { form: sent } = await wallet.present(first.link)
    expect((await gateway.answer(second.responseUri, sent)).status).toBe(400)
    expect((await gateway.read(second.id)).body.status).toBe('requested')
  })

  it('comes too late when time has run out', async () => {
    const { id, responseUri, form } = await heldBack()
    gateway.passSeconds(300)
    expect(await gateway.answer(responseUri, form)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: expect.stringMatching(/expired/) },
    })
    expect((await gateway.read(id)).body.status).toBe('expired')
  })
})

/** A transaction, and an honest answer to it that was not sent. */
async function heldBack() {
  const transaction = await gateway.start()
  const wallet = await gateway.wallet()
  let form: Record<string, string> = {}
  const keep = (honest: Record<string, string>) => {
    form = honest
    return { nothing: 'yet' }
  }
  await wallet.present(transaction.link, { lies: { form: keep } })
  return { ...transaction, form }
}

describe('noise leaves the transaction open (VP-N06, VP-N08, VER-19, VER-22)', () => {
  const jwe = 'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSJ9..AAAA.AAAA.AAAA'

  it.each<[string, string, string, number]>([
    ['nothing', '', form, 400],
    ['JSON', '{"vp_token":{}}', 'application/json', 415],
    ['a vp_token in the open', 'vp_token=%7B%7D&state=s', form, 400],
    ['what is no JWE', 'response=abc', form, 400],
    ['a JWE for nobody', `response=${jwe}`, form, 400],
    ['a response twice', `response=${jwe}&response=${jwe}`, form, 400],
    ['a response and an error', `response=${jwe}&error=access_denied`, form, 400],
    ['an error without state', 'error=access_denied', form, 400],
    ['an error of another state', 'error=access_denied&state=x', form, 400],
    ['more than a mebibyte', `response=${'a'.repeat(1024 * 1024)}`, form, 413],
  ])('%s', async (_, body, type, status) => {
    const { id, responseUri } = await gateway.start()
    const headers = { 'content-type': type }
    const answer = await gateway.request(responseUri, { method: 'POST', headers, body })
    expect(answer).toMatchObject({ status, body: { error: 'invalid_request' } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect((await gateway.read(id)).body.status).toBe('requested')
  })

  it.each<[string, object]>([
    ['a response without state', { state: null }],
    ['a response of another state', { state: 'other' }],
    ['a state beside it that is another', { form: (f: object) => ({ ...f, state: 'other' }) }],
    ['a response to another key', { encryptTo: 'other' }],
    ['a response to an unknown kid', { kid: 'other' }],
    ['a response to no kid', { kid: null }],
    ['a response in an encryption that was not offered', { enc: 'A128CBC-HS256' }],
    ['a response by another key management', { alg: 'ECDH-ES+A128KW' }],
  ])('%s, and an honest answer is still taken', async (_, lies) => {
    const { id, link } = await gateway.start()
    const wallet = await gateway.wallet()
    const { status, body } = await wallet.present(link, { lies })
    expect({ status, body }).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect((await gateway.read(id)).body.status).toBe('retrieved')
    expect((await wallet.present(link)).status).toBe(200)
  })
})

describe('a wallet that says no (VER-20)', () => {
  it.each(['access_denied', 'vp_formats_not_supported', 'wallet_unavailable'])(
    'with %s is answered and ends the transaction',
    async (error) => {
      for (const plaintext of [true, undefined]) {
        const { id, link } = await gateway.start()
        const wallet = await gateway.wallet()
        const lies = { error, ...(plaintext && { plaintext }) }
        expect(await wallet.present(link, { lies })).toMatchObject({
          status: 200,
          body: { redirect_uri: expect.stringMatching(/response_code=/) },
        })
        const { body } = await gateway.read(id)
        expect(body).toMatchObject({
          status: 'denied',
          credentials: null,
          receipt: null,
          report: { outcome: 'denied', checks: [{ id: 'response.error', outcome: 'fail' }] },
        })
        expect(JSON.stringify(body.report)).toContain(error)
      }
    },
  )

  it('with words of its own is not quoted', async () => {
    const { id, link } = await gateway.start()
    const wallet = await gateway.wallet()
    await wallet.present(link, { lies: { error: 'Nguyen Thi An has no phone' } })
    const { body } = await gateway.read(id)
    expect(body.status).toBe('denied')
    expect(JSON.stringify(body)).not.toContain('Nguyen')
  })
})

it('of fifty answers at once exactly one is judged (VER-25)', async () => {
  const { id, responseUri, form } = await heldBack()
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => gateway.answer(responseUri, form)),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(49)
  expect((await gateway.read(id)).body.status).toBe('verified')
})
