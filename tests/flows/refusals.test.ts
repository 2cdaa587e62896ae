import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { type RefusalCode, refusals } from '../../src/errors.ts'
import { problem } from '../../src/http/render.ts'
import { appendEntry } from '../../src/registry/ledger.ts'
import { refuse } from '../../src/result.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import { attack, kyc, type TestGateway, testGateway } from '../support/gateway.ts'
import { dpopProof, holderKey, issuers, keyProof, preAuthorized } from '../support/issuance.ts'

type Said = { status: number; body: Record<string, unknown> }

let gateway: TestGateway
let issuer: Awaited<ReturnType<typeof issuers>>
let key: string
beforeAll(async () => {
  issuer = await issuers()
  gateway = await testGateway()
  key = await gateway.keyOf('bank-sg')
})

const start = (change: object) => gateway.post('/v1/presentations', { ...kyc, ...change }, key)
const token = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  issuer.token({ grant_type: preAuthorized, ...parameters }, headers)
const redeem = async (change: Record<string, string>, headers: Record<string, string> = {}) => {
  const { code } = await issuer.offer({ tx_code: 'tx_code' in change })
  return token({ 'pre-authorized_code': code, ...change }, headers)
}
const credential = async (body: object) =>
  issuer.credential(await issuer.accessToken(), {
    credential_configuration_id: 'pid-sd-jwt',
    ...body,
  })
const details = (configuration: string) =>
  JSON.stringify([{ type: 'openid_credential', credential_configuration_id: configuration }])
const proved = async (claims: object) => ({
  proofs: { jwt: [await keyProof(await holderKey(), { nonce: 'x', ...claims })] },
})

/** For each refusal there is, a request that meets with it: a new one does not compile without. */
const requests: Record<RefusalCode, () => Promise<Said>> = {
  malformed_request: () => start({ purpose: 7 }),
  unsupported_media_type: () => gateway.call('/sandbox/offers', { method: 'POST', body: '{}' }),
  payload_too_large: () => gateway.post('/sandbox/offers', 'x'.repeat(2 ** 20 + 1)),
  not_found: () => gateway.get('/nowhere'),
  method_not_allowed: () => gateway.call('/sandbox/offers', { method: 'PUT' }),
  unauthenticated: () => gateway.get('/v1/me'),

  persona_unknown: () => offer({ persona: 'vn-nobody' }),
  offer_not_possible: () => offer({ grant: 'authorization_code' }),
  grant_type_unsupported: () => issuer.token({ grant_type: 'password' }),
  client_not_attested: () => redeem({}, { 'OAuth-Client-Attestation': 'x' }),
  dpop_proof_rejected: () => redeem({}, { DPoP: 'x' }),
  authorization_details_invalid: () => redeem({ authorization_details: details('unknown') }),
  code_not_redeemable: () => token({ 'pre-authorized_code': 'unknown' }),
  async tx_code_missing() {
    const { code } = await issuer.offer({ tx_code: true })
    return token({ 'pre-authorized_code': code })
  },
  async tx_code_unexpected() {
    const { code } = await issuer.offer({ tx_code: false })
    return token({ 'pre-authorized_code': code, tx_code: '123456' })
  },
  tx_code_wrong: () => redeem({ tx_code: 'abcdef' }),
  async access_proof_rejected() {
    const { code } = await issuer.offer()
    const DPoP = await dpopProof(await holderKey(), { iat: seconds() })
    const { body } = await token({ 'pre-authorized_code': code }, { DPoP })
    const authorization = `DPoP ${body.access_token}`
    return issuer.credential('', {}, { authorization, DPoP: 'x' })
  },
  credential_request_malformed: () => credential({ credential_identifier: 'and-this-too' }),
  credential_configuration_unknown: () => credential({ credential_configuration_id: 'unknown' }),
  credential_identifier_unknown: async () =>
    issuer.credential(await tokenWithDetails(), { credential_identifier: 'unknown' }),
  credential_not_granted: () => credential({ credential_configuration_id: 'age-sd-jwt' }),
  encryption_not_supported: () => credential({ credential_response_encryption: {} }),
  key_proof_rejected: async () => credential(await proved({ aud: 'https://other.example' })),
  nonce_not_fresh: async () => credential(await proved({ iat: seconds() })),
  async status_final() {
    const { uri: status_list_uri, idx } = await statusReference()
    const change = { status_list_uri, idx }
    await gateway.post('/sandbox/credentials/status', { ...change, status: 'revoked' })
    return gateway.post('/sandbox/credentials/status', { ...change, status: 'valid' })
  },
  not_acceptable: async () =>
    gateway.call((await statusReference()).uri, { headers: { accept: 'text/html' } }),
  status_history_not_offered: async () => gateway.get(`${(await statusReference()).uri}?time=1`),

  option_unavailable: () => start({ origin: 'https://bank.example' }),
  purpose_not_registered: () => start({ purpose: 'age-check' }),
  purpose_exceeded: () => start({ ask: ['sex'] }),
  query_invalid: () => start({ ask: undefined, dcql_query: { credentials: [] } }),
  transaction_data_invalid: () => start({ transaction_data: [{ type: 'urn:other' }] }),
  redirect_uri_not_registered: () => start({ redirect_uri: 'https://elsewhere.example/' }),
  async response_code_used() {
    const { transaction, body } = await attack(gateway, {})
    const code = new URL(String((body as { redirect_uri: string }).redirect_uri)).search
    await gateway.get(`/v1/presentations/${transaction.id}${code}`, key)
    return gateway.get(`/v1/presentations/${transaction.id}${code}`, key)
  },
  async response_code_wrong() {
    const { transaction } = await attack(gateway, {})
    return gateway.get(`/v1/presentations/${transaction.id}?response_code=another`, key)
  },
  async transaction_expired() {
    const transaction = await gateway.ask('bank-sg', { ...kyc, expires_in: 60 })
    gateway.advance(61)
    return gateway.get(requestUri(transaction.authorization_request))
  },
  async already_answered() {
    const { transaction } = await attack(gateway, {})
    return gateway.get(requestUri(transaction.authorization_request))
  },
  response_unusable: async () => said(await attack(gateway, { kid: 'unknown' })),
  presentation_refused: async () => said(await attack(gateway, { nonce: 'another' })),

  async registry_unreachable() {
    const unreachable = { code: 'registry_unreachable', detail: 'Try again later.' } as const
    const snapshot = async () => refuse(unreachable)
    const cutOff = createApp({ ...gateway.deps, snapshot })
    const response = await cutOff.request(`${gateway.origin}/v1/presentations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(kyc),
    })
    return { status: response.status, body: await response.json() }
  },
  // Nobody can change the registry over HTTP yet: asked where changes are made.
  async registry_conflict() {
    const ledger = ledgerStore(gateway.database)
    const deps = { clock: gateway.now, ledger, registryId: 'urn:gerbang:registry:test' }
    const change = { kind: 'genesis', actor: 'sandbox', facts: [], position: 0 }
    const appended = await appendEntry(deps, change)
    if (appended.ok) throw new Error('a second genesis')
    const response = problem(appended.error)
    return { status: response.status, body: await response.json() }
  },
}

/** Where the standard's few codes serve several refusals, what this one says tells it from the others. */
const says: Partial<Record<RefusalCode, RegExp>> = {
  grant_type_unsupported: /only grant type/,
  client_not_attested: /attestation/,
  dpop_proof_rejected: /DPoP/,
  authorization_details_invalid: /authorization_details/,
  code_not_redeemable: /code/,
  tx_code_missing: /tx_code/,
  tx_code_unexpected: /tx_code/,
  tx_code_wrong: /code/,
  access_proof_rejected: /DPoP/,
  credential_request_malformed: /exactly one/,
  credential_configuration_unknown: /metadata have no such/,
  credential_identifier_unknown: /did not name/,
  credential_not_granted: /for other credentials/,
  encryption_not_supported: /Encrypted/,
  key_proof_rejected: /aud/,
  nonce_not_fresh: /nonce/,
  transaction_expired: /expired/,
  already_answered: /answered/,
  response_unusable: /encrypted/,
  presentation_refused: /key_binding.nonce/,
}

const seconds = () => Math.floor(issuer.deps.clock().getTime() / 1000)
const said = ({ status, body }: { status: number; body: unknown }): Said => ({
  status,
  body: body as Record<string, unknown>,
})
const requestUri = (link: string) => new URL(link).searchParams.get('request_uri') ?? ''
const offer = (change: object) =>
  gateway.post('/sandbox/offers', {
    issuer: 'vn',
    persona: 'vn-nguyen-thi-an',
    credential_configuration_ids: ['pid-sd-jwt'],
    grant: 'pre-authorized_code',
    ...change,
  })
async function statusReference(): Promise<{ uri: string; idx: number }> {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const [held] = wallet.credentials()
  return JSON.parse(JSON.stringify(held?.claims.status)).status_list
}
async function tokenWithDetails(): Promise<string> {
  const { body } = await redeem({ authorization_details: details('pid-sd-jwt') })
  return String(body.access_token)
}

describe('every refusal is met with by some request', () => {
  it.each(Object.keys(requests) as RefusalCode[])('%s', async (code) => {
    const { status, oauth } = refusals[code]
    const answer = await requests[code]()
    const detail = String(answer.body.detail ?? answer.body.error_description)
    // Said in whole sentences.
    expect(detail).toMatch(/^\S.{8,}\.$/)
    if ('code' in answer.body) {
      expect(answer).toMatchObject({ status, body: { code, status } })
    } else {
      expect(answer.body).toMatchObject({ error: oauth })
      expect([status, 400]).toContain(answer.status)
      expect(detail).toMatch(says[code] ?? /this refusal needs words of its own/)
    }
  })
})
