import { importJWK, type JWK, SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import walletProvider from '../../keys-example/wallet-provider.jwk.json' with { type: 'json' }
import { exampleKeys } from '../../src/example-keys.ts'
import {
  dpopProof,
  type HolderKey,
  holderKey,
  issuers,
  keyProof,
  preAuthorized,
  seconds,
  start,
  vnIssuer,
} from '../support/issuance.ts'

let world: Awaited<ReturnType<typeof issuers>>
let instance: HolderKey
beforeEach(async () => {
  world = await issuers()
  instance = await holderKey()
})

type Changes = { claims?: object; header?: object; key?: CryptoKey }
const now = seconds(start)

async function attestation({ claims = {}, header = {}, key }: Changes = {}) {
  const { x5c } = walletProvider
  const payload = { sub: 'wallet', exp: now + 3600, cnf: { jwk: instance.publicJwk }, ...claims }
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ: 'oauth-client-attestation+jwt', x5c, ...header })
    .sign(key ?? (await importJWK(walletProvider as JWK, 'ES256')))
}

/** What a trusted key signs that is trusted for something else. */
async function byIssuer() {
  const signer = exampleKeys.keys.find(({ purpose }) => purpose === 'credential:vn')
  const key = (await importJWK(signer as JWK, 'ES256')) as CryptoKey
  return attestation({ header: { x5c: signer?.x5c }, key })
}

function pop({ claims = {}, header = {}, key }: Changes = {}) {
  return new SignJWT({ aud: vnIssuer, jti: crypto.randomUUID(), iat: now, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'oauth-client-attestation-pop+jwt', ...header })
    .sign(key ?? instance.privateKey)
}

async function askToken(headers: Record<string, string>, parameters: Record<string, string> = {}) {
  const { code } = await world.offer()
  const grant = { grant_type: preAuthorized, 'pre-authorized_code': code }
  return world.token({ ...grant, ...parameters }, headers)
}
const headers = (attested: string, proof: string) => ({
  'OAuth-Client-Attestation': attested,
  'OAuth-Client-Attestation-PoP': proof,
})

describe('a wallet that attests itself', () => {
  it('VCI-V05: is known by the sub that its provider attests', async () => {
    const answer = await askToken(headers(await attestation(), await pop()), {
      client_id: 'wallet',
    })
    expect(answer.status).toBe(200)
    const proof = await keyProof(await holderKey(), { nonce: await world.nonce(), iss: 'wallet' })
    const credential = await world.credential(String(answer.body.access_token), {
      credential_configuration_id: 'pid-sd-jwt',
      proofs: { jwt: [proof] },
    })
    expect(credential.status).toBe(200)
  })

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['no PoP', async () => ({ 'OAuth-Client-Attestation': await attestation() })],
    ['no attestation', async () => ({ 'OAuth-Client-Attestation-PoP': await pop() })],
    [
      'an attestation that has expired',
      async () => headers(await attestation({ claims: { exp: now } }), await pop()),
    ],
    [
      'an attestation without sub',
      async () => headers(await attestation({ claims: { sub: undefined } }), await pop()),
    ],
    [
      'an attestation without a key',
      async () => headers(await attestation({ claims: { cnf: {} } }), await pop()),
    ],
    [
      'an attestation of another typ',
      async () => headers(await attestation({ header: { typ: 'JWT' } }), await pop()),
    ],
    [
      'an attestation without x5c',
      async () => headers(await attestation({ header: { x5c: undefined } }), await pop()),
    ],
    [
      'an attestation by an issuer of credentials',
      async () => headers(await byIssuer(), await pop()),
    ],
    [
      'an attestation signed by another key',
      async () => headers(await attestation({ key: instance.privateKey }), await pop()),
    ],
    [
      'a PoP by another key',
      async () => headers(await attestation(), await pop({ key: (await holderKey()).privateKey })),
    ],
    [
      'a PoP for another server',
      async () => headers(await attestation(), await pop({ claims: { aud: `${vnIssuer}/` } })),
    ],
    [
      'a PoP in the name of another',
      async () => headers(await attestation(), await pop({ claims: { iss: 'another' } })),
    ],
    [
      'a PoP of an hour ago',
      async () => headers(await attestation(), await pop({ claims: { iat: now - 3600 } })),
    ],
    [
      'a PoP without jti',
      async () => headers(await attestation(), await pop({ claims: { jti: undefined } })),
    ],
    [
      'a PoP of another typ',
      async () => headers(await attestation(), await pop({ header: { typ: 'JWT' } })),
    ],
  ])('VCI-N09: %s is invalid_client', async (_, make) => {
    const answer = await askToken(await make())
    expect(answer.status).toBe(400)
    expect(answer.body.error).toBe('invalid_client')
  })

  it('VCI-N09: cannot use a PoP twice, nor call itself something else', async () => {
    const proof = await pop()
    expect((await askToken(headers(await attestation(), proof))).status).toBe(200)
    const again = await askToken(headers(await attestation(), proof))
    expect(again.body.error).toBe('invalid_client')
    const renamed = headers(await attestation(), await pop())
    expect((await askToken(renamed, { client_id: 'another' })).body.error).toBe('invalid_client')
  })
})

describe('a request that is refused for its code', () => {
  it('does not use up the PoP', async () => {
    const sent = headers(await attestation(), await pop())
    const unknown = { 'pre-authorized_code': 'x'.repeat(43) }
    expect((await askToken(sent, unknown)).body.error).toBe('invalid_grant')
    expect((await askToken(sent)).status).toBe(200)
  })
})

describe('a wallet that sends DPoP', () => {
  it('must send a good proof, and the code outlives a bad one', async () => {
    const { code } = await world.offer()
    const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code }
    const key = await holderKey()
    const bad = await world.token(parameters, { DPoP: await dpopProof(key, { htm: 'GET' }) })
    expect(bad.status).toBe(400)
    expect(bad.body.error).toBe('invalid_dpop_proof')
    const proof = await dpopProof(key)
    expect((await world.token(parameters, { DPoP: proof })).body.token_type).toBe('DPoP')
    const replayed = await askToken({ DPoP: proof })
    expect(replayed.body.error).toBe('invalid_dpop_proof')
  })
})
