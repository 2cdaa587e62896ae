import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type JsonObject, parseJsonObject } from '../../src/credential/json.ts'
import { decryptJwe } from '../../src/credential/jwe.ts'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import {
  anchor,
  disclosedIn,
  headerOf,
  hidden,
  holding,
  identityType,
  now,
  payloadOf,
  random,
  seconds,
  verifier,
} from './parties.ts'

type Party = Awaited<ReturnType<typeof verifier>>

const claims = { name: hidden('Nguyen Thi An'), birthdate: hidden('1992-03-04'), env: 'sandbox' }
const issuerPem = join(import.meta.dirname, '../../keys-example/anchors/issuer-vn.pem')
const anchors = [anchor(readFileSync(issuerPem, 'utf8'))]

/** A wallet with one identity credential, in front of a verifier. */
async function meeting(change?: Parameters<typeof verifier>[0]) {
  const party = await verifier(change)
  const held = await holding(claims)
  const wallet = createWallet({ fetch: party.fetch, random, now, credentials: [held] })
  return { party, held, wallet }
}

/** What arrived at the response_uri. */
const posted = (party: Party) => Object.fromEntries(new URLSearchParams(party.sent.at(-1)?.body))

async function decrypted(party: Party): Promise<JsonObject> {
  const encs = ['A128GCM', 'A256GCM']
  const { response = '' } = posted(party)
  const plaintext = await decryptJwe(response, party.privateKey, { kid: 'enc-1', encs })
  return parseJsonObject(plaintext ?? '') ?? {}
}

const presentationIn = (response: JsonObject): string => {
  const { pid } = response.vp_token as { pid: string[] }
  return pid[0] ?? ''
}

/** Which checks of our verifier a presentation does not pass. */
async function failedChecks(presentation: string, { clientId, payload }: Party) {
  const keyBinding = { nonce: String(payload.nonce), audience: clientId }
  const { findings } = await verifySdJwtVc(presentation, { at: now(), anchors, keyBinding })
  return findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
}

describe('an honest wallet', () => {
  it('shows what is asked, bound to the request, so that our verifier accepts it', async () => {
    const { party, wallet } = await meeting()
    const answer = await wallet.present(party.request)
    const presentation = presentationIn(await decrypted(party))

    expect(answer).toMatchObject({
      status: 200,
      redirectUri: 'https://bank.example/done?response_code=c',
      disclosed: { pid: [['name']] },
      request: { nonce: 'n-0S6_WzA2Mj' },
    })
    expect(disclosedIn(presentation)).toEqual([['name', 'Nguyen Thi An']])
    expect(await failedChecks(presentation, party)).toEqual([])
    expect(payloadOf(presentation.split('~').at(-1))).toMatchObject({
      iat: seconds,
      aud: party.clientId,
      nonce: 'n-0S6_WzA2Mj',
    })
  })

  it('posts an encrypted response and nothing else', async () => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request)
    const form = posted(party)
    expect(Object.keys(form)).toEqual(['response'])
    expect(headerOf(form.response)).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'enc-1' })
    expect(Object.keys(await decrypted(party))).toEqual(['vp_token', 'state'])
    expect(party.sent.at(-1)?.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
  })

  it('repeats the state, and has none where there was none', async () => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request)
    expect(await decrypted(party)).toHaveProperty('state', 'a-state')
    const silent = await meeting({ payload: { state: undefined as never } })
    await silent.wallet.present(silent.party.request)
    expect(await decrypted(silent.party)).not.toHaveProperty('state')
  })

  it('says access_denied when it does not hold what is asked', async () => {
    const { party } = await meeting()
    const empty = createWallet({ fetch: party.fetch, random, now })
    expect(await empty.present(party.request)).toMatchObject({ status: 200, disclosed: {} })
    expect(await decrypted(party)).toEqual({ error: 'access_denied', state: 'a-state' })
  })

  it('declines, encrypted or plain', async () => {
    const { party, wallet } = await meeting()
    await wallet.decline(party.request)
    expect(await decrypted(party)).toEqual({ error: 'access_denied', state: 'a-state' })
    await wallet.decline(party.request, { plain: true })
    expect(posted(party)).toEqual({ error: 'access_denied', state: 'a-state' })
  })

  it('previews who asks for what, and sends nothing', async () => {
    const { party, wallet } = await meeting()
    expect(await wallet.preview(party.request)).toMatchObject({
      verifier: { clientId: party.clientId, name: 'Merlion Bank (sandbox)' },
      asked: [{ queryId: 'pid', types: [identityType], claims: [['name']] }],
      wouldDisclose: { pid: [['name']] },
      registrations: [],
      transactions: [],
    })
    expect(party.to(party.responseUri)).toEqual([])
    const empty = createWallet({ fetch: party.fetch, random, now })
    expect(await empty.preview(party.request)).toHaveProperty('wouldDisclose', undefined)
  })

  it('tells what a verifier says to a refused presentation', async () => {
    const refusal = { error: 'invalid_request', error_description: 'no' }
    const { party, wallet } = await meeting({
      answer: () => Response.json(refusal, { status: 400 }),
    })
    expect(await wallet.present(party.request)).toMatchObject({ status: 400, body: refusal })
  })

  it.each<[string, () => Response, RegExp]>([
    ['no JSON', () => new Response('ok'), /not application\/json/],
    ['no JSON object', () => Response.json([]), /no JSON object/],
    ['a redirect_uri that is none', () => Response.json({ redirect_uri: 7 }), /no URL/],
  ])('throws when a verifier takes the answer and says %s', async (_, answer, rule) => {
    const { party, wallet } = await meeting({ answer })
    await expect(wallet.present(party.request)).rejects.toThrow(rule)
  })

  it('follows no redirect away from the response_uri', async () => {
    const away = () => Response.redirect('https://else.example/', 303)
    const { party, wallet } = await meeting({ answer: away })
    expect((await wallet.present(party.request)).status).toBe(303)
  })
})

describe('a lying wallet is caught by our verifier', () => {
  it.each<[string, Lies, string[]]>([
    ['another nonce', { nonce: 'another' }, ['key_binding.nonce']],
    [
      'an audience without its prefix',
      { audience: (clientId) => clientId.replace('x509_hash:', '') },
      ['key_binding.audience'],
    ],
    ['another audience', { audience: 'https://other.example' }, ['key_binding.audience']],
    ['another sd_hash', { sdHash: 'AAAA' }, ['key_binding.sd_hash']],
    ['an iat a year ago', { iat: -31_536_000 }, ['key_binding.time']],
    ['an iat a year ahead', { iat: 31_536_000 }, ['key_binding.time']],
    ['another holder key', { holderKey: 'other' }, ['key_binding.signature']],
    ['another typ of KB-JWT', { kbTyp: 'JWT' }, ['key_binding.header']],
    ['an altered disclosure', { alterDisclosure: true }, ['credential.disclosures']],
    ['a disclosure nobody signed', { extraDisclosure: true }, ['credential.disclosures']],
    ['a disclosure twice', { duplicateDisclosure: true }, ['credential.disclosures']],
    ['no KB-JWT', { dropKeyBinding: true }, ['key_binding.present']],
    ['an altered issuer signature', { tamperIssuerSignature: true }, ['credential.signature']],
  ])('%s', async (_, lies, expected) => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies })
    const failed = await failedChecks(presentationIn(await decrypted(party)), party)
    expect(failed).toEqual(expected)
  })

  it.each<[string, Lies, string]>([
    ['a KB-JWT with alg none', { kbAlg: 'none' }, 'key_binding.header'],
    ['a KB-JWT with alg HS256', { kbAlg: 'HS256' }, 'key_binding.header'],
    ['a credential with alg none', { issuerAlg: 'none' }, 'credential.header'],
    ['a credential with alg HS256', { issuerAlg: 'HS256' }, 'credential.header'],
  ])('%s', async (_, lies, expected) => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies })
    const failed = await failedChecks(presentationIn(await decrypted(party)), party)
    expect(failed).toContain(expected)
  })
})

describe('a lying wallet', () => {
  it('changes only what the lie names', async () => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies: { nonce: 'another' } })
    const kbJwt = presentationIn(await decrypted(party))
      .split('~')
      .at(-1)
    expect(payloadOf(kbJwt)).toMatchObject({ nonce: 'another', aud: party.clientId, iat: seconds })
    expect(headerOf(kbJwt)).toEqual({ typ: 'kb+jwt', alg: 'ES256' })
  })

  it.each<[string, Lies, string[]]>([
    ['everything', { disclosureNotAsked: true }, ['name', 'birthdate']],
    ['one claim more', { disclosureNotAsked: ['birthdate'] }, ['name', 'birthdate']],
    ['nothing of the last asked claim', { omitDisclosure: true }, []],
    ['nothing of a named claim', { omitDisclosure: ['name'] }, []],
    [
      'another claim instead',
      { omitDisclosure: ['name'], disclosureNotAsked: true },
      ['birthdate'],
    ],
  ])('discloses %s, and signs it well', async (_, lies, expected) => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies })
    const presentation = presentationIn(await decrypted(party))
    expect(disclosedIn(presentation).map(([name]) => name)).toEqual(expected)
    expect(await failedChecks(presentation, party)).toEqual([])
  })

  it('omits an innermost disclosure, not the parent of one that stays', async () => {
    const held = await holding({ address: hidden({ country: hidden('VN') }) })
    const credentials = [{ id: 'pid', format: 'dc+sd-jwt', meta: { vct_values: [identityType] } }]
    const dcql_query = {
      credentials: credentials.map((query) => ({ ...query, claims: [{ path: ['address'] }] })),
    }
    const party = await verifier({ payload: { dcql_query } })
    const wallet = createWallet({ fetch: party.fetch, random, now, credentials: [held] })
    await wallet.present(party.request, { lies: { omitDisclosure: true } })
    const presentation = presentationIn(await decrypted(party))
    expect(disclosedIn(presentation).map(([name]) => name)).toEqual(['address'])
    expect(await failedChecks(presentation, party)).toEqual([])
  })

  it('replays what somebody presented before, without holding it', async () => {
    const { party, wallet } = await meeting()
    const { response } = await wallet.present(party.request)
    const presentations = [presentationIn(response as JsonObject)]
    const thief = createWallet({ fetch: party.fetch, random, now })
    await thief.present(party.request, { lies: { presentations } })
    expect(await decrypted(party)).toEqual({ vp_token: { pid: presentations }, state: 'a-state' })
  })

  it.each<[string, NonNullable<Lies['vpToken']>, (honest: unknown) => unknown]>([
    ['a string', ({ pid }) => pid?.[0], () => expect.any(String)],
    ['an array', ({ pid }) => pid, () => [expect.any(String)]],
    [
      'two elements',
      ({ pid = [] }) => ({ pid: [...pid, ...pid] }),
      () => ({ pid: [expect.any(String), expect.any(String)] }),
    ],
    ['an unknown id', ({ pid }) => ({ other: pid }), () => ({ other: [expect.any(String)] })],
  ])('makes its vp_token %s', async (_, vpToken, expected) => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies: { vpToken } })
    expect((await decrypted(party)).vp_token).toEqual(expected(undefined))
  })

  it.each<[string, Lies, JsonObject]>([
    ['another state', { state: 'other' }, { state: 'other' }],
    ['an error', { error: 'wallet_unavailable' }, { error: 'wallet_unavailable' }],
  ])('answers with %s', async (_, lies, expected) => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies })
    expect(await decrypted(party)).toMatchObject(expected)
  })

  it('leaves the state out', async () => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies: { state: null } })
    expect(Object.keys(await decrypted(party))).toEqual(['vp_token'])
  })

  it('posts a vp_token in the clear', async () => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies: { plaintext: true } })
    const form = posted(party)
    expect(Object.keys(form)).toEqual(['vp_token', 'state'])
    expect(parseJsonObject(form.vp_token ?? '')).toEqual({ pid: [expect.any(String)] })
  })

  it.each<[string, Lies, JsonObject]>([
    ['another kid', { kid: 'other' }, { kid: 'other' }],
    ['another enc', { enc: 'A256CBC-HS512' }, { enc: 'A256CBC-HS512', kid: 'enc-1' }],
    ['another alg', { alg: 'ECDH-ES+A256KW' }, { alg: 'ECDH-ES+A256KW', kid: 'enc-1' }],
    ['another key', { encryptTo: 'other' }, { alg: 'ECDH-ES', enc: 'A256GCM', kid: 'enc-1' }],
  ])('encrypts with %s, so that it is not decrypted', async (_, lies, header) => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies })
    expect(headerOf(posted(party).response)).toMatchObject(header)
    expect(await decrypted(party)).toEqual({})
  })

  it('leaves the kid out', async () => {
    const { party, wallet } = await meeting()
    await wallet.present(party.request, { lies: { kid: null } })
    expect(headerOf(posted(party).response)).not.toHaveProperty('kid')
  })

  it('posts a response and an error together', async () => {
    const { party, wallet } = await meeting()
    const form = (honest: Record<string, string>) => ({ ...honest, error: 'access_denied' })
    const sent = await wallet.present(party.request, { lies: { form } })
    expect(Object.keys(posted(party))).toEqual(['response', 'error'])
    expect(sent.form).toEqual(posted(party))
  })
})
