import { beforeAll, expect, it } from 'vitest'
import { signJws } from '../../src/credential/jws.ts'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

const issuer = 'http://localhost:8787/issuers/vn'
const preAuthorized = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** An access token for one credential of An's. */
async function accessToken(): Promise<string> {
  const offer = await gateway.post<{
    credential_offer: { grants: Record<string, { 'pre-authorized_code': string }> }
  }>('/sandbox/offers', {
    issuer: 'vn',
    persona: 'vn-nguyen-thi-an',
    credential_configuration_ids: ['pid-sd-jwt'],
    grant: 'pre-authorized_code',
  })
  const code = offer.body.credential_offer.grants[preAuthorized]?.['pre-authorized_code'] ?? ''
  const token = await gateway.call<{ access_token: string }>(`${issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: preAuthorized,
      'pre-authorized_code': code,
    }).toString(),
  })
  return token.body.access_token
}

async function proof(nonce: string): Promise<string> {
  const key = await freshHolderKey()
  const header = { typ: 'openid4vci-proof+jwt', jwk: key.publicJwk }
  const iat = Math.floor(gateway.now().getTime() / 1000)
  return signJws(header, { aud: issuer, iat, nonce }, key.sign)
}

const nonce = async () =>
  (await gateway.call<{ c_nonce: string }>(`${issuer}/nonce`, { method: 'POST' })).body.c_nonce

const credential = (token: string, jwt: string) =>
  gateway.post(
    `${issuer}/credential`,
    { credential_configuration_id: 'pid-sd-jwt', proofs: { jwt: [jwt] } },
    token,
  )

it('a key proof is good for one credential (VCI-N03)', async () => {
  const jwt = await proof(await nonce())
  expect(await credential(await accessToken(), jwt)).toMatchObject({ status: 200 })
  expect(await credential(await accessToken(), jwt)).toMatchObject({
    status: 400,
    body: { error: 'invalid_nonce' },
  })
})

it('of twenty that use one nonce at once, exactly one gets a credential', async () => {
  const shared = await nonce()
  const tokens = await Promise.all(Array.from({ length: 20 }, accessToken))
  const answers = await Promise.all(
    tokens.map(async (token) => credential(token, await proof(shared))),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(400)])
  const refused = answers.filter(({ status }) => status === 400)
  expect(new Set(refused.map(({ body }) => body.error))).toEqual(new Set(['invalid_nonce']))
})

it('a nonce of another issuer, or of one’s own making, is no nonce', async () => {
  const foreign = await gateway.call<{ c_nonce: string }>(
    'http://localhost:8787/issuers/sg/nonce',
    { method: 'POST' },
  )
  for (const value of [foreign.body.c_nonce, 'A'.repeat(43)]) {
    const answer = await credential(await accessToken(), await proof(value))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_nonce' } })
  }
})
