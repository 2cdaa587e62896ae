import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url } from '../../src/credential/base64url.ts'
import { createDeviceResponse } from '../../src/credential/device-response.ts'
import { digestText } from '../../src/credential/digest.ts'
import { parseJsonObject } from '../../src/credential/json.ts'
import { parseJws } from '../../src/credential/jws.ts'
import { dcApiTranscript, redirectTranscript } from '../../src/credential/session-transcript.ts'
import { verificationRecords } from '../../src/store/schema/presentation.ts'
import type { HeldMdoc } from '../../src/wallet/held-credential.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import type { Wallet } from '../../src/wallet/wallet.ts'
import { expectRefused, expectVerified } from '../support/forgery.ts'
import {
  type Check,
  failed,
  origin,
  type Presentation,
  type TestGateway,
  testGateway,
} from '../support/gateway.ts'

const doctype = 'org.gerbang.pid.1'
const an = 'vn-nguyen-thi-an'

let gateway: TestGateway
let wallet: Wallet
let held: HeldMdoc
beforeAll(async () => {
  gateway = await testGateway()
  wallet = await gateway.citizen(an, ['pid-mdoc'])
  const [mdoc] = wallet.credentials()
  if (mdoc?.format !== 'mso_mdoc') throw new Error('the wallet holds no mdoc')
  held = mdoc
})

type Released = {
  format: string
  type: string
  claims: Record<string, unknown>
  [member: string]: unknown
}
const elements = () => held.claims[doctype] as Record<string, unknown>
const credentialsOf = ({ credentials }: Pick<Presentation, 'credentials'>, id = 'pid-mdoc') =>
  (credentials?.[id] ?? []) as Released[]
const check = ({ report }: Pick<Presentation, 'report'>, id: string) =>
  report?.checks.find((each) => each.id === id) as Check

/** What the bank reads of her mdoc. */
async function present(body: Record<string, unknown>, lies: Lies = {}, by = wallet) {
  const transaction = await gateway.ask('bank-sg', { purpose: 'bank-kyc', ...body })
  const {
    status,
    body: heard,
    ...rest
  } = await by.present(transaction.authorization_request, {
    lies,
  })
  return { ...rest, status, body: heard, transaction, result: await transaction.read() }
}

describe('an mdoc', () => {
  it('answers an ask like an SD-JWT VC, and is released with flat claims', async () => {
    const outcome = await present({ ask: ['name', 'birthdate'] })
    expectVerified(outcome)
    const { credentials } = outcome.result
    expect(Object.keys(credentials ?? {})).toEqual(['pid-mdoc'])
    expect(credentialsOf(outcome.result)).toEqual([
      {
        format: 'mso_mdoc',
        type: doctype,
        issuer: { id: `${origin}/issuers/vn`, country: 'VN' },
        claims: { name: 'Nguyễn Thị An', birthdate: elements().birthdate },
        assurance: { proofing: 'high', authn: 'high', national: expect.any(String) },
        recognition: expect.objectContaining({ recogniser: 'SG', recognised: 'VN' }),
        status: 'valid',
      },
    ])
  })

  it('passes the same checks as an SD-JWT VC, and skips what its format has not', async () => {
    const asMdoc = (await present({ ask: ['name'] })).result
    const sdJwtVc = (await present({ ask: ['name'] }, {}, await gateway.citizen(an))).result
    const ids = ({ report }: Presentation) => report?.checks.map(({ id }) => id)
    expect(ids(asMdoc)).toEqual(ids(sdJwtVc))
    const outcomes = ({ report }: Presentation) =>
      Object.fromEntries(report?.checks.map(({ id, outcome }) => [id, outcome]) ?? [])
    expect(outcomes(asMdoc)).toEqual({
      ...outcomes(sdJwtVc),
      'key_binding.time': 'skip',
      'key_binding.sd_hash': 'skip',
    })
  })

  it('is preferred where the relying party prefers it', async () => {
    const both = await gateway.citizen(an, ['pid-sd-jwt', 'pid-mdoc'])
    const preferred = async (...formats: string[]) =>
      Object.keys((await present({ ask: ['name'], formats }, {}, both)).result.credentials ?? {})
    expect(await preferred('mso_mdoc', 'dc+sd-jwt')).toEqual(['pid-mdoc'])
    expect(await preferred('dc+sd-jwt', 'mso_mdoc')).toEqual(['pid-sd-jwt'])
  })

  it('shows an element in whole, of which no more is released than was asked', async () => {
    const { result } = await present({ ask: ['address.country', 'nationalities'] })
    expect(elements().address).toHaveProperty('formatted')
    expect(credentialsOf(result)[0]?.claims).toEqual({
      address: { country: 'VN' },
      nationalities: elements().nationalities,
    })
  })

  it('is released like an SD-JWT VC, whatever part of an object is asked for', async () => {
    for (const ask of [['address'], ['address.country'], ['address', 'address.country']]) {
      const asMdoc = await present({ ask })
      const sdJwtVc = await present({ ask }, {}, await gateway.citizen(an))
      const [released] = credentialsOf(sdJwtVc.result, 'pid-sd-jwt')
      expect(credentialsOf(asMdoc.result)[0]?.claims).toEqual(released?.claims)
    }
  })

  it('is released without the raw token of the person', async () => {
    const tokenOf = async (by: Wallet, id: string) =>
      credentialsOf((await present({ ask: ['person_token'] }, {}, by)).result, id)[0]?.claims
        .person_token
    const token = await tokenOf(wallet, 'pid-mdoc')
    expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/)
    expect(token).not.toContain(elements().person_token)
    // It is the same person, in whichever format she comes.
    expect(await tokenOf(await gateway.citizen(an), 'pid-sd-jwt')).toBe(token)
  })

  it('may show more than was asked: it is dropped, and named without its value', async () => {
    const { result } = await present(
      { ask: ['name'] },
      { disclosureNotAsked: [doctype, 'birthdate'] },
    )
    expect(result.status).toBe('verified')
    expect(credentialsOf(result)[0]?.claims).toEqual({ name: 'Nguyễn Thị An' })
    expect(check(result, 'query.surplus')).toMatchObject({
      outcome: 'skip',
      detail: `Shown beyond the request, verified and dropped: ${doctype}.birthdate.`,
    })
  })

  it('is in the receipt by the digest of what was sent, and in the record by its type', async () => {
    const { result, response } = await present({ ask: ['name'] })
    const [presentation = ''] = (response.vp_token as Record<string, string[]>)['pid-mdoc'] ?? []
    const receipt = parseJsonObject(parseJws(result.receipt ?? '')?.payload ?? '')
    expect(receipt?.presentations).toEqual([
      expect.objectContaining({ sha256: await digestText(presentation), type: doctype }),
    ])
    const records = await gateway.database.orm.select().from(verificationRecords)
    expect(records.at(-1)).toMatchObject({
      credentialType: 'urn:gerbang:pid:1',
      issuerCountry: 'VN',
    })
  })

  it('is held to the states that were asked for', async () => {
    expectVerified(await present({ ask: ['name'], issuers: ['vn'] }))
    const lies = { vpToken: () => ({ 'pid-mdoc': ['oA'] }) }
    expectRefused(await present({ ask: ['name'], issuers: ['th'] }, lies), 'credential.format')
    const thai = await gateway.citizen('th-somchai-jaidee', ['pid-mdoc'])
    const { result } = await present({ ask: ['name'], issuers: ['th'] }, {}, thai)
    expect(check(result, 'query.issuers').outcome).toBe('pass')
  })
})

describe('a query of the relying party’s own', () => {
  const query = (change: object = {}, more: object = {}) => ({
    dcql_query: {
      credentials: [
        {
          id: 'mine',
          format: 'mso_mdoc',
          meta: { doctype_value: doctype },
          claims: [{ path: [doctype, 'name'], intent_to_retain: true }],
          ...change,
        },
      ],
      ...more,
    },
  })

  it('may expect values of elements', async () => {
    const claims = (...values: unknown[]) =>
      query({ claims: [{ path: [doctype, 'name'], values }] })
    expectVerified(await present(claims('Somebody', 'Nguyễn Thị An')))
    const { response } = await present(query())
    const lies = { vpToken: () => response.vp_token }
    const other = await present(claims('Somebody'), lies)
    expect(failed(other.result)).toContain('key_binding.signature')
  })

  it('may have alternatives, of which the first that is there counts', async () => {
    const outcome = await present(
      query({
        claims: [
          { id: 'd', path: [doctype, 'document_number'] },
          { id: 'n', path: [doctype, 'name'] },
          { id: 'b', path: [doctype, 'birthdate'] },
        ],
        claim_sets: [
          ['n', 'b'],
          ['n', 'd'],
        ],
      }),
    )
    expectVerified(outcome)
    expect(credentialsOf(outcome.result, 'mine')[0]?.claims).toEqual({
      name: 'Nguyễn Thị An',
      birthdate: elements().birthdate,
    })
  })

  it('without claims gets none', async () => {
    const outcome = await present(query({ claims: undefined }))
    expectVerified(outcome)
    expect(credentialsOf(outcome.result, 'mine')).toEqual([expect.objectContaining({ claims: {} })])
  })

  it('keeps what it says wallets are to be told', async () => {
    const { request } = await present(query())
    expect(request.dcql_query).toEqual(query().dcql_query)
  })

  it('gets whole elements, less what no purpose may permit', async () => {
    const outcome = await present(query({ claims: [{ path: [doctype, 'address'] }] }))
    expectVerified(outcome)
    expect(credentialsOf(outcome.result, 'mine')[0]?.claims).toEqual({
      address: elements().address,
    })
  })

  it.each<[string, Lies, string[]]>([
    ['with less than was asked', { omitDisclosure: [doctype, 'name'] }, ['query.claims']],
    ['that was altered', { alterDisclosure: true }, ['credential.disclosures']],
    ['made for another nonce', { nonce: 'another' }, ['key_binding.signature']],
    ['made for another verifier', { audience: 'x509_hash:another' }, ['key_binding.signature']],
    ['made for another address', { responseUri: 'https://a.example' }, ['key_binding.signature']],
    ['made for another key', { jwkThumbprint: 'other' }, ['key_binding.signature']],
    ['made for a response in the clear', { jwkThumbprint: null }, ['key_binding.signature']],
    ['signed by another device', { holderKey: 'other' }, ['key_binding.signature']],
    ['of two documents', { extraDocument: true }, ['credential.format']],
  ])('is not answered by one %s', async (_, lies, checks) => {
    expectRefused(await present(query(), lies), ...checks)
  })

  it('is not answered by another format', async () => {
    const { response } = await present({ ask: ['name'] }, {}, await gateway.citizen(an))
    const [sdJwtVc = ''] = (response.vp_token as Record<string, string[]>)['pid-sd-jwt'] ?? []
    expectRefused(await present(query(), { presentations: [sdJwtVc] }), 'credential.format')
  })

  it('is not answered by another doctype', async () => {
    const own = await gateway.citizen(an, ['age-mdoc'])
    const asked = await gateway.ask('shop-th', {
      ...{ purpose: 'age-check', ask: [{ type: 'age', claims: ['age_over_18'] }] },
    })
    await own.present(asked.authorization_request)
    expect((await asked.read()).status).toBe('verified')
    const lies = { docType: 'org.gerbang.age.1' }
    expectRefused(await present(query(), lies), 'credential.claims')
  })
})

describe('an answer to a relying party that asked by itself', () => {
  const challenge = { nonce: 'a-nonce-of-its-own', audience: 'x509_hash:its-own' }
  const responseUri = 'https://bank.example/response'
  const thumbprint = 'A'.repeat(43)
  const jwkThumbprint = decodeBase64url(thumbprint) ?? new Uint8Array()
  const more = { response_uri: responseUri, jwk_thumbprint: thumbprint }

  const deviceResponse = (sessionTranscript: Uint8Array) =>
    createDeviceResponse({
      issuerSigned: held.issuerSigned,
      docType: doctype,
      show: [
        [doctype, 'name'],
        [doctype, 'sex'],
      ],
      sessionTranscript,
      sign: held.holderKey.sign,
    })
  const redirected = async () =>
    deviceResponse(
      await redirectTranscript({
        ...{ clientId: challenge.audience, nonce: challenge.nonce },
        ...{ responseUri, jwkThumbprint },
      }),
    )
  type Verified = Pick<Presentation, 'report' | 'credentials'>
  const verify = async (body: Record<string, unknown>) =>
    gateway.post<Verified>(
      '/v1/verify',
      { purpose: 'bank-kyc', ...challenge, ...body },
      await gateway.keyOf('bank-sg'),
    )

  it('is judged by itself, and what the purpose permits is released', async () => {
    const { body } = await verify({ presentation: await redirected(), ...more })
    expect(failed(body)).toEqual([])
    expect(credentialsOf(body, 'presentation')).toEqual([
      expect.objectContaining({
        ...{ format: 'mso_mdoc', type: doctype, claims: { name: 'Nguyễn Thị An' } },
      }),
    ])
  })

  it('is judged by the query that it answers', async () => {
    const credential = {
      ...{ id: 'a', format: 'mso_mdoc', meta: { doctype_value: doctype } },
      claims: [{ path: [doctype, 'name'] }],
    }
    const vp_token = { a: [await redirected()] }
    const asked = { vp_token, dcql_query: { credentials: [credential] }, ...more }
    expect(failed((await verify(asked)).body)).toEqual([])
    const sex = { ...credential, claims: [{ path: [doctype, 'sex'] }] }
    const beyond = await verify({ ...asked, dcql_query: { credentials: [sex] } })
    expect(failed(beyond.body)).toEqual(['purpose.claims'])
    expect(check(beyond.body, 'purpose.claims').detail).toMatch(/sex of urn:gerbang:pid:1/)
    const other = { ...credential, meta: { doctype_value: 'org.gerbang.age.1' }, claims: undefined }
    const { body } = await verify({ ...asked, dcql_query: { credentials: [other] } })
    expect(failed(body)).toEqual(['query.type', 'purpose.claims'])
    expect(check(body, 'query.type').detail).toMatch(/^The doctype is none .*org\.gerbang\.age\.1/)
  })

  it('is judged by the session of a browser, where that is whom it was made for', async () => {
    const presentation = await deviceResponse(
      await dcApiTranscript({
        ...{ origin: 'https://bank.example', nonce: challenge.nonce, jwkThumbprint },
      }),
    )
    const audience = 'origin:https://bank.example'
    const { body } = await verify({ presentation, audience, jwk_thumbprint: thumbprint })
    expect(failed(body)).toEqual([])
    const elsewhere = await verify({ presentation, ...more, audience: `${audience}:8443` })
    expect(failed(elsewhere.body)).toEqual(['key_binding.signature'])
  })

  it.each<[string, Record<string, unknown>]>([
    ['neither is said', {}],
    ['the address is not said', { jwk_thumbprint: thumbprint }],
    ['the key is not said', { response_uri: responseUri }],
  ])('cannot be relied upon where %s, and the verdict says so', async (_, said) => {
    const { status, body } = await verify({ presentation: await redirected(), ...said })
    expect(status).toBe(200)
    expect(failed(body)).toEqual(['key_binding.signature'])
    expect(check(body, 'key_binding.signature').detail).toMatch(
      /not known: say response_uri and jwk_thumbprint/,
    )
    expect(body.credentials).toBeNull()
  })

  it.each([
    ['another address', { response_uri: `${responseUri}/` }],
    ['another key', { jwk_thumbprint: 'B'.repeat(43) }],
    ['another nonce', { nonce: 'another' }],
    ['another audience', { audience: 'x509_hash:another' }],
  ])('was not made for %s', async (_, change) => {
    const { body } = await verify({ presentation: await redirected(), ...more, ...change })
    expect(failed(body)).toEqual(['key_binding.signature'])
  })

  it('is not judged by what is no thumbprint', async () => {
    const { status, body } = await verify({ presentation: 'oA', jwk_thumbprint: 'short' })
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'malformed_request' } })
  })
})
