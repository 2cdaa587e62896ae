import { beforeAll, expect } from 'vitest'
import { digestText } from '../../src/credential/digest.ts'
import { authorityKeyIds, x509Hash } from '../../src/credential/x509.ts'
import type { Check } from '../../src/presentation/checks.ts'
import { appendEntry } from '../../src/registry/ledger.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import type { Fact } from '../../src/trust/facts.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { certifiedSigner } from '../support/certificates.ts'
import {
  type Attempt,
  createForger,
  disclosure,
  type Forger,
  type Forgery,
  type Members,
} from '../support/forgery.ts'
import {
  kyc,
  origin,
  type Presentation,
  sdJwtVcIn,
  type TestGateway,
  testGateway,
} from '../support/gateway.ts'
import {
  eachCheck,
  type Flow,
  type Report,
  type Told,
  textsIn,
  told,
  type Ways,
} from '../support/told.ts'
import { signer } from '../wallet/parties.ts'

let gateway: TestGateway
let forger: Forger
beforeAll(async () => {
  gateway = await testGateway()
  forger = await createForger(gateway)
})

const vct = 'urn:gerbang:pid:1'
const claimsOfForger = ['Nguyễn Thị An', '1990-02-03']
const pid = {
  id: 'pid',
  format: 'dc+sd-jwt',
  meta: { vct_values: [vct] },
  claims: [{ path: ['name'] }],
}
const asking = (change: Members, more: Members = {}) => ({
  purpose: 'bank-kyc',
  dcql_query: { credentials: [{ ...pid, ...change }] },
  ...more,
})

/** A forged credential at the bank. */
const forged =
  (forgery: Forgery = {}, attempt: Attempt = {}): Flow =>
  async () => {
    const { result, presentation, request, transaction } = await forger.attack(forgery, attempt)
    const { nonce, state } = request
    return told(result, ...claimsOfForger, presentation, nonce, state, transaction.key)
  }

/** The credential of a citizen, and her wallet's lies; at the bank unless said otherwise. */
const presented =
  (
    lies: Lies = {},
    more: { persona?: string; to?: [string, Members]; status?: string } = {},
  ): Flow =>
  async () => {
    const wallet = await gateway.citizen(more.persona ?? 'vn-nguyen-thi-an')
    const { claims, sdJwt } = sdJwtVcIn(wallet)
    if (more.status) {
      const { uri: status_list_uri, idx } = (
        claims as { status: { status_list: { uri: string; idx: number } } }
      ).status.status_list
      await gateway.post('/sandbox/credentials/status', {
        status_list_uri,
        idx,
        status: more.status,
      })
    }
    const [relyingParty, body] = more.to ?? ['bank-sg', kyc]
    const transaction = await gateway.ask(relyingParty, body)
    const options = { lies, optional: true }
    const { request, response } = await wallet.present(transaction.authorization_request, options)
    const { nonce, state } = request
    return told(await transaction.read(), claims, sdJwt, response, nonce, state, transaction.key)
  }

const persona = async (state: string): Promise<string> => {
  const { body } = await gateway.get<{ personas: { id: string; issuer: string }[] }>(
    '/sandbox/personas',
  )
  return body.personas.find(({ issuer }) => issuer === state)?.id ?? ''
}
const presentedBy =
  (state: string, to?: [string, Members]): Flow =>
  async () =>
    presented({}, { persona: await persona(state), ...(to && { to }) })()

const contract = {
  type: 'urn:gerbang:document:1',
  credential_ids: ['pid'],
  name: 'Account agreement',
  sha256: 'a'.repeat(64),
}
const authorities = (purpose: string) => [
  { type: 'aki', values: authorityKeyIds(signer(purpose).x5c) },
]
const sameDevice = { flow: 'same_device', redirect_uri: 'http://localhost:3000/back' }

/** All that can be asked, and all of it answered as it should be; the browser comes back, too. */
let wholly: Promise<Told> | undefined
const thorough: Flow = () => {
  wholly ??= answerWholly()
  return wholly
}

async function answerWholly(): Promise<Told> {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const { claims, sdJwt } = sdJwtVcIn(wallet)
  const claim = { path: ['name'], values: [String(claims.name)] }
  const change = { claims: [claim], trusted_authorities: authorities('credential:vn') }
  const body = asking(change, { ...sameDevice, transaction_data: [contract] })
  const { authorization_request: link, id, key } = await gateway.ask('bank-sg', body)
  const { redirectUri = '', request, response } = await wallet.present(link)
  const code = new URL(redirectUri).searchParams.get('response_code')
  const path = `/v1/presentations/${id}?response_code=${code}`
  const { body: result } = await gateway.get<Presentation>(path, key)
  const { nonce, state } = request
  return told(result, claims, sdJwt, response, nonce, state, key, code)
}

/** The word that a wallet may say no with is public; what stands around it is not. */
const denied: Flow = async () => {
  const { report, secrets } = await presented({ error: 'access_denied' })()
  return { report, secrets: secrets.filter((each) => !textsIn(each).includes('access_denied')) }
}

/** A good answer on the same device, after which nobody came back. */
const abandoned: Flow = async () => {
  const own = await testGateway()
  const wallet = await own.citizen('vn-nguyen-thi-an')
  const transaction = await own.ask('bank-sg', { ...kyc, ...sameDevice })
  const { redirectUri, response } = await wallet.present(transaction.authorization_request)
  own.advance(601)
  const code = new URL(String(redirectUri)).searchParams.get('response_code')
  return told(await transaction.read(), response, wallet.credentials()[0]?.claims, code)
}

/** Below an anchor that the registry has, and that belongs to no authority of a state. */
const belowNoAuthority: Flow = async () => {
  const own = await testGateway()
  const maker = await certifiedSigner(`${origin}/issuers/vn`)
  const certificate = maker.root.der
  const id = await x509Hash(certificate)
  const effectiveFrom = Math.floor(own.now().getTime() / 1000)
  const facts: Fact[] = [
    {
      ...{ type: 'trust_anchor', id, entity: `${origin}/issuers/vn` },
      ...{ use: 'issuer_ca', certificate, validFrom: effectiveFrom },
    },
    {
      ...{ type: 'status', target: { type: 'trust_anchor', id }, status: 'granted' },
      ...{ effectiveFrom, reason: 'initial' },
    },
  ]
  const deps = { clock: own.now, registryId: 'test', ledger: ledgerStore(own.database) }
  const appended = await appendEntry(deps, { kind: 'anchor', actor: 'somebody', facts })
  expect(appended).toMatchObject({ ok: true })
  await own.deps.registry.refresh()
  const strange = await createForger(own)
  const { result, presentation, request } = await strange.attack({ by: maker })
  return told(result, ...claimsOfForger, presentation, request.nonce)
}

/** A query of the relying party's own, which asked for more than it may. */
const beyondPurpose: Flow = async () => {
  const challenge = { nonce: 'a-nonce-of-its-own', audience: 'x509_hash:of-its-own' }
  const request = { nonce: challenge.nonce, client_id: challenge.audience }
  const presentation = await forger.bind(await forger.sdJwt(), request)
  const dcql_query = { credentials: [{ ...pid, claims: [{ path: ['name'] }, { path: ['sex'] }] }] }
  const key = await gateway.keyOf('bank-sg')
  const body = { purpose: 'bank-kyc', vp_token: { pid: [presentation] }, dcql_query, ...challenge }
  const answer = await gateway.post<{ report: Report }>('/v1/verify', body, key)
  return told(answer.body, ...claimsOfForger, presentation, challenge.nonce, key)
}

const surplus: Flow = async () => {
  const { text, digest } = await disclosure('religion', 'Caodaism')
  const claims = { _sd: [...forger.honest.digests, digest] }
  const { report, secrets } = await forged({ claims, disclosures: [text] })()
  return { report, secrets: [...secrets, 'Caodaism'] }
}

const twoAsked = {
  purpose: 'bank-kyc',
  dcql_query: { credentials: [pid, { ...pid, id: 'other', claims: [{ path: ['birthdate'] }] }] },
}
const status = (idx: number) => ({ status_list: { uri: `${origin}/status-lists/none`, idx } })
const transactionData = (hash: (encoded: string) => Promise<string>): Attempt => ({
  ask: asking({}, { transaction_data: [contract] }),
  binding: async ({ transaction_data: sent }) => ({
    claims: {
      transaction_data_hashes: [await hash((sent as string[])[0] ?? '')],
      transaction_data_hashes_alg: 'sha-256',
    },
  }),
})

/** For each check, a flow in which it holds, and one in which it does not. */
const flows: Record<Check, Ways> = {
  'response.shape': { pass: thorough, fail: presented({ vpToken: () => 'no object' }) },
  'response.error': { pass: thorough, fail: denied },
  'response.code': { pass: thorough, fail: abandoned },
  'response.transaction_data': {
    pass: thorough,
    fail: presented(
      { transactionDataHashes: null },
      { to: ['bank-sg', asking({}, { transaction_data: [contract] })] },
    ),
  },

  'credential.format': { pass: thorough, fail: presented({ presentations: ['no SD-JWT'] }) },
  'credential.header': { pass: thorough, fail: forged({ header: { typ: 'JWT' } }) },
  'credential.chain': { pass: thorough, fail: forged({ header: { x5c: ['AAAA'] } }) },
  'credential.signature': { pass: thorough, fail: presented({ tamperIssuerSignature: true }) },
  'credential.disclosures': { pass: thorough, fail: presented({ alterDisclosure: true }) },
  'credential.claims': { pass: thorough, fail: forged({ claims: { aka_vcts: [] } }) },
  'credential.issuer': { pass: thorough, fail: forged({ claims: { iss: 'https://a.example' } }) },
  'credential.validity': { pass: thorough, fail: forged({ claims: { exp: 1 } }) },

  'key_binding.present': { pass: thorough, fail: presented({ dropKeyBinding: true }) },
  'key_binding.header': { pass: thorough, fail: presented({ kbTyp: 'JWT' }) },
  'key_binding.signature': { pass: thorough, fail: presented({ holderKey: 'other' }) },
  'key_binding.nonce': { pass: thorough, fail: presented({ nonce: 'a nonce of another day' }) },
  'key_binding.audience': { pass: thorough, fail: presented({ audience: 'somebody else' }) },
  'key_binding.time': { pass: thorough, fail: presented({ iat: -3600 }) },
  'key_binding.sd_hash': { pass: thorough, fail: presented({ sdHash: 'A'.repeat(43) }) },
  'key_binding.transaction_data': {
    pass: forged({}, transactionData(digestText)),
    fail: forged(
      {},
      transactionData(async () => 'A'.repeat(43)),
    ),
  },

  'status.list': { pass: thorough, fail: forged({ claims: { status: status(1) } }) },
  'status.value': { pass: thorough, fail: presented({}, { status: 'revoked' }) },

  'trust.anchor': { pass: thorough, fail: belowNoAuthority },
  'trust.issuer': { pass: thorough, fail: forged({ claims: { vct: 'urn:gerbang:other:1' } }) },
  'trust.recognition': { pass: thorough, fail: presentedBy('la') },
  'assurance.proofing': { pass: thorough, fail: presentedBy('bn', loginInBrunei()) },
  'assurance.authn': { pass: thorough, fail: presentedBy('bn', loginInBrunei()) },

  'query.type': { pass: thorough, fail: forged({ claims: { vct: 'urn:gerbang:age:1' } }) },
  'query.authorities': {
    pass: thorough,
    fail: forged({}, { ask: asking({ trusted_authorities: authorities('credential:th') }) }),
  },
  'query.issuers': {
    pass: forged({}, { ask: { ...kyc, issuers: ['vn'] } }),
    fail: forged({}, { ask: { ...kyc, issuers: ['th'] } }),
  },
  'query.claims': { pass: thorough, fail: presented({ omitDisclosure: ['name'] }) },
  'query.values': {
    pass: thorough,
    fail: forged({}, { ask: asking({ claims: [{ path: ['name'], values: ['Somebody Else'] }] }) }),
  },
  'query.credentials': {
    pass: thorough,
    fail: presented({ vpToken: ({ pid = [] }) => ({ pid }) }, { to: ['bank-sg', twoAsked] }),
  },
  'query.surplus': { pass: thorough, skip: surplus },

  'purpose.claims': { pass: thorough, fail: beyondPurpose },
}

function loginInBrunei(): [string, Members] {
  return ['gov-bn', { purpose: 'gov-service-login', ask: ['name', 'person_token'] }]
}

eachCheck(flows)
