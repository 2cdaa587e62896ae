import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { decryptJwe } from '../../src/credential/jwe.ts'
import { signJws } from '../../src/credential/jws.ts'
import { signJwsJson } from '../../src/credential/jws-json.ts'
import type { DigitalCredentialOptions } from '../../src/wallet/digital-credentials.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import { hidden, holding, now, payloadOf, random, signer, verifier } from './parties.ts'

const origin = 'https://bank.example'
const fetch = () => {
  throw new Error('over the Digital Credentials API a wallet fetches nothing')
}

type Change = {
  payload?: Record<string, unknown>
  header?: JsonObject
  client?: Record<string, unknown>
  signAs?: string
}

/** What a page may give to the browser: the same in three forms. */
async function page({
  payload = {},
  header = {},
  client = {},
  signAs = 'access:bank-sg',
}: Change = {}) {
  const party = await verifier()
  const { state: _, response_uri: __, client_id, iss: ___, ...asked } = party.payload
  const parameters = strip({ ...asked, response_mode: 'dc_api.jwt', ...payload })
  const signed = strip({ expected_origins: [origin], ...parameters, ...payload })
  const identity = strip({ client_id, ...client })
  const { sign, x5c } = signer(signAs)
  const headers = { typ: 'oauth-authz-req+jwt', x5c, ...header }
  const unknown = { ...headers, client_id: 'openid_federation:https://bank.example' }
  const request = await signJwsJson([unknown, { ...headers, ...identity }], signed, sign)
  const compact = await signJws(headers, { ...signed, ...identity }, sign)
  const requests = [
    { protocol: 'openid4vp-v1-signed', data: { request: compact } },
    { protocol: 'openid4vp-v1-multisigned', data: { request } },
    { protocol: 'openid4vp-v1-unsigned', data: parameters },
  ]
  return { ...party, options: { digital: { requests } } satisfies DigitalCredentialOptions }
}

/** Without what is undefined, as JSON has it. */
const strip = (members: Record<string, unknown>): JsonObject => JSON.parse(JSON.stringify(members))

const wallet = async () =>
  createWallet({ fetch, random, now, credentials: [await holding({ name: hidden('An') })] })

const [signed, multisigned, unsigned] = [
  'openid4vp-v1-signed',
  'openid4vp-v1-multisigned',
  'openid4vp-v1-unsigned',
] as const

describe('a wallet behind the browser answers', () => {
  it.each([signed, multisigned, unsigned])('%s, for the page and its nonce', async (protocol) => {
    const { options, privateKey } = await page()
    const credential = await (await wallet()).get(origin, options, { protocol })
    expect(credential).toEqual({ protocol, data: { response: expect.any(String) } })
    const plaintext = await decryptJwe(String(credential.data.response), privateKey, {
      kid: 'enc-1',
      encs: ['A256GCM'],
    })
    const { vp_token, ...others } = JSON.parse(new TextDecoder().decode(plaintext))
    expect(others).toEqual({})
    const kbJwt = vp_token.pid[0].split('~').at(-1)
    expect(payloadOf(kbJwt)).toMatchObject({ aud: `origin:${origin}`, nonce: 'n-0S6_WzA2Mj' })
  })

  it('whoever is expected there, among others', async () => {
    const { options } = await page({
      payload: { expected_origins: ['https://other.example', origin] },
    })
    expect(await (await wallet()).get(origin, options)).toHaveProperty('data.response')
  })

  it('without hearing what an unsigned request says of itself (A.2)', async () => {
    const { options } = await page({
      payload: { client_id: 'x509_hash:x', expected_origins: ['https://other.example'] },
    })
    const credential = await (await wallet()).get(origin, options, { protocol: unsigned })
    expect(credential).toHaveProperty('data.response')
  })
})

describe('who signed for other origins hears invalid_request (A.2)', () => {
  it.each([
    ['another', ['https://other.example']],
    ['none like it to the letter', [`${origin}/`, 'https://BANK.example', `${origin}:443`]],
  ])('%s', async (_, expected_origins) => {
    const { options } = await page({ payload: { expected_origins } })
    for (const protocol of [signed, multisigned]) {
      expect(await (await wallet()).get(origin, options, { protocol })).toEqual({
        protocol,
        data: { error: 'invalid_request' },
      })
    }
  })
})

describe('a page that breaks a rule gets nothing', () => {
  it.each<[string, string, Change, RegExp]>([
    ['no origins', signed, { payload: { expected_origins: undefined } }, /expected_origins/],
    ['an empty list of them', signed, { payload: { expected_origins: [] } }, /expected_origins/],
    ['no client_id', signed, { client: { client_id: undefined } }, /client_id/],
    ['no name that is known', multisigned, { client: { client_id: 'x' } }, /name/],
    ['another name', signed, { client: { client_id: `x509_hash:${'A'.repeat(43)}` } }, /hash/],
    ['another name', multisigned, { client: { client_id: `x509_hash:${'A'.repeat(43)}` } }, /hash/],
    ['another key', signed, { signAs: 'access:telco-my' }, /hash/],
    ['another typ', multisigned, { header: { typ: 'JWT' } }, /typ/],
    ['a name in the payload', multisigned, { payload: { client_id: 'x' } }, /header/],
    ['a registration there', multisigned, { payload: { verifier_info: [] } }, /header/],
    ['an answer in the open', unsigned, { payload: { response_mode: 'dc_api' } }, /response_mode/],
    ['an answer elsewhere', signed, { payload: { response_mode: 'direct_post.jwt' } }, /_mode/],
    ['a request in the request', signed, { payload: { request: 'x' } }, /hold another/],
    ['no nonce', unsigned, { payload: { nonce: undefined } }, /nonce/],
    ['no key', unsigned, { payload: { client_metadata: {} } }, /client_metadata/],
    ['yesterday', signed, { payload: { exp: 1 } }, /expired/],
    ['a protocol of before', 'openid4vp', {}, /protocol/],
  ])('%s, %s', async (_, protocol, change, rule) => {
    const { options } = await page(change)
    await expect((await wallet()).get(origin, options, { protocol })).rejects.toThrow(rule)
  })
})
