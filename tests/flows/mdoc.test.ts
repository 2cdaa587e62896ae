import { beforeAll, describe, expect, it } from 'vitest'
import { failed, type Presentation, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

const firstOf = async (issuer: string): Promise<string> => {
  const { body } = await gateway.get<{ personas: { id: string; issuer: string }[] }>(
    '/sandbox/personas',
  )
  return body.personas.find((each) => each.issuer === issuer)?.id ?? ''
}

/** What a relying party reads of what a wallet answered. */
async function present(
  persona: string,
  configurations: string[],
  [relyingParty, body]: [string, Record<string, unknown>],
) {
  const wallet = await gateway.citizen(persona, configurations)
  const transaction = await gateway.ask(relyingParty, body)
  const { status } = await wallet.present(transaction.authorization_request)
  const result: Presentation = await transaction.read()
  return { status, result }
}

const kyc = (...ask: string[]): [string, Record<string, unknown>] => [
  'bank-sg',
  { purpose: 'bank-kyc', ask, issuers: ['vn', 'la', 'sg'] },
]

describe('a citizen of Viet Nam with an mdoc, at a bank in Singapore', () => {
  it('is verified, as with an SD-JWT VC (VER-07)', async () => {
    const asked = kyc('name', 'birthdate', 'address.country', 'person_token')
    const { status, result } = await present('vn-nguyen-thi-an', ['pid-mdoc'], asked)
    expect(failed(result)).toEqual([])
    expect(status).toBe(200)
    expect(result).toMatchObject({
      status: 'verified',
      credentials: {
        'pid-mdoc': [
          {
            format: 'mso_mdoc',
            type: 'org.gerbang.pid.1',
            issuer: { id: `${gateway.origin}/issuers/vn`, country: 'VN' },
            assurance: { proofing: 'high', authn: 'high', national: 'level 2 / authentication 4' },
            recognition: { recogniser: 'SG', recognised: 'VN' },
            status: 'valid',
          },
        ],
      },
      receipt: expect.stringMatching(/^ey/),
    })
    // Of the address, which an mdoc can only show whole, no more than was asked for.
    expect(result.credentials?.['pid-mdoc']?.[0]?.claims).toEqual({
      name: 'Nguyễn Thị An',
      birthdate: '1990-05-19',
      address: { country: 'VN' },
      person_token: expect.any(String),
    })
  })

  it('is the same person to the bank, whichever of the two she shows', async () => {
    const token = async (configuration: string) => {
      const { result } = await present('vn-nguyen-thi-an', [configuration], kyc('person_token'))
      return result.credentials?.[configuration]?.[0]?.claims.person_token
    }
    expect(await token('pid-mdoc')).toEqual(expect.any(String))
    expect(await token('pid-mdoc')).toBe(await token('pid-sd-jwt'))
  })

  it('shows one of the two, when she holds both', async () => {
    const both = ['pid-mdoc', 'pid-sd-jwt']
    const { result } = await present('vn-nguyen-thi-an', both, kyc('name'))
    expect(Object.keys(result.credentials ?? {})).toEqual(['pid-sd-jwt'])
  })

  it('cannot be asked on a form that she does not hold', async () => {
    const wallet = await gateway.citizen('vn-nguyen-thi-an', ['pid-mdoc'])
    const ask = { purpose: 'bank-kyc', ask: ['name'], formats: ['dc+sd-jwt'] }
    const transaction = await gateway.ask('bank-sg', ask)
    await wallet.present(transaction.authorization_request)
    expect(await transaction.read()).toMatchObject({ status: 'denied' })
  })
})

describe('with an mdoc as with an SD-JWT VC', () => {
  it('whom nobody recognises is refused with the reason', async () => {
    const { status, result } = await present(await firstOf('la'), ['pid-mdoc'], kyc('name'))
    expect(status).toBe(400)
    expect(result).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(result)).toContain('trust.recognition')
  })

  it('a state at home needs no recognition', async () => {
    const { result } = await present(await firstOf('sg'), ['pid-mdoc'], kyc('name'))
    expect(failed(result)).toEqual([])
    expect(result.credentials?.['pid-mdoc']?.[0]).toMatchObject({ recognition: null })
  })

  it('the proof of age shows one bit and nothing else', async () => {
    const ask = [{ type: 'age', claims: ['age_over_20'] }]
    const shop: [string, Record<string, unknown>] = ['shop-th', { purpose: 'age-check', ask }]
    const { result } = await present(await firstOf('th'), ['age-mdoc'], shop)
    expect(failed(result)).toEqual([])
    expect(result.credentials?.['age-mdoc']?.[0]?.claims).toEqual({ age_over_20: true })
  })
})
