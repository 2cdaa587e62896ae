import 'reflect-metadata'
import { setGlobalConfig } from '@openid4vc/openid4vci'
import { Openid4vpClient } from '@openid4vc/openid4vp'
import { CompactEncrypt, compactVerify, importJWK, importX509, type JWK } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseCertificate } from '../../src/credential/certificate.ts'
import { digestText } from '../../src/credential/digest.ts'
import { createKbJwt } from '../../src/credential/key-binding.ts'
import type { DigitalCredentialOptions } from '../../src/wallet/digital-credentials.ts'
import { citizen, kyc, origin, start, verifier } from '../support/presentation.ts'

// A wallet made of a library that we did not write, but for the KB-JWT.

setGlobalConfig({ allowInsecureUrls: true })

let gateway: Awaited<ReturnType<typeof verifier>>
beforeEach(async () => {
  gateway = await verifier()
  // The library takes the time from the machine.
  vi.useFakeTimers({ toFake: ['Date'], now: start })
})
afterEach(() => vi.useRealTimers())

const utf8 = new TextEncoder()
const unused = () => {
  throw new Error('a wallet needs no such thing here')
}

function wallet(alter: (response: JWK) => JWK = (jwk) => jwk) {
  return new Openid4vpClient({
    callbacks: {
      fetch: async (url, init) =>
        gateway.app.request(String(url), { ...init, body: init?.body?.toString() ?? null }),
      hash: async (data, alg) =>
        new Uint8Array(await crypto.subtle.digest(alg.toUpperCase(), Uint8Array.from(data))),
      verifyJwt: async (signer, { compact }) => {
        if (signer.method !== 'x5c') throw new Error('not signed by a certificate')
        const pem = `-----BEGIN CERTIFICATE-----\n${signer.x5c[0]}\n-----END CERTIFICATE-----`
        const key = await importX509(pem, 'ES256', { extractable: true })
        await compactVerify(compact, key)
        const signerJwk = (await crypto.subtle.exportKey('jwk', key)) as { kty: string }
        return { verified: true, signerJwk }
      },
      encryptJwe: async ({ publicJwk, enc }, data) => {
        const jwk = alter(publicJwk as JWK)
        const jwe = await new CompactEncrypt(utf8.encode(data))
          .setProtectedHeader({ alg: 'ECDH-ES', enc, kid: jwk.kid ?? '' })
          .encrypt(await importJWK(jwk, 'ECDH-ES'))
        return { jwe, encryptionJwk: publicJwk }
      },
      getX509CertificateMetadata: (der) => ({
        sanDnsNames: parseCertificate(der)?.hosts ?? [],
        sanUriNames: parseCertificate(der)?.uris ?? [],
      }),
      signJwt: unused,
      decryptJwe: unused,
    },
  })
}

type Client = ReturnType<typeof wallet>
type Resolved = Awaited<ReturnType<Client['resolveOpenId4vpAuthorizationRequest']>>

/** The encrypted answer to what the library understood, with a proof for `audience`. */
async function answerTo(
  client: Client,
  { authorizationRequestPayload: request, transactionData }: Resolved,
  audience: string,
  origin?: string,
) {
  const held = await citizen()
  const [jwt = '', ...disclosures] = held.sdJwt.split('~').filter((part) => part !== '')
  const wanted = disclosures.filter((disclosure) =>
    /"(name|birthdate)"/.test(Buffer.from(disclosure, 'base64url').toString()),
  )
  const sdJwt = [jwt, ...wanted, ''].join('~')
  const hashes = transactionData?.map(({ encoded }) => encoded) ?? []
  const more =
    hashes.length > 0
      ? {
          transaction_data_hashes: await Promise.all(hashes.map(digestText)),
          transaction_data_hashes_alg: 'sha-256',
        }
      : {}
  const binding = { sdJwt, nonce: request.nonce, audience, more }
  const kbJwt = await createKbJwt({ ...binding, iat: gateway.world.now }, held.holderKey.sign)
  return client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: request,
    authorizationResponsePayload: { vp_token: { 'pid-sd-jwt': [sdJwt + kbJwt] } },
    ...(origin !== undefined && { origin }),
    jarm: {
      encryption: { nonce: 'n' },
      serverMetadata: {
        authorization_signing_alg_values_supported: [],
        authorization_encryption_alg_values_supported: ['ECDH-ES'],
        authorization_encryption_enc_values_supported: ['A256GCM'],
      },
    },
  })
}

async function present(alter?: (jwk: JWK) => JWK, body: object = kyc) {
  const { id, link } = await gateway.start(body)
  const client = wallet(alter)
  const { params } = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link })
  const resolved = await client.resolveOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: params,
  })
  const answer = await answerTo(client, resolved, resolved.client.effective)
  const { jarm, authorizationResponsePayload } = answer
  const { response } = await client.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: resolved.authorizationRequestPayload as { response_uri: string },
    authorizationResponsePayload,
    ...(jarm && { jarm }),
  })
  const result = (await gateway.read(id)).body
  return { resolved, status: response.status, result }
}

const pageOrigin = 'http://localhost:3000'

/** Takes what a page of ours gives to the browser, as the browser of another origin, if need be. */
async function resolveForPage(protocol: string, origin = pageOrigin) {
  const { body } = await gateway.ask({ ...kyc, flow: 'dc_api', origin: pageOrigin })
  const { digital } = body.digital_credential_request as DigitalCredentialOptions
  const request = digital.requests.find((each) => each.protocol === protocol)
  const client = wallet()
  const { params } = client.parseOpenid4vpAuthorizationRequest({
    authorizationRequest: request?.data ?? {},
  })
  const resolved = await client.resolveOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: params,
    origin,
  })
  return { id: String(body.id), client, resolved }
}

async function presentToPage(protocol: string) {
  const { id, client, resolved } = await resolveForPage(protocol)
  const answer = await answerTo(client, resolved, `origin:${pageOrigin}`, pageOrigin)
  const { status, body } = await gateway.request(`${origin}/v1/presentations/${id}/response`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.as(gateway.apiKey) },
    body: JSON.stringify({ protocol, data: { response: answer.jarm?.responseJwt } }),
  })
  return { resolved, status, result: body }
}

describe('a wallet of @openid4vc/openid4vp', () => {
  it.each(['get', 'post'])(
    'takes our request by %s for OpenID4VP 1.0, and is verified',
    async (method) => {
      const { resolved, status, result } = await present(undefined, {
        ...kyc,
        request_uri_method: method,
      })
      expect(resolved).toMatchObject({ version: 100, client: { prefix: 'x509_hash' } })
      expect(status).toBe(200)
      expect(result).toMatchObject({
        status: 'verified',
        credentials: { 'pid-sd-jwt': [{ claims: { name: 'Nguyễn Thị An' } }] },
      })
    },
  )

  it.each(['x509_san_dns', 'redirect_uri'])('takes our request under %s', async (prefix) => {
    const { resolved, status, result } = await present(undefined, {
      ...kyc,
      client_id_prefix: prefix,
    })
    expect(resolved).toMatchObject({ version: 100, client: { prefix } })
    expect(status).toBe(200)
    expect(result).toMatchObject({ status: 'verified' })
  })

  it.each(['x509_hash', 'redirect_uri'])('authorises a transaction, under %s', async (prefix) => {
    const document = {
      type: 'urn:gerbang:document:1',
      credential_ids: ['pid-sd-jwt'],
      name: 'Contract',
      sha256: 'a'.repeat(43),
    }
    const { resolved, status, result } = await present(undefined, {
      ...kyc,
      client_id_prefix: prefix,
      transaction_data: [document],
    })
    expect(resolved.transactionData).toMatchObject([{ transactionData: document }])
    expect(status).toBe(200)
    expect(result).toMatchObject({ status: 'verified' })
  })

  it('that encrypts to another key is not heard', async () => {
    const { status, result } = await present(({ kid, ...jwk }) => ({ ...jwk, kid: `${kid}x` }))
    expect(status).toBe(400)
    expect(result).toMatchObject({ status: 'retrieved' })
  })

  it.each([
    ['openid4vp-v1-signed', 'x509_hash'],
    ['openid4vp-v1-unsigned', 'origin'],
  ])('takes what a page gives to the browser, %s, and is verified', async (protocol, prefix) => {
    const { resolved, status, result } = await presentToPage(protocol)
    expect(resolved).toMatchObject({ version: 100, client: { prefix } })
    expect(status).toBe(200)
    expect(result).toMatchObject({
      status: 'verified',
      credentials: { 'pid-sd-jwt': [{ claims: { name: 'Nguyễn Thị An' } }] },
    })
  })

  it('does not take it from a page of another origin', async () => {
    const passedOn = resolveForPage('openid4vp-v1-signed', 'https://evil.example')
    await expect(passedOn).rejects.toThrow(/expected_origins|invalid_request/)
  })
})
