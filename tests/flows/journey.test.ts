import { beforeAll, describe, expect, it } from 'vitest'
import {
  failed,
  kyc,
  type Presentation,
  type TestGateway,
  testGateway,
} from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

describe('a citizen of Viet Nam at a bank in Singapore', () => {
  it('is verified, and the bank is told why it may rely on it', async () => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an')
    const transaction = await gateway.ask('bank-sg', {
      purpose: 'bank-kyc',
      ask: ['name', 'birthdate', 'address.country', 'person_token'],
      issuers: ['vn'],
    })
    expect((await transaction.read()).status).toBe('requested')
    const answer = await wallet.present(transaction.authorization_request)
    expect(answer).toMatchObject({
      status: 200,
      body: { redirect_uri: expect.stringContaining('response_code=') },
    })
    const result = await transaction.read()
    expect(failed(result)).toEqual([])
    expect(result).toMatchObject({
      status: 'verified',
      purpose: 'bank-kyc',
      report: { outcome: 'verified' },
      credentials: {
        'pid-sd-jwt': [
          {
            format: 'dc+sd-jwt',
            type: 'urn:gerbang:pid:1',
            issuer: { id: `${gateway.origin}/issuers/vn`, country: 'VN' },
            claims: { name: 'Nguyễn Thị An', address: { country: 'VN' } },
            assurance: { proofing: 'high', authn: 'high', national: 'level 2 / authentication 4' },
            recognition: { recogniser: 'SG', recognised: 'VN' },
            status: 'valid',
          },
        ],
      },
      receipt: expect.stringMatching(/^ey/),
    })
    const [pid] = result.credentials?.['pid-sd-jwt'] ?? []
    expect(Object.keys(pid?.claims ?? {}).sort()).toEqual([
      ...['address', 'birthdate', 'name', 'person_token'],
    ])
  })

  it('shows an address by its members when it is asked for whole', async () => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an')
    const transaction = await gateway.ask('bank-sg', { purpose: 'bank-kyc', ask: ['address'] })
    await wallet.present(transaction.authorization_request)
    const { credentials } = await transaction.read()
    expect(credentials?.['pid-sd-jwt']?.[0]?.claims).toEqual({
      address: { formatted: expect.any(String), country: 'VN' },
    })
  })

  it('gives each relying party another person token, and one the same each time', async () => {
    const wallet = await gateway.citizen('sg-lim-hui-min')
    const token = async (relyingParty: string, purpose: string) => {
      const transaction = await gateway.ask(relyingParty, {
        purpose,
        ask: ['person_token', 'name'],
      })
      await wallet.present(transaction.authorization_request)
      const { credentials } = await transaction.read()
      return credentials?.['pid-sd-jwt']?.[0]?.claims.person_token
    }
    const first = await token('bank-sg', 'bank-kyc')
    expect(first).toEqual(expect.any(String))
    expect(await token('bank-sg', 'bank-kyc')).toBe(first)
    expect(JSON.stringify(wallet.credentials()[0]?.claims)).not.toContain(first)
  })

  it('is answered when she says no', async () => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an')
    const transaction = await gateway.ask()
    expect((await wallet.decline(transaction.authorization_request)).status).toBe(200)
    expect(await transaction.read()).toMatchObject({ status: 'denied' })
  })

  it('has until the transaction expires', async () => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an')
    const transaction = await gateway.ask('bank-sg', { ...kyc, expires_in: 60 })
    gateway.advance(61)
    expect(await transaction.read()).toMatchObject({ status: 'expired' })
    await expect(wallet.present(transaction.authorization_request)).rejects.toThrow()
  })

  it('shows her claims for ten minutes, and the report for a day', async () => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an')
    const transaction = await gateway.ask()
    await wallet.present(transaction.authorization_request)
    gateway.advance(9 * 60)
    expect((await transaction.read()).credentials).not.toBeNull()
    gateway.advance(2 * 60)
    expect(await transaction.read()).toMatchObject({
      status: 'verified',
      credentials: null,
      report: { outcome: 'verified' },
    })
  })

  it('is forgotten when the bank says so', async () => {
    const transaction = await gateway.ask()
    const path = `/v1/presentations/${transaction.id}`
    const headers = { authorization: `Bearer ${transaction.key}` }
    expect((await gateway.call(path, { method: 'DELETE', headers })).status).toBe(204)
    expect(await gateway.get(path, transaction.key)).toMatchObject({ status: 404 })
  })
})

describe('whom nobody recognises at that level is refused with the reason', () => {
  async function present(persona: string, relyingParty = 'bank-sg', body = kyc as object) {
    const wallet = await gateway.citizen(persona)
    const transaction = await gateway.ask(relyingParty, { ...body })
    const { status } = await wallet.present(transaction.authorization_request)
    return { status, result: await transaction.read() }
  }
  const persona = async (issuer: string) => {
    const { body } = await gateway.get<{ personas: { id: string; issuer: string }[] }>(
      '/sandbox/personas',
    )
    return body.personas.find((each) => each.issuer === issuer)?.id ?? ''
  }

  it.each(['la', 'mm', 'bn', 'tl'])('%s is unrated', async (cc) => {
    const { status, result } = await present(await persona(cc))
    expect(status).toBe(400)
    expect(result).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(result)).toContain('trust.recognition')
    const [check] = result.report?.checks.filter(({ id }) => id === 'trust.recognition') ?? []
    expect(check?.remedy).toEqual(expect.any(String))
  })

  it('a state at home needs no recognition', async () => {
    const { result } = await present(await persona('sg'))
    expect(failed(result)).toEqual([])
    const recognition = result.report?.checks.find(({ id }) => id === 'trust.recognition')
    expect(recognition?.outcome).toBe('skip')
    expect(result.credentials?.['pid-sd-jwt']?.[0]).toMatchObject({ recognition: null })
  })

  it('a state at home that is unrated is refused where a level is asked', async () => {
    const body = { purpose: 'gov-service-login', ask: ['name', 'person_token'] }
    const { result } = await present(await persona('bn'), 'gov-bn', body)
    expect(failed(result)).toContain('assurance.proofing')
  })
})

describe('the proof of age', () => {
  it('shows one bit and nothing else', async () => {
    const { body } = await gateway.get<{ personas: { id: string; issuer: string }[] }>(
      '/sandbox/personas',
    )
    const thai = body.personas.find(({ issuer }) => issuer === 'th')?.id ?? ''
    const wallet = await gateway.citizen(thai, ['age-sd-jwt'])
    const transaction = await gateway.ask('shop-th', {
      purpose: 'age-check',
      ask: [{ type: 'age', claims: ['age_over_20'] }],
    })
    await wallet.present(transaction.authorization_request)
    const result: Presentation = await transaction.read()
    expect(failed(result)).toEqual([])
    expect(result.credentials?.['age-sd-jwt']?.[0]?.claims).toEqual({ age_over_20: true })
  })
})
