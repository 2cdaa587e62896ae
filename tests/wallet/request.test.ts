import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { X509CertificateGenerator } from '@peculiar/x509'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import { x509Hash } from '../../src/credential/x509.ts'
import { fetchRequest } from '../../src/wallet/request.ts'
import { anchor, now, random, signer, verifier } from './parties.ts'

type Change = Parameters<typeof verifier>[0]

const ask = async (change?: Change) => {
  const party = await verifier(change)
  return fetchRequest({ fetch: party.fetch, now, random }, party.request)
}
const pem = (name: string) =>
  readFileSync(join(import.meta.dirname, `../../keys-example/anchors/${name}.pem`), 'utf8')

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

async function selfSigned(): Promise<string> {
  const keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Merlion Bank',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2027-01-01T00:00:00Z'),
    signingAlgorithm: ecdsa,
    keys,
  })
  return certificate.toString('base64')
}

/** A request that names the hash of its x5c leaf, whatever that is. */
const withChain = async (x5c: string[]): Promise<Change> => ({
  header: { x5c },
  clientId: `x509_hash:${await x509Hash(x5c[0] ?? '')}`,
})

const encoded = (value: object) => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))
const document = {
  type: 'urn:gerbang:document:1',
  credential_ids: ['pid'],
  name: 'Contract',
  sha256: 'a'.repeat(43),
}
/** A request to sign a document, or something like it. */
const transaction = (change: object = {}): Change => ({
  payload: { transaction_data: [encoded({ ...document, ...change })] },
})

describe('an authorization request is taken', () => {
  it('with who asks, in the words of the access certificate', async () => {
    const request = await ask()
    expect(request.verifierName).toBe('Merlion Bank (sandbox)')
    expect(request).toMatchObject({ nonce: 'n-0S6_WzA2Mj', state: 'a-state' })
  })

  it.each<[string, Change]>([
    ['without state', { payload: { state: undefined as never } }],
    ['with an iss that is not the client_id', { payload: { iss: 'https://other.example' } }],
    ['with parameters that are not known', { payload: { unknown: { deeply: ['so'] } } }],
    ['from the sandbox on localhost', { payload: { response_uri: 'http://localhost:8787/r' } }],
    ['until it expires', { payload: { exp: now().getTime() / 1000 + 1 } }],
    [
      'with registrations of a kind that is not known',
      { payload: { verifier_info: [{ format: 'jwt', data: 'x' }] } },
    ],
    ['by GET, named', { link: { request_uri_method: 'get' } }],
  ])('%s', async (_, change) => {
    await expect(ask(change)).resolves.toHaveProperty('nonce')
  })

  it('with the transactions that it is about', async () => {
    const { transactions } = await ask(transaction())
    expect(transactions).toEqual([
      { encoded: encoded(document), credentialIds: ['pid'], content: document },
    ])
  })

  it('of somebody known by a host name', async () => {
    const change = { clientId: 'x509_san_dns:localhost' }
    const request = await ask({ ...change, payload: { response_uri: 'http://localhost:8787/r' } })
    expect(request).toMatchObject({ ...change, verifierName: 'Merlion Bank (sandbox)' })
  })

  it('by POST, with a fresh wallet_nonce that is repeated in it', async () => {
    const party = await verifier({ link: { request_uri_method: 'post' } })
    const { payload } = await fetchRequest({ fetch: party.fetch, now, random }, party.request)
    const [sent] = party.sent
    const walletNonce = new URLSearchParams(sent?.body).get('wallet_nonce')
    expect(sent?.method).toBe('POST')
    expect(walletNonce).toHaveLength(22)
    expect(payload.wallet_nonce).toBe(walletNonce)
  })

  it('with a chain to a reader anchor, where the wallet was given any', async () => {
    const party = await verifier()
    const fetched = (readerAnchors: ReturnType<typeof anchor>[]) =>
      fetchRequest({ fetch: party.fetch, now, random, readerAnchors }, party.request)
    await expect(fetched([anchor(pem('reader'))])).resolves.toHaveProperty('nonce')
    await expect(fetched([anchor(pem('issuer-vn'))])).rejects.toThrow(/no trust anchor/)
  })
})

describe('the response is encrypted', () => {
  const encryptionOf = async (change: (key: JsonObject) => JsonObject) => {
    const { encryptionKey, payload } = await verifier()
    const client_metadata = { ...(payload.client_metadata as JsonObject), ...change(encryptionKey) }
    return (await ask({ payload: { client_metadata } })).encryption
  }

  it.each<[string, JsonObject['x'] | undefined, string]>([
    ['with A256GCM where it is announced', ['A128GCM', 'A256GCM'], 'A256GCM'],
    ['with A128GCM where only that is', ['A128CBC-HS256', 'A128GCM'], 'A128GCM'],
    ['with A128GCM where nothing is said', undefined, 'A128GCM'],
  ])('%s', async (_, encs, expected) => {
    const { enc } = await encryptionOf(() => ({
      encrypted_response_enc_values_supported: encs as never,
    }))
    expect(enc).toBe(expected)
  })

  it('to the first key that can be used, whatever lies beside it', async () => {
    const { jwk } = await encryptionOf((key) => ({
      jwks: {
        keys: [
          { kty: 'AKP', alg: 'ML-KEM-768', kid: 'pq', pub: 'x' },
          { ...key, kid: 'sig-1', use: 'sig' },
          { ...key, kid: 'no-alg', alg: undefined as never },
          { ...key, kid: 'good' },
        ],
      },
    }))
    expect(jwk.kid).toBe('good')
  })

  it.each<[string, (key: JsonObject) => JsonObject, RegExp]>([
    ['without a key', () => ({ jwks: { keys: [] } }), /no ECDH-ES key/],
    ['with a key that has no kid', (k) => ({ jwks: { keys: [{ ...k, kid: 1 }] } }), /no ECDH-ES/],
    ['with a private key', (k) => ({ jwks: { keys: [{ ...k, d: 'x' }] } }), /no ECDH-ES/],
    [
      'with weaker encryption only',
      () => ({ encrypted_response_enc_values_supported: ['A128CBC-HS256'] }),
      /neither A256GCM nor A128GCM/,
    ],
  ])('or the request is refused: %s', async (_, change, rule) => {
    await expect(encryptionOf(change)).rejects.toThrow(rule)
  })
})

describe('an authorization request is refused', () => {
  it.each<[string, Change, RegExp]>([
    ['without typ', { header: { typ: undefined as never } }, /typ oauth-authz-req\+jwt/],
    ['with another typ', { header: { typ: 'JWT' } }, /typ oauth-authz-req\+jwt/],
    ['without x5c', { header: { x5c: undefined as never } }, /one to five certificates/],
    ['with no certificate in x5c', { header: { x5c: ['AAAA'] } }, /base64 DER of one/],
    ['with crit', { header: { crit: ['exp'], exp: 1 } }, /no JWS/],
    [
      'with another client_id than in the link',
      { payload: { client_id: 'x509_hash:o' } },
      /differ/,
    ],
    ['with a prefix that no certificate speaks for', { clientId: 'web:bank.example' }, /prefix/],
    [
      'with a host that is not in its certificate',
      { clientId: 'x509_san_dns:a.example' },
      /name in/,
    ],
    [
      'with an answer to another host than the client_id names',
      { clientId: 'x509_san_dns:localhost' },
      /not on the host/,
    ],
    ['with the hash of another certificate', { clientId: 'x509_hash:AAAA' }, /not the hash/],
    ['without nonce', { payload: { nonce: undefined as never } }, /\/nonce/],
    ['with a nonce that is not URL-safe', { payload: { nonce: 'a b' } }, /\/nonce/],
    ['for another audience', { payload: { aud: 'https://wallet.example' } }, /\/aud/],
    ['for another response type', { payload: { response_type: 'code' } }, /\/response_type/],
    ['for an unencrypted response', { payload: { response_mode: 'direct_post' } }, /response_mode/],
    ['with redirect_uri', { payload: { redirect_uri: 'https://a.example' } }, /redirect_uri/],
    ['with a request in the request', { payload: { request_uri: 'https://a.example' } }, /another/],
    ['with client_id_scheme', { payload: { client_id_scheme: 'x509_hash' } }, /client_id_scheme/],
    ['with scope', { payload: { scope: 'pid' } }, /scope/],
    [
      'with transaction_data that is none',
      { payload: { transaction_data: [] } },
      /transaction_data/,
    ],
    ['with transaction_data of no type', transaction({ type: undefined }), /transaction_data/],
    [
      'with transaction_data of an unknown type',
      transaction({ type: 'urn:x' }),
      /transaction_data/,
    ],
    ['with transaction_data of more than its type', transaction({ tip: '1' }), /transaction_data/],
    [
      'with transaction_data for a credential that is not asked for',
      transaction({ credential_ids: ['other'] }),
      /names a credential that is not asked for/,
    ],
    [
      'with transaction_data hashed otherwise',
      transaction({ transaction_data_hashes_alg: ['sha-512'] }),
      /not hashed with sha-256/,
    ],
    [
      'with transaction_data that is no JSON',
      { payload: { transaction_data: ['AAAA'] } },
      /no JSON object/,
    ],
    ['with verifier_info that is none', { payload: { verifier_info: {} } }, /verifier_info/],
    [
      'with a response_uri by http',
      { payload: { response_uri: 'http://a.example' } },
      /response_uri/,
    ],
    [
      'with a response_uri on a host that only looks like localhost',
      { payload: { response_uri: 'http://localhost.evil.example' } },
      /response_uri/,
    ],
    ['with no DCQL query', { payload: { dcql_query: undefined as never } }, /DCQL/],
    [
      'without client_metadata',
      { payload: { client_metadata: undefined as never } },
      /client_meta/,
    ],
    ['when it has expired', { payload: { exp: now().getTime() / 1000 } }, /expired/],
    ['with a wallet_nonce nobody sent', { payload: { wallet_nonce: 'x' } }, /wallet_nonce/],
    [
      'with another wallet_nonce than was sent',
      { payload: { wallet_nonce: 'x' }, link: { request_uri_method: 'post' } },
      /wallet_nonce/,
    ],
    ['with another request_uri_method', { link: { request_uri_method: 'POST' } }, /neither get/],
    ['without client_id', { link: { client_id: '' } }, /no client_id/],
    [
      'with a fragment in its response_uri',
      { payload: { response_uri: 'https://a.example/#f' } },
      /user or a fragment/,
    ],
    ['without request_uri', { link: { request_uri: '' } }, /no request_uri/],
  ])('%s', async (_, change, rule) => {
    await expect(ask(change)).rejects.toThrow(rule)
  })

  it('with a self-signed leaf', async () => {
    const change = await withChain([await selfSigned()])
    await expect(ask(change)).rejects.toThrow(/self-signed/)
  })

  it('with the trust anchor in x5c', async () => {
    const root = anchor(pem('reader')).certificate
    const change = await withChain([...signer('access:bank-sg').x5c, root])
    await expect(ask(change)).rejects.toThrow(/self-signed certificate/)
  })

  it('with certificates that do not sign one another', async () => {
    const [leaf = ''] = signer('access:bank-sg').x5c
    const [, stranger = ''] = signer('credential:vn').x5c
    await expect(ask(await withChain([leaf, stranger]))).rejects.toThrow(/signed by the one after/)
  })

  it('when it is signed by another key than the leaf', async () => {
    const change = await withChain(signer('access:telco-my').x5c)
    await expect(ask(change)).rejects.toThrow(/not signed/)
  })

  it('with a certificate that is for credentials', async () => {
    await expect(ask({ signAs: 'credential:vn' })).rejects.toThrow(/for other purposes/)
  })

  it('with a certificate that is out of date', async () => {
    const party = await verifier()
    const later = () => new Date('2099-01-01T00:00:00Z')
    const asked = fetchRequest({ fetch: party.fetch, now: later, random }, party.request)
    await expect(asked).rejects.toThrow(/expired or is not yet valid/)
  })

  it('when its link is none', async () => {
    const asked = fetchRequest({ fetch: () => Response.error(), now, random }, 'request')
    await expect(asked).rejects.toThrow(/is no URL/)
  })

  it('with alg none', async () => {
    const party = await verifier()
    const { x5c } = signer('access:bank-sg')
    const parts = [{ alg: 'none', typ: 'oauth-authz-req+jwt', x5c }, party.payload]
    const [header, payload] = parts.map((part) =>
      encodeBase64url(new TextEncoder().encode(JSON.stringify(part))),
    )
    const fetch = async () =>
      new Response(`${header}.${payload}.`, {
        headers: { 'content-type': 'application/oauth-authz-req+jwt' },
      })
    await expect(fetchRequest({ fetch, now, random }, party.request)).rejects.toThrow(/ES256/)
  })

  it.each<[string, () => Response, RegExp]>([
    ['as another media type', () => new Response('a.b.c'), /is not application\/oauth/],
    ['as an error', () => new Response(null, { status: 404 }), /answered with 404/],
    ['as a redirect', () => Response.redirect('https://else.example', 302), /answered with 302/],
    ['without end', () => new Response(new Uint8Array(1024 * 1024 + 1)), /more than/],
  ])('when it comes %s', async (_, answer, rule) => {
    const { request } = await verifier()
    const fetch = async () => answer()
    await expect(fetchRequest({ fetch, now, random }, request)).rejects.toThrow(rule)
  })

  it('with a parameter twice in its link', async () => {
    const { fetch, request } = await verifier()
    const asked = fetchRequest({ fetch, now, random }, `${request}&client_id=x`)
    await expect(asked).rejects.toThrow(/client_id twice/)
  })
})

describe('a request that is in its link', () => {
  const responseUri = 'https://gateway.example/responses/1'

  /** By value, as OpenID4VP 1.0 5 has it, but for what is changed. */
  async function byValue(change: Record<string, string | undefined> = {}) {
    const { payload } = await verifier()
    const texts = Object.entries({ ...payload, client_id: `redirect_uri:${responseUri}` }).map(
      ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)],
    )
    const parameters: Record<string, string | undefined> = {
      ...Object.fromEntries(texts),
      ...change,
    }
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) query.set(name, value)
    }
    const fetch = () => {
      throw new Error('nothing is fetched')
    }
    return fetchRequest({ fetch, now, random }, `openid4vp://?${query}`)
  }

  it('is taken, though nobody vouches for who asks but where the answer goes', async () => {
    expect(
      await byValue({ verifier_info: '[{"format":"registration_cert","data":"x"}]' }),
    ).toMatchObject({
      clientId: `redirect_uri:${responseUri}`,
      verifierName: 'gateway.example',
      registrations: [],
      nonce: 'n-0S6_WzA2Mj',
      query: { credentials: [{ id: 'pid' }] },
      encryption: { enc: 'A256GCM' },
    })
  })

  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ['that also refers to one', { request_uri: 'https://a.example' }, /cannot be signed/],
    ['that goes elsewhere', { response_uri: 'https://evil.example/r' }, /is not the response_uri/],
    ['whose query is no JSON', { dcql_query: '{' }, /dcql_query is no JSON/],
    ['without query', { dcql_query: undefined }, /DCQL/],
    ['without nonce', { nonce: undefined }, /\/nonce/],
    ['for an unencrypted response', { response_mode: 'direct_post' }, /response_mode/],
    ['with redirect_uri', { redirect_uri: responseUri }, /redirect_uri/],
    ['that says that it is signed', { client_id: 'x509_hash:AAAA' }, /no request_uri/],
  ])('is refused %s', async (_, change, rule) => {
    await expect(byValue(change)).rejects.toThrow(rule)
  })
})
