import { beforeAll, describe, expect, it } from 'vitest'
import { parseJsonObject } from '../../src/credential/json.ts'
import { parseJws } from '../../src/credential/jws.ts'
import { verificationRecords } from '../../src/store/schema/presentation.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import type { Wallet } from '../../src/wallet/wallet.ts'
import { kyc, type Presentation, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let wallet: Wallet
beforeAll(async () => {
  gateway = await testGateway()
  wallet = await gateway.citizen('vn-nguyen-thi-an')
})

const redirectUri = 'http://localhost/callback?session=7'

async function ask(flow = 'same_device') {
  const started = await gateway.ask('bank-sg', { ...kyc, flow, redirect_uri: redirectUri })
  return {
    ...started,
    /** What the bank gets with a code that some browser brought. */
    readWith: (code: string) =>
      gateway.get<Presentation & { code: string }>(
        `/v1/presentations/${started.id}?response_code=${code}`,
        started.key,
      ),
  }
}

/** A transaction that the wallet has answered, and the code that its browser went back with. */
async function answered(flow?: string, lies: Lies = {}) {
  const transaction = await ask(flow)
  const { status, redirectUri = '' } = await wallet.present(transaction.authorization_request, {
    lies,
  })
  expect(status).toBe(200)
  return { ...transaction, code: codeIn(redirectUri) }
}

const codeIn = (uri: string) => new URL(uri).searchParams.get('response_code') ?? ''
const codeCheck = ({ report }: Presentation) =>
  report?.checks.find(({ id }) => id === 'response.code')
const untold = { report: null, credentials: null, receipt: null }

describe('on the same device, nothing is told before the browser is back (VP-V14, HAIP-V07)', () => {
  it('only that there is an answer, and until when it can be had', async () => {
    const transaction = await answered()
    const result = await transaction.read()
    expect(result).toMatchObject({ status: 'answered', ...untold })
    expect(result).toHaveProperty('result_expires_at', gateway.now().getTime() / 1000 + 600)
    expect(JSON.stringify(result)).not.toContain('verified')
  })

  it('the browser goes where the relying party said, with 256 bits in the query', async () => {
    const { authorization_request: link } = await ask()
    const { redirectUri: back = '' } = await wallet.present(link)
    const { origin, pathname, searchParams } = new URL(back)
    expect(`${origin}${pathname}`).toBe('http://localhost/callback')
    expect(searchParams.get('session')).toBe('7')
    expect(codeIn(back)).toMatch(/^[\w-]{43}$/)
  })

  it('the code gives the result, and after that it is read without', async () => {
    const transaction = await answered()
    const { status, body } = await transaction.readWith(transaction.code)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'verified',
      report: { outcome: 'verified' },
      credentials: { 'pid-sd-jwt': [{ claims: { name: 'Nguyễn Thị An' } }] },
      receipt: expect.stringMatching(/^ey/),
    })
    expect(codeCheck(body)?.outcome).toBe('pass')
    expect(await transaction.read()).toEqual(body)
  })

  it('of fifty answers at once one counts, and its code is the only one (VER-25)', async () => {
    const transaction = await ask()
    let form: Record<string, string> = {}
    const keepBack = (honest: Record<string, string>) => {
      form = honest
      return {}
    }
    const { request } = await wallet.present(transaction.authorization_request, {
      lies: { form: keepBack },
    })
    const before = await records()
    const post = () =>
      gateway.call<{ redirect_uri?: string }>(String(request.response_uri), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      })
    const answers = await Promise.all(Array.from({ length: 50 }, post))
    const good = answers.filter(({ status }) => status === 200)
    expect(good).toHaveLength(1)
    expect(await records()).toHaveLength(before.length + 1)
    const read = await transaction.readWith(codeIn(good[0]?.body.redirect_uri ?? ''))
    expect(read).toMatchObject({ status: 200, body: { status: 'verified' } })
  })

  it('a receipt that was told says that the code was there', async () => {
    const transaction = await answered()
    const { body } = await transaction.readWith(transaction.code)
    const receipt = parseJws(String(body.receipt))
    expect(receipt && parseJsonObject(receipt.payload)).toMatchObject({
      outcome: 'verified',
      checks: expect.arrayContaining([{ id: 'response.code', outcome: 'pass' }]),
    })
  })
})

describe('what is not the code opens nothing (VP-N08, HAIP-N08)', () => {
  it('two at once are not guessed between', async () => {
    const transaction = await answered()
    const twice = await transaction.readWith(`${transaction.code}&response_code=x`)
    expect(twice).toMatchObject({ status: 400, body: { code: 'malformed_request' } })
    expect((await transaction.readWith(transaction.code)).status).toBe(200)
  })

  it('a HEAD, which would spend it for nobody to hear', async () => {
    const transaction = await answered()
    const path = `/v1/presentations/${transaction.id}?response_code=${transaction.code}`
    const headers = { authorization: `Bearer ${transaction.key}` }
    expect((await gateway.call(path, { method: 'HEAD', headers })).status).toBe(405)
    expect((await transaction.readWith(transaction.code)).status).toBe(200)
  })

  it('before there is an answer, any', async () => {
    const transaction = await ask()
    const early = await transaction.readWith('A'.repeat(43))
    expect(early).toMatchObject({ status: 400, body: { code: 'response_code_wrong' } })
    expect((await transaction.read()).status).toBe('requested')
  })
})

describe('whose browser never comes back is refused (HAIP-V07)', () => {
  const lapsed = async () => {
    const transaction = await answered()
    gateway.advance(599)
    expect((await transaction.read()).status).toBe('answered')
    gateway.advance(1)
    return transaction
  }

  it('by time alone, with the check that failed and no receipt', async () => {
    const result = await (await lapsed()).read()
    expect(result).toMatchObject({
      status: 'refused',
      report: { outcome: 'refused' },
      credentials: null,
      receipt: null,
      result_expires_at: null,
    })
    expect(result.report?.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([
      expect.objectContaining({
        id: 'response.code',
        spec: 'HAIP 1.0 5.1; OpenID4VP 1.0 14.3',
        remedy: expect.any(String),
      }),
    ])
  })

  it('and just so when housekeeping has written it down', async () => {
    const transaction = await lapsed()
    const before = await transaction.read()
    await gateway.deps.housekeeping()
    expect(await transaction.read()).toEqual(before)
  })

  it.each([
    ['before', async () => {}],
    ['after', () => gateway.deps.housekeeping()],
  ])('the code that comes too late tells of it, once, %s housekeeping', async (_, tidy) => {
    const transaction = await lapsed()
    await tidy()
    const late = await transaction.readWith(transaction.code)
    expect(late).toMatchObject({ status: 200, body: { status: 'refused', credentials: null } })
    expect(await transaction.readWith(transaction.code)).toMatchObject({
      status: 400,
      body: { code: 'response_code_used' },
    })
    expect((await transaction.read()).status).toBe('refused')
  })
})

describe('a bad answer is refused at once, and a no is a no', () => {
  it('bad: 4xx to the wallet, and no code to wait for', async () => {
    const transaction = await ask()
    const { status, redirectUri } = await wallet.present(transaction.authorization_request, {
      lies: { nonce: 'another' },
    })
    expect(status).toBe(400)
    expect(redirectUri).toBeUndefined()
    const result = await transaction.read()
    expect(result).toMatchObject({ status: 'refused', report: { outcome: 'refused' } })
    expect(codeCheck(result)?.outcome).toBe('skip')
  })

  it('no: denied without any code, and the browser goes back all the same', async () => {
    const transaction = await ask()
    const { status, redirectUri = '' } = await wallet.decline(transaction.authorization_request)
    expect(status).toBe(200)
    expect(await transaction.read()).toMatchObject({ status: 'denied' })
    const read = await transaction.readWith(codeIn(redirectUri))
    expect(read).toMatchObject({ status: 200, body: { status: 'denied' } })
    const again = await transaction.readWith(codeIn(redirectUri))
    expect(again).toMatchObject({ status: 400, body: { code: 'response_code_used' } })
  })
})

describe('across devices no code is needed', () => {
  it('the result is there at once, and its report says so', async () => {
    const result = await (await answered('cross_device')).read()
    expect(result.status).toBe('verified')
    expect(codeCheck(result)?.outcome).toBe('skip')
  })

  it('but one that is brought must be right, and works once', async () => {
    const transaction = await answered('cross_device')
    const wrong = await transaction.readWith('A'.repeat(43))
    expect(wrong).toMatchObject({ status: 400, body: { code: 'response_code_wrong' } })
    expect((await transaction.readWith(transaction.code)).status).toBe(200)
    const again = await transaction.readWith(transaction.code)
    expect(again).toMatchObject({ status: 400, body: { code: 'response_code_used' } })
    expect((await transaction.read()).credentials).not.toBeNull()
  })
})

it('events tell that it is answered, and go on to what comes of it', async () => {
  const transaction = await answered()
  const events = await gateway.fetch(
    `${gateway.origin}/v1/presentations/${transaction.id}/events`,
    { headers: { authorization: `Bearer ${transaction.key}` } },
  )
  const told = events.text()
  await transaction.readWith(transaction.code)
  const statuses = [...(await told).matchAll(/"status":"(\w+)"/g)].map(([, status]) => status)
  expect(statuses).toEqual(['answered', 'verified'])
})

const records = () => gateway.database.orm.select().from(verificationRecords)

describe('the record of a verification', () => {
  /** What was recorded by what is done. */
  async function recorded(done: () => Promise<unknown>) {
    const before = new Set((await records()).map(({ verdict }) => verdict))
    await done()
    return (await records()).filter(({ verdict }) => !before.has(verdict))
  }
  const day = 86_400_000

  it('tells who asked whom, for what, at which levels, and nothing of the person', async () => {
    const [record, ...others] = await recorded(() => answered('cross_device'))
    expect(others).toEqual([])
    const now = gateway.now()
    expect(record).toEqual({
      verdict: expect.stringMatching(/^[\w-]{43}$/),
      number: 0,
      recordedAt: now,
      at: now,
      challengeBy: 'gateway',
      relyingParty: `${gateway.origin}/relying-parties/bank-sg`,
      country: 'SG',
      purpose: 'bank-kyc',
      issuer: `${gateway.origin}/issuers/vn`,
      issuerCountry: 'VN',
      credentialType: 'urn:gerbang:pid:1',
      recognition: expect.any(String),
      proofing: 'high',
      authn: 'high',
      outcome: 'verified',
      forgetAt: new Date(now.getTime() + 5 * 365 * day),
    })
  })

  it.each<[string, string, () => Promise<unknown>]>([
    ['while the browser is away', 'refused', () => answered()],
    [
      'once it is back',
      'verified',
      async () => {
        const transaction = await answered()
        await transaction.readWith(transaction.code)
      },
    ],
    [
      'when it never came',
      'refused',
      async () => {
        const transaction = await answered()
        gateway.advance(600)
        await gateway.deps.housekeeping()
        await transaction.readWith(transaction.code)
      },
    ],
    [
      'of a bad answer',
      'refused',
      async () => {
        const { authorization_request: link } = await ask()
        await wallet.present(link, { lies: { tamperIssuerSignature: true } })
      },
    ],
    ['of a no', 'denied', async () => wallet.decline((await ask()).authorization_request)],
  ])('%s: %s', async (_, outcome, done) => {
    expect((await recorded(done)).map((record) => record.outcome)).toEqual([outcome])
  })

  it('is there when nothing could be read', async () => {
    const nothing = { issuer: null, credentialType: null, recognition: null, proofing: null }
    const unreadable = await recorded(async () => {
      const { authorization_request: link } = await ask()
      await wallet.present(link, { lies: { vpToken: () => 'x' } })
    })
    expect(unreadable).toMatchObject([{ ...nothing, country: 'SG', outcome: 'refused' }])
  })

  it('is not there for what cannot be tied to the transaction: that is no verdict', async () => {
    const noise = await recorded(async () => {
      const { authorization_request: link } = await ask()
      await wallet.present(link, { lies: { kid: 'unknown' } })
    })
    expect(noise).toEqual([])
  })

  it('stays when the relying party has all else forgotten, for as long as the purpose says', async () => {
    const [record] = await recorded(async () => {
      const { id, key } = await answered('cross_device')
      const headers = { authorization: `Bearer ${key}` }
      const path = `/v1/presentations/${id}`
      expect((await gateway.call(path, { method: 'DELETE', headers })).status).toBe(204)
      expect((await gateway.get(path, key)).status).toBe(404)
    })
    expect(await records()).toContainEqual(record)
  })

  it('stays thirty days at least, whatever the purpose says, and then goes', async () => {
    const thai = await gateway.citizen('th-somchai-jaidee', ['age-sd-jwt'])
    const [record] = await recorded(async () => {
      const { authorization_request: link } = await gateway.ask('shop-th', {
        purpose: 'age-check',
        ask: [{ type: 'age', claims: ['age_over_18'] }],
      })
      await thai.present(link)
    })
    expect(record?.forgetAt).toEqual(new Date(gateway.now().getTime() + 30 * day))
    gateway.advance((30 * day) / 1000 - 1)
    await gateway.deps.housekeeping()
    expect(await records()).toContainEqual(record)
    gateway.advance(1)
    await gateway.deps.housekeeping()
    expect(await records()).not.toContainEqual(record)
  })
})
