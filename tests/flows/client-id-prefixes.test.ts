import { beforeAll, describe, expect, it } from 'vitest'
import { failed, kyc, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let wallet: Awaited<ReturnType<TestGateway['citizen']>>
beforeAll(async () => {
  gateway = await testGateway()
  wallet = await gateway.citizen('vn-nguyen-thi-an')
})

const ask = (client_id_prefix: string) => gateway.ask('bank-sg', { ...kyc, client_id_prefix })
const parametersOf = (link: string) => new URL(link).searchParams

describe.each([
  ['x509_hash', /^x509_hash:[\w-]{43}$/, 'Merlion Bank (sandbox)'],
  ['x509_san_dns', /^x509_san_dns:localhost$/, 'Merlion Bank (sandbox)'],
  ['redirect_uri', /^redirect_uri:http:.*\/response$/, 'localhost:8787'],
])('a relying party that is known by %s', (prefix, clientId, name) => {
  it('is verified for, by a proof that is addressed to its whole client_id', async () => {
    const transaction = await ask(prefix)
    const { verifier } = await wallet.preview(transaction.authorization_request)
    expect(verifier).toEqual({ name, clientId: expect.stringMatching(clientId) })
    expect((await wallet.present(transaction.authorization_request)).status).toBe(200)
    expect((await transaction.read()).status).toBe('verified')
  })

  it('VP-N01: is not by one that is addressed without the prefix', async () => {
    const transaction = await ask(prefix)
    const audience = (id: string) => id.slice(id.indexOf(':') + 1)
    const lies = { audience }
    expect((await wallet.present(transaction.authorization_request, { lies })).status).toBe(400)
    expect(failed(await transaction.read())).toEqual(['key_binding.audience'])
  })
})

describe('a request that nobody signs', () => {
  it('is in the link, whole, and nowhere else', async () => {
    const transaction = await ask('redirect_uri')
    const parameters = parametersOf(transaction.authorization_request)
    expect([...parameters.keys()].sort()).toEqual([
      ...['client_id', 'client_metadata', 'dcql_query', 'nonce', 'response_mode'],
      ...['response_type', 'response_uri', 'state'],
    ])
    const responseUri = parameters.get('response_uri') ?? ''
    expect(parameters.get('client_id')).toBe(`redirect_uri:${responseUri}`)
    const requestUri = responseUri.replace(/response$/, 'request')
    for (const method of ['GET', 'POST']) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await gateway.call(requestUri, {
        method,
        ...(method === 'POST' && { headers }),
      })
      expect(answer).toMatchObject({ status: 404, body: { error: 'invalid_request' } })
    }
    expect((await transaction.read()).status).toBe('requested')
    expect((await gateway.call(transaction.qr_svg_url)).status).toBe(200)
  })

  it('carries a transaction, too', async () => {
    const document = {
      type: 'urn:gerbang:document:1',
      credential_ids: ['pid-sd-jwt'],
      name: 'Contract',
      sha256: 'a'.repeat(43),
    }
    const transaction = await gateway.ask('bank-sg', {
      ...{ purpose: 'bank-kyc', ask: ['name'] },
      ...{ client_id_prefix: 'redirect_uri', transaction_data: [document] },
    })
    const presented = await wallet.present(transaction.authorization_request)
    expect(presented).toMatchObject({ status: 200, authorised: [document] })
    expect((await transaction.read()).status).toBe('verified')
  })

  it('makes a key of its own for each', async () => {
    const keys = await Promise.all(
      [1, 2].map(async () => {
        const { authorization_request: link } = await ask('redirect_uri')
        return JSON.parse(parametersOf(link).get('client_metadata') ?? '').jwks.keys[0].x
      }),
    )
    expect(keys[0]).not.toBe(keys[1])
  })
})

it('what a signed request says of the registration, the wallet is told, verified', async () => {
  const transaction = await gateway.ask()
  const { registrations } = await wallet.preview(transaction.authorization_request)
  expect(registrations).toMatchObject([
    {
      id: `${gateway.origin}/relying-parties/bank-sg`,
      uses: [{ purpose: 'bank-kyc', description: { en: 'Opening a bank account' } }],
    },
  ])
})
