import { beforeEach, describe, expect, it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { type Members, sharedForger } from '../support/forgery.ts'
import { attack, type TestGateway } from '../support/gateway.ts'
import { anyJwe } from '../support/jwe.ts'
import { encode, signAny } from '../support/raw-jws.ts'

const shared = sharedForger()

type Transaction = Awaited<ReturnType<TestGateway['ask']>>
type Jwk = { kid: string; x: string; y: string }

/** A transaction whose request was read, and all that an honest answer to it would say. */
async function retrieved() {
  const transaction = await shared.gateway.ask()
  const wallet = shared.gateway.newWallet()
  const { request } = await wallet.preview(transaction.authorization_request)
  const presentation = await shared.forger.bind(await shared.forger.sdJwt(), request)
  const answer = { vp_token: { 'pid-sd-jwt': [presentation] }, state: request.state }
  const { jwks } = request.client_metadata as { jwks: { keys: [Jwk] } }
  return { transaction, request, answer, jwk: jwks.keys[0] }
}

const post = (request: Members, form: Record<string, string>) =>
  shared.gateway.call<{ error_description: string }>(String(request.response_uri), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })

/** Turned away, with nothing judged: an honest answer is taken still. */
async function expectOpen(transaction: Transaction): Promise<void> {
  expect(await transaction.read()).toMatchObject({ status: 'retrieved', report: null })
  const wallet = await shared.gateway.citizen('vn-nguyen-thi-an')
  expect(await wallet.present(transaction.authorization_request)).toMatchObject({ status: 200 })
  expect(await transaction.read()).toMatchObject({ status: 'verified' })
}

it('what the attacks differ from is verified', async () => {
  const { transaction, request, answer, jwk } = await retrieved()
  const response = await anyJwe(JSON.stringify(answer), jwk, { kid: jwk.kid })
  expect(await post(request, { response })).toMatchObject({ status: 200 })
  expect(await transaction.read()).toMatchObject({ status: 'verified' })
})

it('and so it is with apu and apv, which say nothing (VER-19)', async () => {
  const { request, answer, jwk } = await retrieved()
  const header = { kid: jwk.kid, apu: 'bWRvYw', apv: encode(String(request.nonce)) }
  const response = await anyJwe(JSON.stringify(answer), jwk, header)
  expect(await post(request, { response })).toMatchObject({ status: 200 })
})

describe('what is not encrypted as announced cannot be tied to the transaction (VP-N06, VER-19)', () => {
  it.each<[string, Lies]>([
    ['a plaintext answer (HAIP-N04)', { plaintext: true }],
    ['a JWE to another key', { encryptTo: 'other' }],
    ['a JWE to an unknown kid', { kid: 'unknown' }],
    ['a JWE without kid', { kid: null }],
    ['enc A128CBC-HS256', { enc: 'A128CBC-HS256' }],
    ['enc A256CBC-HS512', { enc: 'A256CBC-HS512' }],
    ['enc A192GCM', { enc: 'A192GCM' }],
    ['alg ECDH-ES+A256KW', { alg: 'ECDH-ES+A256KW' }],
  ])('%s', async (_, lies) => {
    const { status, transaction } = await attack(shared.gateway, lies)
    expect(status).toBe(400)
    await expectOpen(transaction)
  })

  it.each<[string, (jwk: Jwk) => Members]>([
    ['alg RSA-OAEP', () => ({ alg: 'RSA-OAEP' })],
    ['alg RSA-OAEP-256', () => ({ alg: 'RSA-OAEP-256' })],
    ['alg dir', () => ({ alg: 'dir' })],
    ['alg none', () => ({ alg: 'none' })],
    ['no alg', () => ({ alg: undefined })],
    ['a list of algorithms', () => ({ alg: ['ECDH-ES'] })],
    ['no enc', () => ({ enc: undefined })],
    ['kid as a list', ({ kid }) => ({ kid: [kid] })],
    ['no epk', () => ({ epk: undefined })],
    ['an epk off the curve', () => ({ epk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } })],
    ['an epk of another curve', ({ x, y }) => ({ epk: { kty: 'EC', crv: 'P-384', x, y } })],
    ['the verifier’s own key for epk', ({ x, y }) => ({ epk: { kty: 'EC', crv: 'P-256', x, y } })],
    ['crit', () => ({ crit: ['zip'], zip: 'DEF' })],
    ['an apu that is no base64url', () => ({ apu: '=' })],
    ['an apu that is no string', () => ({ apu: 7 })],
    ['an apv that is an object', () => ({ apv: {} })],
    ['a header of 100 kB', () => ({ filler: 'x'.repeat(100_000) })],
  ])('%s', async (_, header) => {
    const { transaction, request, answer, jwk } = await retrieved()
    const text = JSON.stringify(answer)
    const response = await anyJwe(text, jwk, { kid: jwk.kid, ...header(jwk) })
    expect(await post(request, { response })).toMatchObject({ status: 400 })
    await expectOpen(transaction)
  })

  it.each<[string, (jwe: string) => string]>([
    ['a truncated JWE', (jwe) => jwe.slice(0, -9)],
    ['a JWE without its tag', (jwe) => jwe.replace(/[^.]*$/, '')],
    ['a short tag', (jwe) => jwe.slice(0, -6)],
    ['a JWE of four parts', (jwe) => jwe.replace('..', '.')],
    ['an encrypted key where there is none', (jwe) => jwe.replace('..', '.AAAA.')],
    ['one bit flipped', (jwe) => jwe.replace(/.$/, (c) => (c === 'A' ? 'Q' : 'A'))],
  ])('%s', async (_, spoil) => {
    const { transaction, request, answer, jwk } = await retrieved()
    const jwe = await anyJwe(JSON.stringify(answer), jwk, { kid: jwk.kid })
    expect(await post(request, { response: spoil(jwe) })).toMatchObject({ status: 400 })
    await expectOpen(transaction)
  })

  it('the JSON serialisation of a JWE', async () => {
    const { transaction, request, answer, jwk } = await retrieved()
    const jwe = await anyJwe(JSON.stringify(answer), jwk, { kid: jwk.kid })
    const [header, , iv, ciphertext, tag] = jwe.split('.')
    const response = JSON.stringify({ protected: header, iv, ciphertext, tag })
    expect(await post(request, { response })).toMatchObject({ status: 400 })
    await expectOpen(transaction)
  })
})

describe('a bomb', () => {
  let bomb: Uint8Array
  beforeEach(async () => {
    const zeros = new Blob([new Uint8Array(2 ** 25)]).stream()
    const packed = zeros.pipeThrough(new CompressionStream('deflate-raw'))
    bomb = new Uint8Array(await new Response(packed).arrayBuffer())
  })

  it('is not unpacked: zip is refused (VP-N06)', async () => {
    const { transaction, request, jwk } = await retrieved()
    const response = await anyJwe(bomb, jwk, { kid: jwk.kid, zip: 'DEF' })
    expect(await post(request, { response })).toMatchObject({ status: 400 })
    await expectOpen(transaction)
  })
})

describe('a key is for one request (HAIP-N04)', () => {
  it('and what was encrypted for another opens nothing here (VP-N06)', async () => {
    const [earlier, later] = [await retrieved(), await retrieved()]
    expect(later.jwk.kid).not.toBe(earlier.jwk.kid)
    expect(later.jwk.x).not.toBe(earlier.jwk.x)
    const text = JSON.stringify(later.answer)
    for (const kid of [earlier.jwk.kid, later.jwk.kid]) {
      const response = await anyJwe(text, earlier.jwk, { kid })
      expect(await post(later.request, { response })).toMatchObject({ status: 400 })
    }
    await expectOpen(later.transaction)
  })

  it('nor does the answer to one transaction count in another (VP-N02, VER-17)', async () => {
    const [first, second] = [await retrieved(), await retrieved()]
    const response = await anyJwe(JSON.stringify(first.answer), first.jwk, { kid: first.jwk.kid })
    expect(await post(second.request, { response })).toMatchObject({ status: 400 })
    await expectOpen(second.transaction)
    expect(await post(first.request, { response })).toMatchObject({ status: 200 })
  })
})

describe('what is inside is a JSON object, as it stands', () => {
  it.each<[string, (answer: string) => string | Promise<string>]>([
    [
      'a signed JWT around the answer (VP-N07)',
      (answer) => signAny({ alg: 'ES256' }, answer, shared.forger.holder.sign),
    ],
    [
      'an unsigned JWT around the answer (VP-N07)',
      (answer) => signAny({ alg: 'none' }, answer, async () => new Uint8Array()),
    ],
    ['a JSON string', (answer) => JSON.stringify(answer)],
    ['a list', (answer) => `[${answer}]`],
    ['null', () => 'null'],
    ['nothing', () => ''],
    ['a member twice', (answer) => answer.replace('{', '{"state":"x",')],
    ['something behind it', (answer) => `${answer}{}`],
    [
      'nesting 100,000 deep',
      (answer) => answer.replace('{', `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)},`),
    ],
  ])('%s is turned away', async (_, change) => {
    const { transaction, request, answer, jwk } = await retrieved()
    const text = await change(JSON.stringify(answer))
    const response = await anyJwe(text, jwk, { kid: jwk.kid })
    expect(await post(request, { response })).toMatchObject({ status: 400 })
    await expectOpen(transaction)
  })
})

it('why it does not open is told to nobody (VP-N07)', async () => {
  const { request, answer, jwk } = await retrieved()
  const text = JSON.stringify(answer)
  const honest = await anyJwe(text, jwk, { kid: jwk.kid })
  const stranger = (await retrieved()).jwk
  const responses = [
    'no JWE',
    `${honest.slice(0, -4)}AAAA`,
    await anyJwe(text, stranger, { kid: jwk.kid }),
    await anyJwe(text, jwk, { kid: 'unknown' }),
    await anyJwe(text, jwk, { kid: jwk.kid, alg: 'dir' }),
    await anyJwe('no JSON', jwk, { kid: jwk.kid }),
  ]
  const answers = await Promise.all(responses.map((response) => post(request, { response })))
  expect(new Set(answers.map(({ body }) => body.error_description)).size).toBe(1)
})
