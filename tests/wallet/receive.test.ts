import { calculateJwkThumbprint, compactVerify, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { sha256 } from '../../src/credential/digest.ts'
import { type Json, type JsonObject, parseJsonObject } from '../../src/credential/json.ts'
import { parseJws } from '../../src/credential/jws.ts'
import { prepareSdJwtVc, signSdJwtVc } from '../../src/credential/sd-jwt-vc-draft.ts'
import { parseOffer, readOffer } from '../../src/wallet/offer.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import { isSignedBy } from '../support/is-signed-by.ts'
import { hasVectors, jsonVector } from '../support/vectors.ts'
import {
  headerOf,
  now,
  payloadOf,
  type Route,
  random,
  scripted,
  sdJwt,
  seconds,
  signer,
} from './parties.ts'

const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const issuer = 'https://gateway.example/issuers/vn'
const at = {
  metadata: 'https://gateway.example/.well-known/openid-credential-issuer/issuers/vn',
  server: 'https://gateway.example/.well-known/oauth-authorization-server/issuers/vn',
  token: `${issuer}/token`,
  nonce: `${issuer}/nonce`,
  credential: `${issuer}/credential`,
  offer: 'https://gateway.example/offers/1',
}
const vct = 'urn:gerbang:pid:1'
const configuration = {
  format: 'dc+sd-jwt',
  vct,
  cryptographic_binding_methods_supported: ['jwk'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
}
const metadata = {
  credential_issuer: issuer,
  credential_endpoint: at.credential,
  nonce_endpoint: at.nonce,
  credential_configurations_supported: {
    'pid-sd-jwt': configuration,
    'pid-jwt': { ...configuration, format: 'jwt_vc_json', vct: undefined },
  },
}
const server = {
  issuer,
  token_endpoint: at.token,
  'pre-authorized_grant_anonymous_access_supported': true,
}
const offer = {
  credential_issuer: issuer,
  credential_configuration_ids: ['pid-sd-jwt'],
  grants: { [grant]: { 'pre-authorized_code': 'a-code' } },
}
const withTxCode = {
  ...offer,
  grants: { [grant]: { 'pre-authorized_code': 'a-code', tx_code: {} } },
}

const linkTo = (value: object) =>
  `openid-credential-offer://?${new URLSearchParams({ credential_offer: JSON.stringify(value) })}`

/** The credential that answers a credential request, bound to the key of its proof. */
async function issue(body: string): Promise<string> {
  const { proofs } = parseJsonObject(body) as { proofs: { jwt: string[] } }
  const { x5c, kid, sign } = signer('credential:vn')
  const jwk = headerOf(proofs.jwt[0]).jwk ?? null
  const draft = {
    header: { kid, x5c },
    visible: { vct, cnf: { jwk }, env: 'sandbox' },
    selective: { name: 'Nguyen Thi An' },
    decoys: 1,
  }
  return signSdJwtVc(await prepareSdJwtVc(draft, random), sign)
}

let nonces = 0

/** An issuer that works; some of its answers may be others. */
function issuing(change: Partial<Record<keyof typeof at, Route>> = {}) {
  const routes: Record<keyof typeof at, Route> = {
    metadata: () => Response.json(metadata),
    server: () => Response.json(server),
    token: () => Response.json({ access_token: 'a-token', token_type: 'Bearer' }),
    nonce: () => Response.json({ c_nonce: `nonce-${++nonces}` }),
    credential: async ({ body }) =>
      Response.json({ credentials: [{ credential: await issue(body) }] }),
    offer: () => Response.json(offer),
    ...change,
  }
  const names = Object.keys(at) as (keyof typeof at)[]
  const party = scripted(Object.fromEntries(names.map((name) => [at[name], routes[name]])))
  return { ...party, wallet: createWallet({ fetch: party.fetch, random, now }) }
}

const proofIn = (body = '') =>
  (parseJsonObject(body) as { proofs: { jwt: string[] } }).proofs.jwt[0] ?? ''

describe('a credential offer is taken up', () => {
  it('by value, and what comes is held', async () => {
    const { wallet } = issuing()
    const [held] = await wallet.accept(linkTo(offer))
    expect(held).toMatchObject({ configurationId: 'pid-sd-jwt', vct, issuer })
    expect(held?.claims).toMatchObject({ name: 'Nguyen Thi An', env: 'sandbox' })
    expect(wallet.credentials()).toEqual([held])
  })

  it('by reference', async () => {
    const { wallet } = issuing()
    const link = `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(at.offer)}`
    expect(await wallet.accept(link)).toHaveLength(1)
  })

  it('with a key proof for this issuer and this nonce, by a fresh key', async () => {
    const { wallet, to } = issuing()
    await wallet.accept(linkTo(offer))
    await wallet.accept(linkTo(offer))
    const proofs = to(at.credential).map(({ body }) => proofIn(body))
    for (const proof of proofs) {
      const { jwk, ...header } = headerOf(proof)
      expect(header).toEqual({ typ: 'openid4vci-proof+jwt', alg: 'ES256' })
      const nonce = expect.stringMatching(/^nonce-\d+$/)
      expect(payloadOf(proof)).toEqual({ aud: issuer, iat: seconds, nonce })
      const jws = parseJws(proof)
      expect(await isSignedBy(jws, jwk)).toBe(true)
    }
    expect(new Set(proofs.map((proof) => JSON.stringify(headerOf(proof).jwk))).size).toBe(2)
    expect(new Set(proofs.map((proof) => payloadOf(proof).nonce)).size).toBe(2)
  })

  it('with a transaction code where one is asked for, and only there', async () => {
    const { wallet, to } = issuing()
    await wallet.accept(linkTo(withTxCode), { txCode: '1234' })
    await wallet.accept(linkTo(offer), { txCode: '1234' })
    const [asked, unasked] = to(at.token).map(({ body }) =>
      Object.fromEntries(new URLSearchParams(body)),
    )
    expect(asked).toEqual({ grant_type: grant, 'pre-authorized_code': 'a-code', tx_code: '1234' })
    expect(unasked).toEqual({ grant_type: grant, 'pre-authorized_code': 'a-code' })
  })

  it('leaving what is offered in a format that the wallet does not know', async () => {
    const { wallet } = issuing()
    const both = { ...offer, credential_configuration_ids: ['pid-jwt', 'pid-sd-jwt'] }
    const received = await wallet.accept(linkTo(both))
    expect(received.map(({ configurationId }) => configurationId)).toEqual(['pid-sd-jwt'])
  })

  it('by credential identifiers where the token names them', async () => {
    const details = [
      { credential_configuration_id: 'pid-sd-jwt', credential_identifiers: ['one', 'two'] },
    ]
    const token = { access_token: 't', token_type: 'bearer', authorization_details: details }
    const { wallet, to } = issuing({ token: () => Response.json(token) })
    expect(await wallet.accept(linkTo(offer))).toHaveLength(2)
    const bodies = to(at.credential).map(({ body }) => parseJsonObject(body) ?? {})
    expect(bodies.map((body) => body.credential_identifier)).toEqual(['one', 'two'])
    expect(bodies.some((body) => 'credential_configuration_id' in body)).toBe(false)
  })

  it('at the authorization server that the offer picks among several', async () => {
    const other = 'https://as.example'
    const servers = { ...metadata, authorization_servers: [issuer, other] }
    const { wallet } = issuing({ metadata: () => Response.json(servers) })
    const picked = {
      ...offer,
      grants: { [grant]: { 'pre-authorized_code': 'c', authorization_server: other } },
    }
    const nobody = /nobody is at https:\/\/as\.example\/\.well-known\/oauth-authorization-server/
    await expect(wallet.accept(linkTo(picked))).rejects.toThrow(nobody)
  })
})

describe('with DPoP', () => {
  const nonceFor =
    (name: 'token' | 'credential', answer: Route, refusal: () => Response): Route =>
    async (request) => {
      const { nonce } = payloadOf(request.headers.get('dpop') ?? '')
      return nonce === `${name}-nonce` ? answer(request) : refusal()
    }
  const token: Route = nonceFor(
    'token',
    () => Response.json({ access_token: 'a-token', token_type: 'DPoP' }),
    () =>
      Response.json(
        { error: 'use_dpop_nonce' },
        { status: 400, headers: { 'dpop-nonce': 'token-nonce' } },
      ),
  )
  const credential: Route = nonceFor(
    'credential',
    async ({ body }) => Response.json({ credentials: [{ credential: await issue(body) }] }),
    () =>
      new Response(null, {
        status: 401,
        headers: {
          'www-authenticate': 'DPoP error="use_dpop_nonce"',
          'dpop-nonce': 'credential-nonce',
        },
      }),
  )

  it('every request proves the one key, again with a nonce where a server wants one', async () => {
    const { wallet, to } = issuing({ token, credential })
    await wallet.accept(linkTo(offer), { dpop: true })
    const [, tokenRequest] = to(at.token)
    const [, credentialRequest] = to(at.credential)
    const proofs = [tokenRequest, credentialRequest].map((r) => r?.headers.get('dpop') ?? '')
    const jwks = proofs.map((proof) => headerOf(proof).jwk as JWK)
    for (const [i, proof] of proofs.entries()) await compactVerify(proof, jwks[i] ?? {})

    expect(headerOf(proofs[0])).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' })
    expect(payloadOf(proofs[0])).toMatchObject({
      ...{ htm: 'POST', htu: at.token, iat: seconds, nonce: 'token-nonce' },
      jti: expect.stringMatching(/^.{22}$/),
    })
    expect(payloadOf(proofs[0])).not.toHaveProperty('ath')
    expect(payloadOf(proofs[1])).toMatchObject({
      ...{ htm: 'POST', htu: at.credential, nonce: 'credential-nonce' },
      ath: encodeBase64url(await sha256('a-token')),
    })
    expect(credentialRequest?.headers.get('authorization')).toBe('DPoP a-token')
    const thumbprints = await Promise.all(jwks.map((jwk) => calculateJwkThumbprint(jwk)))
    expect(thumbprints[0]).toBe(thumbprints[1])
    expect(payloadOf(proofs[0]).jti).not.toBe(payloadOf(proofs[1]).jti)
  })

  it('a server that never takes the nonce is asked twice and no more', async () => {
    const refusal = () =>
      Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers: { 'dpop-nonce': 'n' } })
    const { wallet, to } = issuing({ token: refusal })
    const accepted = wallet.accept(linkTo(offer), { dpop: true })
    await expect(accepted).rejects.toThrow(/400: use_dpop_nonce/)
    expect(to(at.token)).toHaveLength(2)
  })

  it('a Bearer token is not taken in its place', async () => {
    const { wallet } = issuing()
    await expect(wallet.accept(linkTo(offer), { dpop: true })).rejects.toThrow(/not DPoP/)
  })
})

describe('an issuer is refused', () => {
  const json =
    (value: unknown, status = 200) =>
    () =>
      Response.json(value, { status })
  /** A credential made for the key in a request, with something else about it. */
  const credential =
    (make: (jwk: Json) => Promise<string> | string): Route =>
    async ({ body }) => {
      const made = await make(headerOf(proofIn(body)).jwk ?? null)
      return Response.json({ credentials: [{ credential: made }] })
    }
  const stranger = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }
  const [vnLeaf = ''] = signer('credential:vn').x5c

  it.each<[string, Parameters<typeof issuing>[0], RegExp]>([
    [
      'whose metadata is of another',
      { metadata: json({ ...metadata, credential_issuer: `${issuer}/` }) },
      /another credential issuer/,
    ],
    ['whose metadata is no JSON', { metadata: () => new Response('{}') }, /not application\/json/],
    [
      'whose metadata lacks what it offers',
      { metadata: json({ ...metadata, credential_configurations_supported: {} }) },
      /does not describe/,
    ],
    [
      'that requires encryption',
      {
        metadata: json({
          ...metadata,
          credential_response_encryption: { encryption_required: true },
        }),
      },
      /requires encrypted/,
    ],
    [
      'that names keys in another way than the format does',
      {
        metadata: json({
          ...metadata,
          credential_configurations_supported: {
            'pid-sd-jwt': {
              ...configuration,
              cryptographic_binding_methods_supported: ['cose_key'],
            },
          },
        }),
      },
      /cannot be bound/,
    ],
    [
      'that wants another kind of proof',
      {
        metadata: json({
          ...metadata,
          credential_configurations_supported: {
            'pid-sd-jwt': { ...configuration, proof_types_supported: {} },
          },
        }),
      },
      /cannot be bound/,
    ],
    [
      'whose authorization server calls itself something else',
      { server: json({ ...server, issuer: 'https://other.example' }) },
      /another authorization server/,
    ],
    [
      'whose authorization server wants a client_id',
      { server: json({ issuer, token_endpoint: at.token }) },
      /without a client_id/,
    ],
    [
      'that does not take the code, in its own words',
      { token: json({ error: 'invalid_grant', error_description: 'The code was used.' }, 400) },
      /400: invalid_grant, The code was used\./,
    ],
    ['without c_nonce', { nonce: json({}) }, /no c_nonce/],
    ['that defers', { credential: json({ transaction_id: 't', interval: 5 }, 202) }, /defers/],
    ['that gives no credential', { credential: json({ credentials: [] }) }, /\/credentials/],
    [
      'that gives two credentials for one proof',
      { credential: json({ credentials: [{ credential: 'a' }, { credential: 'b' }] }) },
      /one credential/,
    ],
    ['that gives no SD-JWT', { credential: credential(() => 'a.b.c') }, /is no SD-JWT/],
    [
      'that gives an SD-JWT+KB',
      { credential: credential(async (jwk) => `${await sdJwt({ vct, cnf: { jwk } })}a.b.c`) },
      /key binding JWT/,
    ],
    [
      'that gives another typ',
      {
        credential: credential((jwk) =>
          sdJwt({ vct, cnf: { jwk } }, { header: { typ: 'vc+sd-jwt' } }),
        ),
      },
      /typ dc\+sd-jwt/,
    ],
    [
      'that gives another vct',
      { credential: credential((jwk) => sdJwt({ vct: 'urn:other', cnf: { jwk } })) },
      /another vct/,
    ],
    [
      'that binds to another key',
      { credential: credential(() => sdJwt({ vct, cnf: { jwk: stranger } })) },
      /not bound by cnf/,
    ],
    ['that binds to no key', { credential: credential(() => sdJwt({ vct })) }, /not bound by cnf/],
    [
      'that signs with another key than its x5c',
      {
        credential: credential((jwk) =>
          sdJwt({ vct, cnf: { jwk } }, { by: 'credential:th', header: { x5c: [vnLeaf] } }),
        ),
      },
      /not signed/,
    ],
    [
      'that signs with the key of its status list',
      { credential: credential((jwk) => sdJwt({ vct, cnf: { jwk } }, { by: 'status-list:vn' })) },
      /for other purposes/,
    ],
    [
      'that gives disclosures nobody signed',
      { credential: credential(async (jwk) => `${await sdJwt({ vct, cnf: { jwk } })}WyJhIiwxXQ~`) },
      /malformed/,
    ],
  ])('%s', async (_, change, rule) => {
    const { wallet } = issuing(change)
    await expect(wallet.accept(linkTo(offer))).rejects.toThrow(rule)
    expect(wallet.credentials()).toEqual([])
  })

  it('that asks for a transaction code, when the wallet was given none', async () => {
    const { wallet, to } = issuing()
    await expect(wallet.accept(linkTo(withTxCode))).rejects.toThrow(/asks for a transaction code/)
    expect(to(at.token)).toEqual([])
  })

  it('that offers nothing in a format that the wallet knows', async () => {
    const { wallet, to } = issuing()
    const other = { ...offer, credential_configuration_ids: ['pid-jwt'] }
    await expect(wallet.accept(linkTo(other))).rejects.toThrow(/nothing in a format/)
    expect(to(at.token)).toEqual([])
  })

  it('whose offer points at a server that its metadata does not list', async () => {
    const { wallet } = issuing()
    const pointing = {
      ...offer,
      grants: {
        [grant]: { 'pre-authorized_code': 'c', authorization_server: 'https://e.example' },
      },
    }
    await expect(wallet.accept(linkTo(pointing))).rejects.toThrow(/does not list/)
  })
})

describe('a credential offer', () => {
  const fetch = () => Response.error()

  describe.skipIf(!hasVectors)('in the text of OpenID4VCI', () => {
    it.each([
      ['credential_offer_by_reference.json', ['UniversityDegree_LDP_VC'], 'adhjhdjajkdkhjhdj'],
      [
        'credential_offer_multiple_credentials.json',
        ['UniversityDegreeCredential', 'org.iso.18013.5.1.mDL'],
        'oaKazRN8I0IbtZ0C7JuMn5',
      ],
      ['credential_offer_pre-authz_code.json', ['UniversityDegreeCredential'], 'adhjhdjajkdkhjhdj'],
    ])('%s is read', async (name, configurationIds, preAuthorizedCode) => {
      const value = jsonVector<JsonObject>(`openid4vci/examples/${name}`)
      const credentialIssuer = 'https://credential-issuer.example.com'
      const expected = { credentialIssuer, configurationIds, preAuthorizedCode, wantsTxCode: true }
      expect(parseOffer(value)).toEqual(expected)
      expect(await readOffer(fetch, linkTo(value))).toEqual(expected)
    })
  })

  it.each<[string, object, RegExp]>([
    ['without configurations', { credential_configuration_ids: [] }, /configuration_ids/],
    ['with one twice', { credential_configuration_ids: ['a', 'a'] }, /twice/],
    ['from an issuer by http', { credential_issuer: 'http://i.example' }, /neither https/],
    ['with a code flow only', { grants: { authorization_code: {} } }, /no pre-authorized code/],
    ['without grants', { grants: undefined }, /no pre-authorized code/],
  ])('%s is refused', (_, change, rule) => {
    expect(() => parseOffer({ ...offer, ...change })).toThrow(rule)
  })

  it.each<[string, string]>([
    ['neither value nor reference', 'openid-credential-offer://?'],
    ['both', `${linkTo(offer)}&credential_offer_uri=https://o.example`],
    ['a value twice', `${linkTo(offer)}&credential_offer=%7B%7D`],
  ])('by a link with %s is refused', async (_, link) => {
    await expect(readOffer(fetch, link)).rejects.toThrow(/exactly one/)
  })

  it('by a link that is none is refused', async () => {
    await expect(readOffer(fetch, 'offer')).rejects.toThrow(/no URL/)
  })
})
