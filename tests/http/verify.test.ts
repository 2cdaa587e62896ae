import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { failed, type Presentation, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await testGateway()
  key = await gateway.keyOf('bank-sg')
})

type Verdict = Pick<Presentation, 'report' | 'credentials' | 'receipt'>

type StatusReference = { status: { status_list: { uri: string; idx: number } } }

/** What a bank holds that asked a wallet itself: an answer, its query, nonce and audience. */
async function answered(persona = 'vn-nguyen-thi-an') {
  const wallet = await gateway.citizen(persona)
  const { authorization_request } = await gateway.ask()
  const { request, response } = await wallet.present(authorization_request)
  const { nonce, client_id: audience, dcql_query } = request
  const { vp_token } = response as { vp_token: Record<string, string[]> }
  const terms = { purpose: 'bank-kyc', nonce, audience }
  return { terms, vp_token, dcql_query, presentation: Object.values(vp_token)[0]?.[0] ?? '' }
}
const verify = (body: object, apiKey = key) => gateway.post<Verdict>('/v1/verify', body, apiKey)
const check = ({ report }: Verdict, id: string) => report?.checks.find((each) => each.id === id)

describe('POST /v1/verify', () => {
  it('judges an answer by the query that it answers', async () => {
    const { terms, vp_token, dcql_query } = await answered()
    const { status, body, headers } = await verify({ vp_token, dcql_query, ...terms })
    expect({ status, failed: failed(body) }).toEqual({ status: 200, failed: [] })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body.report?.outcome).toBe('verified')
    expect(Object.keys(body.credentials ?? {})).toEqual(['pid-sd-jwt'])
    expect(Object.keys(body.credentials?.['pid-sd-jwt']?.[0]?.claims ?? {}).sort()).toEqual([
      'birthdate',
      'name',
      'nationalities',
    ])
    expect(decodeJwt(body.receipt ?? '')).toMatchObject({
      challenge_by: 'relying_party',
      audience: terms.audience,
      outcome: 'verified',
      purpose: 'bank-kyc',
    })
  })

  it('releases of a presentation alone what the purpose permits, and no more', async () => {
    const { terms, presentation } = await answered()
    const { body } = await verify({ presentation, ...terms })
    expect(failed(body)).toEqual([])
    const [credential] = body.credentials?.presentation ?? []
    expect(Object.keys(credential?.claims ?? {}).sort()).toEqual([
      'birthdate',
      'name',
      'nationalities',
    ])
    expect(check(body, 'query.type')).toMatchObject({ outcome: 'skip' })
  })

  it('explains what it refuses, with 200 and no claims', async () => {
    const { terms, presentation } = await answered()
    const { status, body } = await verify({ presentation, ...terms, nonce: 'another' })
    expect({ status, failed: failed(body) }).toEqual({ status: 200, failed: ['key_binding.nonce'] })
    expect(body).toMatchObject({ report: { outcome: 'refused' }, credentials: null })
    expect(decodeJwt(body.receipt ?? '')).toMatchObject({ outcome: 'refused' })
  })

  it.each([
    ['both forms', { presentation: 'x~', vp_token: {}, dcql_query: {} }],
    ['neither', {}],
    ['an answer without its query', { vp_token: {} }],
  ])('does not judge %s', async (_, body) => {
    const { status, body: said } = await verify({
      ...body,
      ...{ purpose: 'bank-kyc', nonce: 'n', audience: 'a' },
    })
    expect({ status, said }).toMatchObject({ status: 400, said: { code: 'malformed_request' } })
  })

  it('is only for purposes that the relying party is registered for', async () => {
    const { terms, presentation } = await answered()
    const { status, body } = await verify({ presentation, ...terms, purpose: 'age-check' })
    expect({ status, body }).toMatchObject({
      status: 403,
      body: { code: 'purpose_not_registered' },
    })
  })

  it('is for those with an API key', async () => {
    expect(await verify({}, 'unknown')).toMatchObject({ status: 401 })
  })
})

describe('as of an instant', () => {
  const instant = (seconds: number) =>
    new Date(gateway.now().getTime() + seconds * 1000).toISOString()

  it('the age of the proof is judged as of then', async () => {
    const { terms, presentation } = await answered()
    const then = instant(0)
    gateway.advance(3600)
    const now = await verify({ presentation, ...terms })
    expect(failed(now.body)).toEqual(['key_binding.time'])
    const asOf = await verify({ presentation, ...terms, at: then })
    expect(failed(asOf.body)).toEqual([])
    const { at, iat } = decodeJwt(asOf.body.receipt ?? '') as { at: number; iat: number }
    expect(iat - at).toBe(3600)
  })

  it('the status is judged by the history of our own list', async () => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an')
    const { authorization_request } = await gateway.ask()
    const { request, response } = await wallet.present(authorization_request)
    const claims = wallet.credentials()[0]?.claims as unknown as StatusReference
    const before = instant(0)
    gateway.advance(30)
    const { uri: status_list_uri, idx } = claims.status.status_list
    await gateway.post('/sandbox/credentials/status', { status_list_uri, idx, status: 'revoked' })
    const body = {
      vp_token: response.vp_token,
      dcql_query: request.dcql_query,
      ...{ purpose: 'bank-kyc', nonce: request.nonce, audience: request.client_id },
    }
    expect(failed((await verify(body)).body)).toEqual(['status.value'])
    expect(failed((await verify({ ...body, at: before })).body)).toEqual([])
  })

  it('before the credential was issued, and before the registry began, nothing holds', async () => {
    const { terms, presentation } = await answered()
    const { status, body } = await verify({ presentation, ...terms, at: '2020-01-01T00:00:00Z' })
    expect(status).toBe(200)
    expect(failed(body)).toEqual(
      expect.arrayContaining(['credential.chain', 'credential.validity', 'purpose.claims']),
    )
  })

  it('knows neither the future nor what is no instant', async () => {
    for (const at of [instant(60), 'yesterday', '2026-02-30T00:00:00Z', 1.5]) {
      const { terms, presentation } = await answered()
      expect(await verify({ presentation, ...terms, at })).toMatchObject({
        status: 400,
        body: { code: 'malformed_request' },
      })
    }
  })
})
