import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import { signJws } from '../../src/credential/jws.ts'
import { verifyReceipt } from '../../src/presentation/verify-receipt.ts'

const signedAt = 1_795_507_200
const payload = {
  iss: 'https://gateway.example',
  jti: '0t_1',
  iat: signedAt,
  at: signedAt,
  outcome: 'verified',
  purpose: 'bank-kyc',
  relying_party: 'https://gateway.example/relying-parties/bank-sg',
  challenge_by: 'gateway',
  ledger_position: 0,
  checks: [{ id: 'credential.signature', outcome: 'pass' }],
  presentations: [
    {
      query_id: 'pid-sd-jwt',
      sha256: 'A'.repeat(43),
      type: 'urn:gerbang:pid:1',
      issuer: 'https://gateway.example/issuers/vn',
      recognition: null,
      assurance: { proofing: 'high', authn: 'high', national: null },
    },
  ],
}
const header = { typ: 'receipt+jwt', kid: 'a' }

let keys: CryptoKeyPair
let jwk: JWK
beforeAll(async () => {
  keys = await generateKeyPair('ES256', { extractable: true })
  jwk = { ...(await exportJWK(keys.publicKey)), kid: 'a', alg: 'ES256', use: 'sig' }
})

async function sign(claims: JsonObject, by = keys.privateKey, head: JsonObject = header) {
  return signJws(head, claims, async (bytes) => {
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    return new Uint8Array(await crypto.subtle.sign(algorithm, by, Uint8Array.from(bytes)))
  })
}
const refused = async (receipt: string, jwks: unknown = { keys: [jwk] }) => {
  const read = await verifyReceipt(receipt, jwks)
  return read.ok ? undefined : read.error
}
const base64url = (value: unknown) =>
  encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))

describe('a receipt', () => {
  it('is verified by the key it names', async () => {
    const read = await verifyReceipt(await sign(payload), { keys: [{ kty: 'oct', kid: 'b' }, jwk] })
    expect(read).toMatchObject({ ok: true, value: { receipt: payload, key: { kid: 'a' } } })
  })

  it('may be about transactions, by their hashes', async () => {
    const about = (hash: unknown) =>
      sign({ ...payload, transaction_data_hashes: [hash] } as JsonObject)
    expect(await refused(await about('B'.repeat(43)))).toBeUndefined()
    expect(await refused(await about('{"amount":"10.00"}'))).toMatch(/no receipt/)
  })

  it('is refused when a byte of it was altered', async () => {
    const [head, , signature] = (await sign(payload)).split('.')
    const altered = base64url({ ...payload, ledger_position: 1 })
    expect(await refused(`${head}.${altered}.${signature}`)).toMatch(
      /did not sign these very bytes/,
    )
  })

  it('is refused when another key signed it under this name', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    expect(await refused(await sign(payload, privateKey))).toMatch(/did not sign/)
  })

  it('is refused without its key, or with two of its name', async () => {
    const receipt = await sign(payload)
    expect(await refused(receipt, { keys: [{ ...jwk, kid: 'b' }] })).toMatch(/No key is called a/)
    expect(await refused(receipt, { keys: [jwk, jwk] })).toMatch(/Several keys/)
    for (const jwks of [null, [], {}, { keys: 'a' }, { keys: Array(1001).fill(jwk) }]) {
      expect(await refused(receipt, jwks)).toMatch(/no JWK Set/)
    }
  })

  it('is not verified by a key that is for something else, or private', async () => {
    const receipt = await sign(payload)
    const { d } = await exportJWK(keys.privateKey)
    for (const other of [{ use: 'enc' }, { alg: 'ECDH-ES' }, { crv: 'P-384' }, { d }]) {
      expect(await refused(receipt, { keys: [{ ...jwk, ...other }] })).toMatch(
        /not the public half/,
      )
    }
  })

  it.each<[string, JsonObject]>([
    ['another typ', { ...header, typ: 'JWT' }],
    ['no typ', { kid: 'a' }],
    ['no kid', { typ: 'receipt+jwt' }],
    ['a kid of control characters', { ...header, kid: '\u001b[2J' }],
    ['a key of its own', { ...header, jwk: {} }],
  ])('is refused with %s in its header', async (_, head) => {
    expect(await refused(await sign(payload, keys.privateKey, head))).toMatch(/^The header/)
  })

  it('is refused unsigned, with another algorithm, and with what changes how it is read', async () => {
    const unsigned = (head: object, signature = '') =>
      [base64url({ ...header, ...head }), base64url(payload), signature].join('.')
    expect(await refused(unsigned({ alg: 'none' }))).toMatch(/^The header/)
    expect(await refused(unsigned({ alg: 'HS256' }, 'AAAA'))).toMatch(/^The header/)
    expect(await refused(unsigned({ alg: 'ES256' }))).toMatch(/did not sign/)
    expect(await refused(unsigned({ alg: 'ES256', crit: [] }, 'AAAA'))).toMatch(/without crit/)
  })

  it('is refused when it is too large, or no JWS', async () => {
    const large = await sign({ ...payload, jti: 'x'.repeat(2 * 1024 * 1024) })
    for (const text of [large, '', '...', 'a.b', '{}']) {
      expect(await refused(text)).toMatch(/compact JWS of at most 2 MiB/)
    }
  })

  it.each<[string, JsonObject]>([
    ['a member that it does not know', { claims: { name: 'A' } }],
    ['a time that is no number', { iat: '2026' }],
    ['a time beyond all calendars', { iat: 1e15 }],
    ['an outcome of another kind', { outcome: 'denied' }],
    ['no checks', { checks: [] }],
    ['a check without outcome', { checks: [{ id: 'credential.signature' }] }],
    ['a hash that is none', { presentations: [{ ...payload.presentations[0], sha256: 'x' }] }],
  ])('is refused with %s', async (_, change) => {
    expect(await refused(await sign({ ...payload, ...change }))).toMatch(
      /no receipt as this version/,
    )
  })

  it('is refused when its outcome contradicts its checks', async () => {
    const failed = [{ id: 'status.value', outcome: 'fail' }]
    expect(await refused(await sign({ ...payload, checks: failed }))).toMatch(/contradicts/)
    expect(await refused(await sign({ ...payload, outcome: 'refused' }))).toMatch(/contradicts/)
    const both = { ...payload, outcome: 'refused', checks: failed }
    expect(await refused(await sign(both))).toBeUndefined()
  })
})

describe('a key with a history', () => {
  const period = (iat: number, exp: number) => ({ iat: signedAt + iat, exp: signedAt + exp })
  const revoked = (at: number, reason?: string) => ({
    revoked: { revoked_at: signedAt + at, ...(reason && { reason }) },
  })
  it.each<[string, object, RegExp | undefined]>([
    ['its whole period around the receipt', period(-100, 100), undefined],
    ['the receipt at its first instant', period(0, 1), undefined],
    ['the receipt at its end', period(-100, 0), /had been retired/],
    ['the receipt before its first instant', period(1, 100), /before the key a came into use/],
    ['a revocation afterwards', revoked(1, 'superseded'), undefined],
    ['a revocation at that very instant', revoked(0), /had been revoked/],
    ['a revocation before', { ...period(-100, 100), ...revoked(-1) }, /had been revoked/],
    ['a compromise, even afterwards', revoked(1, 'compromised'), /compromised/],
    ['a period that is no number', { exp: '2026' }, /not in whole seconds/],
    ['a revocation without its time', { revoked: {} }, /not in whole seconds/],
  ])('%s', async (_, history, sentence) => {
    const told = await refused(await sign(payload), { keys: [{ ...jwk, ...history }] })
    if (sentence) expect(told).toMatch(sentence)
    else expect(told).toBeUndefined()
  })
})
