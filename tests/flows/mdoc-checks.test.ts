import { beforeAll } from 'vitest'
import { parseIssuedMdoc } from '../../src/credential/device-response.ts'
import { readMobileSecurityObject } from '../../src/credential/mobile-security-object.ts'
import { authorityKeyIds } from '../../src/credential/x509.ts'
import type { Check } from '../../src/presentation/checks.ts'
import type { HeldMdoc } from '../../src/wallet/held-credential.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { signer as certified, exampleAuthority, signWith } from '../support/certificates.ts'
import type { Attempt, Maker, Members } from '../support/forgery.ts'
import { origin, type Presentation, type TestGateway, testGateway } from '../support/gateway.ts'
import { createMdocForger, type MdocForgery, pidDoctype } from '../support/mdoc-forgery.ts'
import { eachCheck, type Flow, told, type Ways } from '../support/told.ts'
import { signer } from '../wallet/parties.ts'

let gateway: TestGateway
let forger: Awaited<ReturnType<typeof createMdocForger>>
beforeAll(async () => {
  gateway = await testGateway()
  forger = await createMdocForger(gateway)
})

const claimsOfForger = ['Nguyễn Thị An', '1990-02-03']
const kyc = { purpose: 'bank-kyc', ask: ['name', 'birthdate'], formats: ['mso_mdoc'] }
const name = { path: [pidDoctype, 'name'] }
const pid = {
  id: 'pid',
  format: 'mso_mdoc',
  meta: { doctype_value: pidDoctype },
  claims: [name],
}
const asking = (change: Members, ...more: object[]) => ({
  purpose: 'bank-kyc',
  dcql_query: { credentials: [{ ...pid, ...change }, ...more] },
})

/** A forged document at the bank. */
const forged =
  (forgery: MdocForgery | (() => Promise<MdocForgery>) = {}, attempt: Attempt = {}): Flow =>
  async () => {
    const made = typeof forgery === 'function' ? await forgery() : forgery
    const { result, presentation, request, transaction } = await forger.attack(made, attempt)
    const { nonce, state } = request
    return told(result, ...claimsOfForger, presentation, nonce, state, transaction.key)
  }

type Visit = { persona?: string; to?: [string, Members]; status?: string }

/** The mdoc of a citizen, and her wallet's lies; at the bank unless said otherwise. */
const presented =
  (lies: Lies = {}, { persona = 'vn-nguyen-thi-an', to, status }: Visit = {}): Flow =>
  async () => {
    const wallet = await gateway.citizen(persona, ['pid-mdoc'])
    const [held] = wallet.credentials()
    if (held?.format !== 'mso_mdoc') throw new Error('the wallet holds no mdoc')
    const [relyingParty, body] = to ?? ['bank-sg', kyc]
    if (status) await setStatus(held, status)
    const transaction = await gateway.ask(relyingParty, body)
    const link = transaction.authorization_request
    const { request, response } = await wallet.present(link, { lies })
    const { nonce, state } = request
    const secrets = [held.claims, response, nonce, state, transaction.key]
    return told(await transaction.read(), ...secrets)
  }

async function setStatus({ issuerSigned }: HeldMdoc, status: string): Promise<void> {
  const issued = parseIssuedMdoc(issuerSigned)
  const mso = issued.ok ? readMobileSecurityObject(issued.value.mso) : issued
  const { uri: status_list_uri, idx } = (mso.ok && mso.value.status) || {}
  await gateway.post('/sandbox/credentials/status', { status_list_uri, idx, status })
}

const persona = async (state: string): Promise<string> => {
  const { body } = await gateway.get<{ personas: { id: string; issuer: string }[] }>(
    '/sandbox/personas',
  )
  return body.personas.find(({ issuer }) => issuer === state)?.id ?? ''
}
const presentedBy =
  (state: string, to: [string, Members] = ['bank-sg', kyc]): Flow =>
  async () =>
    presented({}, { persona: await persona(state), to })()
const login = { purpose: 'gov-service-login', ask: ['name'], formats: ['mso_mdoc'] }

const authorities = (purpose: string) => [
  { type: 'aki', values: authorityKeyIds(signer(purpose).x5c) },
]

/** All that can be asked of an mdoc, and all of it answered as it should be. */
const thorough: Flow = () =>
  forged(
    {},
    {
      ask: asking({
        claims: [{ ...name, values: ['Nguyễn Thị An'] }, { path: [pidDoctype, 'birthdate'] }],
        trusted_authorities: authorities('document:vn'),
      }),
    },
  )()

/** A document signer of Viet Nam, whose certificate names another party as well. */
async function signerOfTwo(): Promise<Maker> {
  const vietnam = await exampleAuthority('ca:issuer-vn')
  const leaf = await certified('Signer', {
    by: vietnam,
    extendedUsage: ['1.0.18013.5.1.2'],
    names: [
      { type: 'url', value: `${origin}/issuers/vn` },
      { type: 'url', value: `${origin}/issuers/th` },
    ],
  })
  return { x5c: [leaf.der, vietnam.der], sign: signWith(leaf.keys) }
}

/** Judged at a gateway where the anchor of Viet Nam is not in force any more. */
const suspended: Flow = async () => {
  const own = await testGateway()
  const strange = await createMdocForger(own)
  const facts = own.deps.registry.facts()
  const anchor = facts.find(
    (fact) => fact.type === 'trust_anchor' && fact.entity === `${origin}/states/vn`,
  )
  if (anchor?.type !== 'trust_anchor') throw new Error('Viet Nam has an anchor')
  await own.suspend({ type: 'trust_anchor', id: anchor.id })
  const { result, presentation, request } = await strange.attack()
  return told(result, ...claimsOfForger, presentation, request.nonce)
}

/** A query of the relying party's own, which asked for more than it may. */
const beyondPurpose: Flow = async () => {
  const request = {
    nonce: 'a-nonce-of-its-own',
    client_id: 'x509_hash:of-its-own',
    response_uri: 'https://bank.example/response',
    client_metadata: { jwks: { keys: [{ kid: 'A'.repeat(43) }] } },
  }
  const presentation = await forger.bind(await forger.issuerSigned(), request)
  const { dcql_query } = asking({ claims: [name, { path: [pidDoctype, 'sex'] }] })
  const key = await gateway.keyOf('bank-sg')
  const body = {
    ...{ purpose: 'bank-kyc', vp_token: { pid: [presentation] }, dcql_query },
    ...{ nonce: request.nonce, audience: request.client_id },
    ...{ response_uri: request.response_uri, jwk_thumbprint: 'A'.repeat(43) },
  }
  const answer = await gateway.post<Pick<Presentation, 'report'>>('/v1/verify', body, key)
  return told(answer.body, ...claimsOfForger, presentation, request.nonce, key)
}

const surplus: Flow = async () => {
  const elements = { name: 'Nguyễn Thị An', birthdate: '1990-02-03', religion: 'Caodaism' }
  const { report, secrets } = await forged({ elements })()
  return { report, secrets: [...secrets, 'Caodaism'] }
}

const past = (): MdocForgery => ({ validUntil: new Date(gateway.now().getTime() - 1000) })
const noList = { uri: `${origin}/status-lists/none`, idx: 1 }
const twoAsked = asking({}, { ...pid, id: 'other', claims: [{ path: [pidDoctype, 'birthdate'] }] })

/** What is judged of a presentation; what is judged of an answer as a whole has no format. */
type CredentialChecks = Exclude<Check, `response.${string}`>

/** For each check, a flow in which it holds for an mdoc, and one in which it does not, or does not apply. */
const flows: Record<CredentialChecks, Ways> = {
  'credential.format': { pass: thorough, fail: presented({ trailingByte: true }) },
  'credential.header': { pass: thorough, fail: presented({ issuerAlg: 'none' }) },
  'credential.chain': {
    pass: thorough,
    fail: forged(async () => ({ by: { ...signer('document:vn'), x5c: ['AAAA'] } })),
  },
  'credential.signature': { pass: thorough, fail: presented({ tamperIssuerSignature: true }) },
  'credential.disclosures': { pass: thorough, fail: presented({ alterDisclosure: true }) },
  'credential.claims': { pass: thorough, fail: presented({ docType: 'org.gerbang.age.1' }) },
  'credential.issuer': { pass: thorough, fail: forged(async () => ({ by: await signerOfTwo() })) },
  'credential.validity': { pass: thorough, fail: forged(async () => past()) },

  'key_binding.present': { pass: thorough, fail: presented({ dropKeyBinding: true }) },
  'key_binding.header': { pass: thorough, fail: presented({ deviceAuth: 'unprotected-alg' }) },
  'key_binding.signature': { pass: thorough, fail: presented({ holderKey: 'other' }) },
  'key_binding.nonce': { pass: thorough, skip: presented({ nonce: 'a nonce of another day' }) },
  'key_binding.audience': { pass: thorough, skip: presented({ audience: 'somebody else' }) },
  'key_binding.time': { skip: thorough },
  'key_binding.sd_hash': { skip: thorough },
  'key_binding.transaction_data': { skip: thorough },

  'status.list': { pass: presented(), fail: forged({ status: noList }) },
  'status.value': { pass: presented(), fail: presented({}, { status: 'revoked' }) },

  'trust.anchor': { pass: thorough, fail: suspended },
  'trust.issuer': { pass: thorough, fail: forged({ docType: 'org.gerbang.other.1' }) },
  'trust.recognition': { pass: thorough, fail: presentedBy('la') },
  'assurance.proofing': { pass: thorough, fail: presentedBy('bn', ['gov-bn', login]) },
  'assurance.authn': { pass: thorough, fail: presentedBy('bn', ['gov-bn', login]) },

  'query.type': { pass: thorough, fail: forged({ docType: 'org.gerbang.age.1' }) },
  'query.authorities': {
    pass: thorough,
    fail: forged({}, { ask: asking({ trusted_authorities: authorities('document:th') }) }),
  },
  'query.issuers': {
    pass: forged({}, { ask: { ...kyc, issuers: ['vn'] } }),
    fail: forged({}, { ask: { ...kyc, issuers: ['th'] } }),
  },
  'query.claims': { pass: thorough, fail: presented({ omitDisclosure: [pidDoctype, 'name'] }) },
  'query.values': {
    pass: thorough,
    fail: forged({}, { ask: asking({ claims: [{ ...name, values: ['Somebody Else'] }] }) }),
  },
  'query.credentials': {
    pass: thorough,
    fail: presented({ vpToken: ({ pid = [] }) => ({ pid }) }, { to: ['bank-sg', twoAsked] }),
  },
  'query.surplus': { pass: thorough, skip: surplus },

  'purpose.claims': { pass: thorough, fail: beyondPurpose },
}

eachCheck(flows)
