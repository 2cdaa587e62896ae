import { stripVTControlCharacters } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { judgeAsSaid } from '../../src/cli/judge-as-said.ts'
import type { Said } from '../../src/cli/presented-file.ts'
import { reportTree } from '../../src/cli/report-tree.ts'
import type { VerifyRequest } from '../../src/presentation/verify-presented.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let wallet: Awaited<ReturnType<TestGateway['citizen']>>
beforeAll(async () => {
  gateway = await testGateway()
  wallet = await gateway.citizen('vn-nguyen-thi-an')
})

const pid = {
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:gerbang:pid:1'] },
  claims: [{ path: ['name'] }],
}
const document = { type: 'urn:gerbang:document:1', name: 'Contract', sha256: 'b'.repeat(43) }

/** What the wallet answers the bank that asks for one credential twice, and what was asked. */
async function answer(more: object = {}) {
  const credentials = ['a', 'b'].map((id) => ({ id, ...pid }))
  const asked = { purpose: 'bank-kyc', dcql_query: { credentials }, ...more }
  const { authorization_request } = await gateway.ask('bank-sg', asked)
  const { request, response } = await wallet.present(authorization_request)
  const { nonce, client_id: audience, dcql_query: dcqlQuery } = request
  const vpToken = response.vp_token as { a: string[]; b: string[] }
  return { presented: { vpToken, dcqlQuery }, nonce: String(nonce), audience: String(audience) }
}

async function judge(
  presented: VerifyRequest['presented'],
  said: Said = {},
  statusUnasked: (uri: string) => string | undefined = () => undefined,
) {
  const snapshot = await gateway.deps.snapshot()
  if (!snapshot.ok) throw new Error(snapshot.error.detail)
  const deps = { ...gateway.deps, statusUnasked }
  const judged = await judgeAsSaid(deps, snapshot.value, presented, { at: gateway.now(), ...said })
  if (!judged.ok) throw new Error(judged.error)
  const { report, unjudged } = judged.value
  const of = (id: string) => report.checks.filter((check) => check.id === id)
  return { report, unjudged, of, outcomes: (id: string) => of(id).map(({ outcome }) => outcome) }
}
const asBank = () => ({
  relyingParty: `${gateway.origin}/relying-parties/bank-sg`,
  purpose: 'bank-kyc',
})

describe('several credentials', () => {
  it('are judged each by itself, and what was not said is skipped for each', async () => {
    const { presented, nonce, audience } = await answer()
    const whole = await judge(presented, { ...asBank(), nonce, audience })
    expect(whole).toMatchObject({ report: { outcome: 'verified' }, unjudged: [] })
    expect(whole.outcomes('key_binding.nonce')).toEqual(['pass', 'pass'])
    const part = await judge(presented, asBank())
    expect(part.unjudged).toEqual(['give --nonce', 'give --audience'])
    expect(part.of('key_binding.nonce')).toMatchObject([
      { outcome: 'skip', detail: 'a: Not judged: give --nonce.', remedy: null },
      { outcome: 'skip', detail: 'b: Not judged: give --nonce.', remedy: null },
    ])
    expect(stripVTControlCharacters(reportTree(part.report))).toMatch(/─ a\n[\s\S]*─ b\n/)
  })

  it('whose proofs are for different requests are refused, whatever was said', async () => {
    const [one, other] = [await answer(), await answer()]
    const vpToken = { a: one.presented.vpToken.a, b: other.presented.vpToken.b }
    const { report, outcomes } = await judge({ ...one.presented, vpToken }, asBank())
    expect(report.outcome).toBe('refused')
    expect(outcomes('key_binding.nonce')).toEqual(['skip', 'fail'])
  })
})

describe('what cannot be said', () => {
  it('a transaction that a proof authorises is not held against it', async () => {
    const { presented, ...request } = await answer({
      transaction_data: [{ ...document, credential_ids: ['a'] }],
    })
    const { report, outcomes } = await judge(presented, { ...asBank(), ...request })
    expect(outcomes('key_binding.transaction_data')).toEqual(['skip', 'skip'])
    expect(report.outcome).toBe('verified')
  })

  it('a status that is not asked for is skipped, and says why', async () => {
    const { presented, ...request } = await answer()
    const judged = await judge(presented, { ...asBank(), ...request }, () => 'give --online')
    expect(judged.of('status.list')).toMatchObject([
      { outcome: 'skip', detail: 'a: Not judged: give --online.' },
      { outcome: 'skip' },
    ])
    expect(judged.outcomes('status.value')).toEqual(['skip', 'skip'])
    expect(judged.unjudged).toEqual(['give --online'])
  })

  it('no purpose is guessed, and nothing is told of what it would release', async () => {
    const { presented } = await answer()
    const [presentation = ''] = presented.vpToken.a
    const { of } = await judge({ presentation }, { purpose: 'bank-kyc' })
    for (const id of [
      'trust.recognition',
      'query.surplus',
      'query.credentials',
      'purpose.claims',
    ]) {
      const detail = 'Not judged: give --relying-party.'
      expect(of(id)).toMatchObject([{ outcome: 'skip', detail }])
    }
  })
})

describe('an mdoc', () => {
  const elements = {
    id: 'm',
    format: 'mso_mdoc',
    meta: { doctype_value: 'org.gerbang.pid.1' },
    claims: [{ path: ['org.gerbang.pid.1', 'birthdate'] }],
  }
  const options = ['--nonce', '--audience', '--response-uri', '--jwk-thumbprint']

  /** What the wallet answers the bank that asks for an SD-JWT VC and an mdoc, and all that is to be said. */
  async function both() {
    const holder = await gateway.citizen('vn-nguyen-thi-an', ['pid-sd-jwt', 'pid-mdoc'])
    const dcqlQuery = { credentials: [{ id: 's', ...pid }, elements] }
    const asked = { purpose: 'bank-kyc', dcql_query: dcqlQuery }
    const { authorization_request } = await gateway.ask('bank-sg', asked)
    const { request, response } = await holder.present(authorization_request)
    const { jwks } = request.client_metadata as { jwks: { keys: { kid: string }[] } }
    const vpToken = response.vp_token as { s: string[]; m: string[] }
    const said = {
      ...asBank(),
      nonce: String(request.nonce),
      audience: String(request.client_id),
      responseUri: String(request.response_uri),
      jwkThumbprint: jwks.keys[0]?.kid ?? '',
    }
    return { presented: { vpToken, dcqlQuery }, said }
  }

  it('is judged by all that its device signed over', async () => {
    const { presented, said } = await both()
    const whole = await judge(presented, said)
    expect(whole).toMatchObject({ report: { outcome: 'verified' }, unjudged: [] })
    for (const change of [
      { nonce: 'n' },
      { responseUri: 'u' },
      { jwkThumbprint: 'A'.repeat(43) },
    ]) {
      const { of, report } = await judge(presented, { ...said, ...change })
      expect(report.outcome).toBe('refused')
      expect(of('key_binding.signature')).toMatchObject([{ outcome: 'pass' }, { outcome: 'fail' }])
    }
  })

  it.each<[string, (keyof Said)[], string[]]>([
    ['nothing', ['nonce', 'audience', 'responseUri', 'jwkThumbprint'], options],
    ['no address', ['responseUri'], ['--response-uri']],
    ['no key and no nonce', ['jwkThumbprint', 'nonce'], ['--nonce', '--jwk-thumbprint']],
  ])('of whose session %s was said is judged in part', async (_, unsaid, missing) => {
    const { presented, said } = await both()
    const less = Object.fromEntries(
      Object.entries(said).filter(([name]) => !unsaid.includes(name as keyof Said)),
    )
    const { of, report, unjudged } = await judge(presented, less)
    const detail = `m: Not judged: give ${missing.join(' and ')}.`
    expect(of('key_binding.signature')).toMatchObject([
      { outcome: 'pass' },
      { outcome: 'skip', detail },
    ])
    expect(report.outcome).toBe('verified')
    expect(unjudged).toContain(`give ${missing.join(' and ')}`)
  })

  it('excuses no signature of the SD-JWT VC beside it', async () => {
    const { presented } = await both()
    const other = await both()
    const [first = ''] = presented.vpToken.s
    const [second = ''] = other.presented.vpToken.s
    const strange = first.slice(0, first.lastIndexOf('~')) + second.slice(second.lastIndexOf('~'))
    const vpToken = { ...presented.vpToken, s: [strange] }
    const { of, report } = await judge({ ...presented, vpToken }, asBank())
    expect(of('key_binding.signature').map(({ outcome }) => outcome)).toEqual(['fail', 'skip'])
    expect(report.outcome).toBe('refused')
  })

  it('by itself is told from an SD-JWT VC', async () => {
    const { presented, said } = await both()
    const [presentation = ''] = presented.vpToken.m
    expect((await judge({ presentation }, said)).report.outcome).toBe('verified')
    const { of, unjudged } = await judge({ presentation }, asBank())
    expect(of('key_binding.signature')).toMatchObject([{ outcome: 'skip' }])
    expect(unjudged).toContain(`give ${options.join(' and ')}`)
  })
})

it('a query that is none is told of', async () => {
  const snapshot = await gateway.deps.snapshot()
  if (!snapshot.ok) throw new Error(snapshot.error.detail)
  const deps = { ...gateway.deps, statusUnasked: () => undefined }
  const presented = { vpToken: {}, dcqlQuery: {} }
  expect(await judgeAsSaid(deps, snapshot.value, presented, { at: gateway.now() })).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^credentials/),
  })
})
