import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { compileAsk } from '../../src/presentation/ask.ts'
import { checks } from '../../src/presentation/checks.ts'
import type { Question } from '../../src/presentation/judge-presentation.ts'
import { judgeResponse } from '../../src/presentation/judge-response.ts'
import { ok, refuse } from '../../src/result.ts'
import type { Snapshot } from '../../src/trust/snapshot.ts'
import {
  bank,
  citizen,
  kyc,
  origin,
  sandboxSnapshot,
  start,
  verifier,
} from '../support/presentation.ts'
import { hidden } from '../wallet/parties.ts'

let gateway: Awaited<ReturnType<typeof verifier>>
beforeEach(async () => {
  gateway = await verifier()
})

type Result = {
  status: string
  report: { outcome: string; checks: { id: string; outcome: string; detail: string }[] }
  credentials: Record<string, JsonObject[]> | null
}

/** What the bank reads when a citizen with these claims answers. */
async function judge(
  { body = kyc as object, lies = {}, optional = false } = {},
  ...held: Awaited<ReturnType<typeof citizen>>[]
) {
  const { id, link } = await gateway.start(body)
  const wallet = await gateway.wallet(...held)
  const { status } = await wallet.present(link, { lies, optional })
  const result = (await gateway.read(id)).body as Result
  const failed = result.report.checks
    .filter(({ outcome }) => outcome === 'fail')
    .map((check) => check.id)
  const check = (id: string) => result.report.checks.find((each) => each.id === id)
  return { ...result, http: status, failed, check }
}

describe('an honest presentation', () => {
  it('passes every check, each of them told', async () => {
    const { http, status, report, failed } = await judge()
    expect({ http, status, failed }).toEqual({ http: 200, status: 'verified', failed: [] })
    const told = report.checks.map(({ id }) => id)
    expect(told.toSorted()).toEqual(Object.keys(checks).toSorted())
  })

  it('gives the relying party what it asked for, and why it may rely on it', async () => {
    const { credentials } = await judge()
    expect(credentials).toEqual({
      'pid-sd-jwt': [
        {
          format: 'dc+sd-jwt',
          type: 'urn:gerbang:pid:1',
          issuer: { id: `${origin}/issuers/vn`, country: 'VN' },
          claims: { name: 'Nguyễn Thị An', birthdate: '1990-02-03' },
          assurance: { proofing: 'high', authn: 'high', national: 'level 2 / authentication 4' },
          recognition: {
            id: expect.any(String),
            recogniser: 'SG',
            recognised: 'VN',
            agreement: expect.any(String),
          },
          status: 'valid',
        },
      ],
    })
  })

  it('shows whole arrays in their shape', async () => {
    const body = { purpose: 'bank-kyc', ask: ['nationalities'] }
    const { credentials } = await judge({ body })
    expect(credentials?.['pid-sd-jwt']?.[0]?.claims).toEqual({ nationalities: ['VN', 'FR'] })
  })

  it('may show more than was asked: it is dropped, and named without its value', async () => {
    const { credentials, check, report } = await judge({ lies: { disclosureNotAsked: ['sex'] } })
    expect(credentials?.['pid-sd-jwt']?.[0]?.claims).not.toHaveProperty('sex')
    expect(check('query.surplus')).toMatchObject({ outcome: 'skip' })
    expect(check('query.surplus')?.detail).toMatch(/dropped: sex\.$/)
    expect(JSON.stringify(report)).not.toMatch(/Nguy|1990/)
  })

  it('without a status reference has no status to ask for', async () => {
    const held = await citizen({ status: undefined })
    gateway.world.statusOf = async () => refuse('nobody should ask')
    const { status, check, credentials } = await judge({}, held)
    expect(status).toBe('verified')
    expect(check('status.list')?.outcome).toBe('skip')
    expect(check('status.value')?.outcome).toBe('skip')
    expect(credentials?.['pid-sd-jwt']?.[0]).toHaveProperty('status', null)
  })
})

describe('the token of a person', () => {
  const body = { purpose: 'bank-kyc', ask: ['person_token'] }
  const tokenOf = async (held: Awaited<ReturnType<typeof citizen>>) =>
    (await judge({ body }, held)).credentials?.['pid-sd-jwt']?.[0]?.claims as JsonObject

  it('is the same each time, another for another person, and never the raw one', async () => {
    const [an, other] = [await citizen(), await citizen({ person_token: hidden('another') })]
    const first = await tokenOf(an)
    expect(first.person_token).toMatch(/^[\w-]+\.[\w-]{43}$/)
    expect(await tokenOf(an)).toEqual(first)
    expect(await tokenOf(other)).not.toEqual(first)
  })

  it('is not released raw even when it is no text', async () => {
    const held = await citizen({ person_token: hidden(['raw']) })
    expect((await tokenOf(held)).person_token).toMatch(/^[\w-]+\.[\w-]{43}$/)
  })

  it('is not released raw in any language', async () => {
    const tagged = { 'person_token#vi': hidden('the raw token') }
    const claims = [{ path: ['person_token#vi'] }]
    const pid = { id: 'pid-sd-jwt', format: 'dc+sd-jwt', claims }
    const query = { credentials: [{ ...pid, meta: { vct_values: ['urn:gerbang:pid:1'] } }] }
    const { credentials } = await judge(
      { body: { purpose: 'bank-kyc', dcql_query: query } },
      await citizen(tagged),
    )
    expect(credentials?.['pid-sd-jwt']?.[0]?.claims).toEqual({
      'person_token#vi': expect.stringMatching(/^[\w-]+\.[\w-]{43}$/),
    })
  })
})

describe('inside what a purpose permits', () => {
  const releasedOf = async (address: JsonObject) => {
    const claims = [{ path: ['address'] }]
    const pid = { id: 'pid-sd-jwt', format: 'dc+sd-jwt', claims }
    const query = { credentials: [{ ...pid, meta: { vct_values: ['urn:gerbang:pid:1'] } }] }
    const { credentials } = await judge(
      { body: { purpose: 'bank-kyc', dcql_query: query } },
      await citizen({ address: hidden(address) }),
    )
    return credentials?.['pid-sd-jwt']?.[0]?.claims
  }

  it('what no purpose may ask for does not come along', async () => {
    const address = { formatted: 'Hanoi', former: [{ country: 'TH', race: 'any' }] }
    expect(await releasedOf({ ...address, religion: 'any', 'race#en': 'any' })).toEqual({
      address: { formatted: 'Hanoi', former: [{ country: 'TH' }] },
    })
  })

  it('the token of a person does not come along raw', async () => {
    const person_token = 'the raw token'
    const pairwise = expect.stringMatching(/^[\w-]+\.[\w-]{43}$/)
    expect(await releasedOf({ person_token, keepers: [{ 'person_token#vi': 'raw' }] })).toEqual({
      address: { person_token: pairwise, keepers: [{ 'person_token#vi': pairwise }] },
    })
  })
})

describe('a presentation is refused', () => {
  let abroad: Snapshot
  beforeAll(async () => {
    abroad = await sandboxSnapshot()
  })

  it.each<[string, () => void, string[]]>([
    [
      'when its status is revoked',
      () => {
        gateway.world.statusOf = async () => ok('invalid')
      },
      ['status.value'],
    ],
    [
      'when its status is suspended',
      () => {
        gateway.world.statusOf = async () => ok('suspended')
      },
      ['status.value'],
    ],
    [
      'when its status cannot be known',
      () => {
        gateway.world.statusOf = async () => refuse('The list has expired.')
      },
      ['status.list'],
    ],
    [
      'when the issuer is not in the registry',
      () => {
        const entity: Snapshot['entity'] = (id) =>
          id.includes('/issuers/') ? undefined : abroad.entity(id)
        gateway.world.snapshot = { ...abroad, entity }
      },
      ['trust.issuer'],
    ],
    [
      'when nobody recognises its state any more',
      () => {
        gateway.world.snapshot = { ...abroad, recognitions: () => [] }
      },
      ['trust.recognition', 'assurance.proofing', 'assurance.authn'],
    ],
  ])('%s', async (_, happens, failures) => {
    happens()
    const { http, status, credentials, failed } = await judge()
    expect({ http, status, credentials }).toEqual({
      http: 400,
      status: 'refused',
      credentials: null,
    })
    expect(failed).toEqual(failures)
  })

  it('by the purpose as it is when the answer comes', async () => {
    const { id, link } = await gateway.start()
    const wallet = await gateway.wallet()
    const form = (honest: Record<string, string>) => {
      gateway.world.snapshot = {
        ...abroad,
        permitted: () => [{ credentialType: 'urn:gerbang:pid:1', paths: [['name']] }],
      }
      return honest
    }
    expect((await wallet.present(link, { lies: { form } })).status).toBe(400)
    const { report } = (await gateway.read(id)).body as Result
    expect(report.checks.filter(({ outcome }) => outcome === 'fail')).toMatchObject([
      { id: 'purpose.claims', detail: expect.stringMatching(/birthdate/) },
    ])
  })

  it('by what is wanted of an element, and not by what else is permitted in it', async () => {
    const asked = compileAsk(['address.formatted'], { formats: ['mso_mdoc'] })
    if (!asked.ok) throw new Error(asked.error)
    const snapshot: Snapshot = {
      ...abroad,
      permitted: () => [{ credentialType: 'urn:gerbang:pid:1', paths: [['address', 'country']] }],
    }
    const challenge = { nonce: 'n', audience: 'x509_hash:a' }
    const occasion = { relyingParty: bank, purpose: 'bank-kyc', at: start }
    const question = { ...asked.value, ...challenge, ...occasion }
    const { report } = await judgeResponse(gateway.deps, question, snapshot, {})
    expect(report.checks.find(({ id }) => id === 'purpose.claims')).toMatchObject({
      outcome: 'fail',
      detail: expect.stringContaining('address.formatted'),
    })
  })

  it('and what relies on a forged credential is not judged', async () => {
    const { failed, check } = await judge({ lies: { tamperIssuerSignature: true } })
    expect(failed).toEqual(['credential.signature'])
    for (const id of ['trust.issuer', 'status.list', 'query.claims', 'query.credentials']) {
      expect(check(id)).toMatchObject({ outcome: 'skip' })
    }
  })

  it('when a claim is missing', async () => {
    const { failed, check } = await judge({ lies: { omitDisclosure: ['birthdate'] } })
    expect(failed).toEqual(['query.claims'])
    expect(check('query.claims')?.detail).toBe('Not shown: birthdate.')
  })
})

describe('a wallet is believed in nothing: it may answer another question (VP-V19)', () => {
  const asked = { id: 'pid-sd-jwt', format: 'dc+sd-jwt', claims: [{ path: ['name'] }] }
  const pid = { ...asked, meta: { vct_values: ['urn:gerbang:pid:1'] } }

  it.each<[string, Partial<Question>, string[]]>([
    ['the very one', {}, []],
    ['that takes credentials of its state', { issuers: ['SG', 'VN'] }, []],
    ['that takes none of its state', { issuers: ['JP'] }, ['query.issuers']],
    [
      'that takes another type',
      { query: { credentials: [{ ...pid, meta: { vct_values: ['urn:gerbang:age:1'] } }] } },
      ['query.type', 'purpose.claims'],
    ],
    [
      'that takes other authorities',
      {
        query: { credentials: [{ ...pid, trusted_authorities: [{ type: 'aki', values: ['x'] }] }] },
      },
      ['query.authorities'],
    ],
    [
      'that takes another value',
      { query: { credentials: [{ ...pid, claims: [{ path: ['name'], values: ['Eve'] }] }] } },
      ['query.values'],
    ],
    [
      'that takes a credential more',
      { query: { credentials: [pid, { ...pid, id: 'other' }] } },
      ['query.credentials'],
    ],
    ['with another nonce', { nonce: 'another' }, ['key_binding.nonce']],
    ['of another verifier', { audience: 'x509_hash:other' }, ['key_binding.audience']],
    [
      'of a relying party that may not ask',
      { relyingParty: 'https://evil.example' },
      ['trust.recognition', 'purpose.claims'],
    ],
  ])('%s', async (_, change, failures) => {
    const { link, clientId } = await gateway.start({ purpose: 'bank-kyc', ask: ['name'] })
    const wallet = await gateway.wallet()
    const { request, response } = await wallet.present(link)
    const question = {
      query: { credentials: [pid] },
      nonce: String(request.nonce),
      audience: clientId,
      relyingParty: bank,
      purpose: 'bank-kyc',
      at: start,
      ...change,
    }
    const vpToken = response.vp_token as JsonObject
    const verdict = await judgeResponse(gateway.deps, question, gateway.world.snapshot, vpToken)
    const failed = verdict.report.checks.filter(({ outcome }) => outcome === 'fail')
    expect(failed.map(({ id }) => id)).toEqual(failures)
    const verified = failures.length === 0
    expect(verdict.outcome).toBe(verified ? 'verified' : 'refused')
    expect('credentials' in verdict).toBe(verified)
  })
})

it.each([
  ['that its issuer may issue is taken for one', 'urn:gerbang:age:1', 'pass'],
  ['that its issuer may not issue is not (VC-V07)', 'urn:example:minister:1', 'fail'],
])('a credential that says it is also of a type %s', async (_, alias, outcome) => {
  const { link, clientId } = await gateway.start({ purpose: 'bank-kyc', ask: ['name'] })
  const wallet = await gateway.wallet(await citizen({ aka_vcts: [alias] }))
  const { request, response } = await wallet.present(link)
  const asked = { id: 'pid-sd-jwt', format: 'dc+sd-jwt', claims: [{ path: ['name'] }] }
  const question = {
    query: { credentials: [{ ...asked, meta: { vct_values: [alias] } }] },
    ...{ nonce: String(request.nonce), audience: clientId, relyingParty: bank },
    ...{ purpose: 'bank-kyc', at: start },
  }
  const vpToken = response.vp_token as JsonObject
  const verdict = await judgeResponse(gateway.deps, question, gateway.world.snapshot, vpToken)
  const outcomes = Object.fromEntries(verdict.report.checks.map((each) => [each.id, each.outcome]))
  expect(outcomes).toMatchObject({ 'query.type': 'pass', 'trust.issuer': outcome })
  // Nobody recognises either type for this purpose.
  expect(verdict.outcome).toBe('refused')
})

describe('several credentials', () => {
  const type = (vct: string) => ({ format: 'dc+sd-jwt', meta: { vct_values: [vct] } })
  const name = { claims: [{ path: ['name'] }] }
  const pid = { id: 'pid', ...type('urn:gerbang:pid:1'), ...name }
  const again = { id: 'again', ...type('urn:gerbang:pid:1'), claims: [{ path: ['birthdate'] }] }
  const asking = (query: object) => ({ purpose: 'bank-kyc', dcql_query: query })

  it('are each judged, and each finding says of which it speaks', async () => {
    const { status, credentials, report } = await judge({
      body: asking({ credentials: [pid, again] }),
    })
    expect(status).toBe('verified')
    expect(credentials).toMatchObject({
      pid: [{ claims: { name: 'Nguyễn Thị An' } }],
      again: [{ claims: { birthdate: '1990-02-03' } }],
    })
    const signatures = report.checks.filter(({ id }) => id === 'credential.signature')
    expect(signatures.map(({ detail }) => detail.split(':')[0])).toEqual(['pid', 'again'])
  })

  it('of which one is bad are refused together', async () => {
    const vpToken = (honest: Record<string, string[]>) => ({
      ...honest,
      again: [`${honest.again?.[0]?.slice(0, -4)}AAAA`],
    })
    const { status, credentials, failed } = await judge({
      body: asking({ credentials: [pid, again] }),
      lies: { vpToken },
    })
    expect({ status, credentials }).toEqual({ status: 'refused', credentials: null })
    expect(failed).toContain('key_binding.signature')
  })

  it('of which one is not required may be fewer', async () => {
    const query = {
      credentials: [pid, again],
      credential_sets: [{ options: [['pid']] }, { options: [['again']], required: false }],
    }
    const least = await judge({ body: asking(query) })
    expect(Object.keys(least.credentials ?? {})).toEqual(['pid'])
    const both = await judge({ body: asking(query), optional: true })
    expect(Object.keys(both.credentials ?? {})).toEqual(['pid', 'again'])
  })

  it('of which either will do are released once, though both are shown', async () => {
    const { link, clientId } = await gateway.start(asking({ credentials: [pid, again] }))
    const wallet = await gateway.wallet()
    const { request, response } = await wallet.present(link)
    const question = {
      query: {
        credentials: [pid, again],
        credential_sets: [{ options: [['again'], ['pid']] }],
      },
      nonce: String(request.nonce),
      audience: clientId,
      relyingParty: bank,
      purpose: 'bank-kyc',
      at: start,
    }
    const vpToken = response.vp_token as JsonObject
    expect(Object.keys(vpToken)).toEqual(['pid', 'again'])
    const verdict = await judgeResponse(gateway.deps, question, gateway.world.snapshot, vpToken)
    expect('credentials' in verdict && Object.keys(verdict.credentials)).toEqual(['again'])
  })
})

it('everything is judged as of the instant the answer came', async () => {
  gateway.world.now = new Date(start.getTime() + 86_400_000)
  const { failed } = await judge()
  expect(failed).toEqual(['credential.validity'])
})
