import { getTableName, is } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { base64url, exportJWK, generateKeyPair } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { exampleKeys } from '../../src/example-keys.ts'
import * as schema from '../../src/store/schema/issuance.ts'
import { testGateway } from '../support/gateway.ts'
import {
  dpopProof,
  holderKey,
  issuers,
  keyProof,
  origin,
  preAuthorized,
  seconds,
  start,
  vnIssuer,
} from '../support/issuance.ts'

let world: Awaited<ReturnType<typeof issuers>>
beforeEach(async () => {
  world = await issuers()
})

describe('discovery', () => {
  it('VCI-I23 VCI-I24 VCI-I25 VCI-I28: issuer metadata at the inserted well-known path', async () => {
    const url = `${origin}/.well-known/openid-credential-issuer/issuers/vn`
    const { status, headers, body } = await world.request(url)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('application/json')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(body.credential_issuer).toBe(vnIssuer)
    expect(body.credential_endpoint).toBe(`${vnIssuer}/credential`)
    expect(body.nonce_endpoint).toBe(`${vnIssuer}/nonce`)
    expect(body).not.toHaveProperty('batch_credential_issuance')
    const configurations = body.credential_configurations_supported as Record<string, object>
    expect(Object.keys(configurations)).toEqual([
      ...['pid-sd-jwt', 'pid-mdoc', 'age-sd-jwt', 'age-mdoc'],
    ])
    expect(configurations['pid-sd-jwt']).toMatchObject({
      format: 'dc+sd-jwt',
      vct: 'urn:gerbang:pid:1',
      scope: 'pid-sd-jwt',
      cryptographic_binding_methods_supported: ['jwk'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
      credential_signing_alg_values_supported: ['ES256'],
      credential_metadata: { display: [{ name: 'Person identification', locale: 'en' }] },
    })
  })

  it('VCI-I28: an mdoc has its type, COSE algorithms as numbers, and the same claims in its namespace', async () => {
    const url = `${origin}/.well-known/openid-credential-issuer/issuers/vn`
    const { body } = await world.request(url)
    type Described = { credential_metadata: { claims: { path: string[]; mandatory: boolean }[] } }
    const all = body.credential_configurations_supported as Record<string, Described>
    const { 'pid-sd-jwt': sdJwt, 'pid-mdoc': mdoc, 'age-mdoc': age } = all
    expect(mdoc).toMatchObject({
      format: 'mso_mdoc',
      doctype: 'org.gerbang.pid.1',
      scope: 'pid-mdoc',
      cryptographic_binding_methods_supported: ['cose_key'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
      credential_signing_alg_values_supported: [-7],
    })
    expect(age).toMatchObject({ format: 'mso_mdoc', doctype: 'org.gerbang.age.1' })
    expect(mdoc).not.toHaveProperty('vct')
    expect(mdoc?.credential_metadata.claims).toEqual(
      sdJwt?.credential_metadata.claims.map((claim) => ({
        ...claim,
        path: ['org.gerbang.pid.1', ...claim.path],
      })),
    )
  })

  it('says of the authorization server what is there', async () => {
    const url = `${origin}/.well-known/oauth-authorization-server/issuers/vn`
    const { status, body } = await world.request(url)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      issuer: vnIssuer,
      token_endpoint: `${vnIssuer}/token`,
      grant_types_supported: [preAuthorized],
      dpop_signing_alg_values_supported: ['ES256'],
      'pre-authorized_grant_anonymous_access_supported': true,
    })
    expect(body).not.toHaveProperty('authorization_endpoint')
  })

  it('VC-I09: JWT VC issuer metadata hold the signing key and nothing private', async () => {
    const { status, body } = await world.request(`${origin}/.well-known/jwt-vc-issuer/issuers/vn`)
    expect(status).toBe(200)
    expect(body.issuer).toBe(vnIssuer)
    const { keys } = body.jwks as { keys: Record<string, unknown>[] }
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256' })
    for (const key of keys) expect(key).not.toHaveProperty('d')
  })

  it('lists retired keys, and none that was revoked: who reads it knows no history', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const old = { ...(await exportJWK(privateKey)), purpose: 'credential:vn' }
    const keys = [
      ...exampleKeys.keys,
      { ...old, kid: 'retired', exp: 1 },
      { ...old, kid: 'revoked', exp: 1, revoked: { revoked_at: 1 } },
    ]
    const gateway = await testGateway({ KEYS_JWKS: JSON.stringify({ ...exampleKeys, keys }) })
    const { body } = await gateway.get('/.well-known/jwt-vc-issuer/issuers/vn')
    const [current] = exampleKeys.keys.filter(({ purpose }) => purpose === 'credential:vn')
    const listed = (body.jwks as { keys: { kid: string }[] }).keys
    expect(listed.map(({ kid }) => kid)).toEqual([current?.kid, 'retired'])
  })

  it.each(['openid-credential-issuer', 'oauth-authorization-server', 'jwt-vc-issuer'])(
    'knows no %s of a state that is not served',
    async (name) => {
      const { status, body } = await world.request(`${origin}/.well-known/${name}/issuers/xx`)
      expect(status).toBe(404)
      expect(body.error).toBe('invalid_request')
    },
  )

  it('answers a preflight for anybody', async () => {
    const { status, headers } = await world.request(`${vnIssuer}/credential`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://wallet.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,dpop,content-type',
      },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-headers')).toContain('dpop')
  })
})

describe('credential offer', () => {
  it('VCI-I01: is the same by value and by reference', async () => {
    const { offer, uri } = await world.offer({ tx_code: true })
    expect(offer).toMatchObject({
      credential_issuer: vnIssuer,
      credential_configuration_ids: ['pid-sd-jwt'],
      grants: { [preAuthorized]: { tx_code: { input_mode: 'numeric', length: 6 } } },
    })
    const link = new URL(uri)
    expect(link.protocol).toBe('openid-credential-offer:')
    const reference = link.searchParams.get('credential_offer_uri') ?? ''
    expect(reference.startsWith(`${vnIssuer}/offers/`)).toBe(true)
    const { status, headers, body } = await world.request(reference)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('application/json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual(offer)
  })

  it('is there until it expires, and with no other issuer', async () => {
    const { uri } = await world.offer()
    const reference = new URL(uri).searchParams.get('credential_offer_uri') ?? ''
    const elsewhere = reference.replace('/issuers/vn/', '/issuers/sg/')
    expect((await world.request(elsewhere)).status).toBe(404)
    world.passSeconds(599)
    expect((await world.request(reference)).status).toBe(200)
    world.passSeconds(1)
    expect((await world.request(reference)).status).toBe(404)
  })
})

describe('token endpoint', () => {
  it('VCI-I08 VCI-I29: exchanges the code for a Bearer token of at most five minutes', async () => {
    const { code } = await world.offer()
    const answer = await world.token({ grant_type: preAuthorized, 'pre-authorized_code': code })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body.token_type).toBe('Bearer')
    expect(answer.body.expires_in).toBeLessThanOrEqual(300)
    // 256 bits in base64url.
    expect(answer.body.access_token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(answer.body).not.toHaveProperty('authorization_details')
    expect(answer.body).not.toHaveProperty('c_nonce')
  })

  it('VCI-I11: names credential identifiers when authorization details were used', async () => {
    const { code } = await world.offer({
      credential_configuration_ids: ['pid-sd-jwt', 'age-sd-jwt'],
    })
    const details = [{ type: 'openid_credential', credential_configuration_id: 'age-sd-jwt' }]
    const { body } = await world.token({
      grant_type: preAuthorized,
      'pre-authorized_code': code,
      authorization_details: JSON.stringify(details),
    })
    const [detail, ...more] = body.authorization_details as Record<string, unknown>[]
    expect(more).toEqual([])
    expect(detail).toMatchObject(details[0] ?? {})
    const [identifier] = (detail?.credential_identifiers ?? []) as string[]

    const proof = async () => keyProof(await holderKey(), { nonce: await world.nonce() })
    const ask = async (ids: object) =>
      world.credential(String(body.access_token), { ...ids, proofs: { jwt: [await proof()] } })
    expect((await ask({ credential_configuration_id: 'age-sd-jwt' })).body.error).toBe(
      'invalid_credential_request',
    )
    expect((await ask({ credential_identifier: 'pid-sd-jwt:self' })).body.error).toBe(
      'unknown_credential_identifier',
    )
    expect((await ask({ credential_identifier: identifier })).status).toBe(200)
  })

  const details = (id: string, type = 'openid_credential') =>
    JSON.stringify([{ type, credential_configuration_id: id }])

  it.each<[string, Record<string, string | undefined>, string]>([
    ['no grant type', { grant_type: undefined }, 'invalid_request'],
    ['another grant type', { grant_type: 'authorization_code' }, 'unsupported_grant_type'],
    ['no code', { 'pre-authorized_code': undefined }, 'invalid_request'],
    ['an unknown code', { 'pre-authorized_code': 'x'.repeat(43) }, 'invalid_grant'],
    ['VCI-I09: a tx_code nobody asked for', { tx_code: '123456' }, 'invalid_request'],
    ['details that are no JSON', { authorization_details: '[' }, 'invalid_authorization_details'],
    ['empty details', { authorization_details: '[]' }, 'invalid_authorization_details'],
    [
      'details of another type',
      { authorization_details: details('pid-sd-jwt', 'payment') },
      'invalid_authorization_details',
    ],
    [
      'details that name what was not offered',
      { authorization_details: details('age-sd-jwt') },
      'invalid_authorization_details',
    ],
  ])('refuses %s, and the code stays good', async (_, change, error) => {
    const { code } = await world.offer()
    const honest = { grant_type: preAuthorized, 'pre-authorized_code': code }
    const given = Object.entries({ ...honest, ...change }).filter(([, value]) => value)
    const answer = await world.token(Object.fromEntries(given) as Record<string, string>)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toBe(error)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect((await world.token(honest)).status).toBe(200)
  })

  it('takes an empty parameter for one that was not sent', async () => {
    const { code } = await world.offer()
    const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code, tx_code: '' }
    expect((await world.token(parameters)).status).toBe(200)
  })

  it('ignores parameters that it does not know', async () => {
    const { code } = await world.offer()
    const { status } = await world.token({
      grant_type: preAuthorized,
      'pre-authorized_code': code,
      unheard_of: 'x',
    })
    expect(status).toBe(200)
  })

  it('refuses a parameter that is sent twice', async () => {
    const { code } = await world.offer()
    const body = `grant_type=${encodeURIComponent(preAuthorized)}&pre-authorized_code=${code}`
    const send = (text: string, type = 'application/x-www-form-urlencoded') =>
      world.request(`${vnIssuer}/token`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: text,
      })
    expect((await send(`${body}&pre-authorized_code=${code}`)).body.error).toBe('invalid_request')
    expect((await send('{}', 'application/json')).status).toBe(415)
    expect((await send(body)).status).toBe(200)
  })

  it('VCI-I02 VCI-N07: the code works once', async () => {
    const { code } = await world.offer()
    const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code }
    expect((await world.token(parameters)).status).toBe(200)
    const again = await world.token(parameters)
    expect(again.status).toBe(400)
    expect(again.body.error).toBe('invalid_grant')
  })

  it('VCI-N07: of twenty at once, one gets the token', async () => {
    const { code } = await world.offer()
    const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code }
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.token(parameters)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(19)
  })

  it('VCI-N07: the code is dead when the offer has expired', async () => {
    const { code } = await world.offer()
    world.passSeconds(600)
    const { body } = await world.token({ grant_type: preAuthorized, 'pre-authorized_code': code })
    expect(body.error).toBe('invalid_grant')
  })

  it('knows no code of another issuer', async () => {
    const { code } = await world.offer({ issuer: 'sg', persona: 'sg-lim-hui-min' })
    const { body } = await world.token({ grant_type: preAuthorized, 'pre-authorized_code': code })
    expect(body.error).toBe('invalid_grant')
  })

  describe('with a transaction code', () => {
    const other = (txCode: string, by = 1) =>
      String((Number(txCode) + by) % 1_000_000).padStart(6, '0')

    it('VCI-I09: missing is invalid_request, wrong is invalid_grant, right is a token', async () => {
      const { code, txCode } = await world.offer({ tx_code: true })
      expect(txCode).toMatch(/^\d{6}$/)
      const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code }
      for (let times = 0; times < 9; times++) {
        expect((await world.token(parameters)).body.error).toBe('invalid_request')
      }
      const wrong = await world.token({ ...parameters, tx_code: other(txCode) })
      expect(wrong.body.error).toBe('invalid_grant')
      expect((await world.token({ ...parameters, tx_code: txCode })).status).toBe(200)
    })

    it('VCI-I10: four wrong guesses are forgiven, the fifth kills the code', async () => {
      for (const [guesses, status] of [
        [4, 200],
        [5, 400],
      ] as const) {
        const { code, txCode } = await world.offer({ tx_code: true })
        const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code }
        for (let by = 1; by <= guesses; by++) {
          const wrong = await world.token({ ...parameters, tx_code: other(txCode, by) })
          expect(wrong.body.error).toBe('invalid_grant')
        }
        const right = await world.token({ ...parameters, tx_code: txCode })
        expect(right.status).toBe(status)
      }
    })

    it('VCI-I10: guesses at once are counted like guesses in a row', async () => {
      const { code, txCode } = await world.offer({ tx_code: true })
      const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code }
      const guesses = Array.from({ length: 30 }, (_, by) => other(txCode, by + 1))
      await Promise.all(guesses.map((tx_code) => world.token({ ...parameters, tx_code })))
      const right = await world.token({ ...parameters, tx_code: txCode })
      expect(right.body.error).toBe('invalid_grant')
    })
  })
})

/** How many rows each table of issuance has. */
async function rows(): Promise<Record<string, number>> {
  const count = async (table: SQLiteTable) => (await world.db.orm.select().from(table)).length
  const tables = Object.values(schema).filter((table) => is(table, SQLiteTable))
  const counted = tables.map(async (table) => [getTableName(table), await count(table)] as const)
  return Object.fromEntries(await Promise.all(counted))
}

describe('a token request that is refused writes nothing', () => {
  it.each<[string, Record<string, string>, object]>([
    ['with an unknown code', { 'pre-authorized_code': 'x'.repeat(43) }, {}],
    ['without a code', { 'pre-authorized_code': '' }, {}],
    ['without its transaction code', {}, { tx_code: true }],
    ['with a transaction code nobody asked for', { tx_code: '123456' }, {}],
    ['with details that do not fit', { authorization_details: '[]' }, {}],
  ])('%s', async (_, change, offered) => {
    const { code } = await world.offer(offered as Record<string, unknown>)
    const before = await rows()
    const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code, ...change }
    const DPoP = await dpopProof(await holderKey())
    expect((await world.token(parameters, { DPoP })).status).toBe(400)
    expect(await rows()).toEqual(before)
  })

  it('nor does its proof count as used', async () => {
    const { code } = await world.offer()
    const DPoP = await dpopProof(await holderKey())
    const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code }
    const bad = await world.token({ ...parameters, authorization_details: '[]' }, { DPoP })
    expect(bad.body.error).toBe('invalid_authorization_details')
    expect((await world.token(parameters, { DPoP })).status).toBe(200)
  })
})

describe('nonce endpoint', () => {
  it('VCI-I12: gives an unpredictable nonce to anybody, not to be cached', async () => {
    const answer = await world.request(`${vnIssuer}/nonce`, { method: 'POST' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    // 52 bytes in base64url.
    expect(answer.body.c_nonce).toMatch(/^[A-Za-z0-9_-]{70}$/)
    expect(await world.nonce()).not.toBe(answer.body.c_nonce)
  })

  it('writes nothing down: asking fills no database', async () => {
    const before = await rows()
    await world.nonce()
    expect(await rows()).toEqual(before)
  })
})

describe('credential endpoint', () => {
  const body = (proof: string, ids: object = { credential_configuration_id: 'pid-sd-jwt' }) => ({
    ...ids,
    proofs: { jwt: [proof] },
  })

  it('VCI-I15: answers with one credential, ignoring members it does not know', async () => {
    const accessToken = await world.accessToken()
    const proof = await keyProof(await holderKey(), { nonce: await world.nonce() })
    const answer = await world.credential(accessToken, { ...body(proof), unheard_of: { a: 1 } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(answer.body)).toEqual(['credentials'])
    expect(answer.body.credentials).toEqual([{ credential: expect.stringMatching(/~$/) }])
  })

  describe('access token', () => {
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

    const dpop = (token: string) => ({ authorization: `DPoP ${token}` })
    const unknown = 'x'.repeat(43)
    // RFC 6750 3.1: no error code for who brought no token, or not as we take it.
    const neither = 'Bearer, DPoP algs="ES256"'
    const asBearer = 'Bearer error="invalid_token"'
    const asDpop = 'DPoP error="invalid_token", algs="ES256"'

    it.each<[string, (token: string) => Record<string, string>, string, string]>([
      ['absent', () => ({}), '', neither],
      ['in the query', () => ({}), 'access_token', neither],
      ['with another scheme', (token) => ({ authorization: `Basic ${token}` }), '', neither],
      ['in the header and in the query', bearer, 'access_token', neither],
      ['unknown', () => bearer(unknown), '', asBearer],
      ['unknown, sent as DPoP', () => dpop(unknown), '', asDpop],
      ['unknown, sent as dpop', () => ({ authorization: `dpop ${unknown}` }), '', asDpop],
      ['not bound, but sent as DPoP', dpop, '', asBearer],
    ])('VCI-N08: %s is a 401', async (_, headers, query, challenge) => {
      const token = await world.accessToken()
      const proof = await keyProof(await holderKey(), { nonce: await world.nonce() })
      const url = `${vnIssuer}/credential${query && `?${query}=${token}`}`
      const answer = await world.post(url, body(proof), headers(token))
      expect(answer.status).toBe(401)
      expect(answer.body.error).toBe('invalid_token')
      expect(answer.headers.get('www-authenticate')).toBe(challenge)
    })

    it('VCI-N08: expired after five minutes', async () => {
      const token = await world.accessToken()
      world.passSeconds(300)
      expect((await world.credential(token, {})).body.error).toBe('invalid_token')
    })

    it('VCI-N08: of another issuer', async () => {
      const token = await world.accessToken()
      const url = `${origin}/issuers/sg/credential`
      const answer = await world.post(url, {}, { authorization: `Bearer ${token}` })
      expect(answer.body.error).toBe('invalid_token')
    })

    it('VCI-N08: for another configuration', async () => {
      const token = await world.accessToken({ credential_configuration_ids: ['age-sd-jwt'] })
      const proof = await keyProof(await holderKey(), { nonce: await world.nonce() })
      const answer = await world.credential(token, body(proof))
      expect(answer.status).toBe(400)
      expect(answer.body.error).toBe('credential_request_denied')
    })
  })

  describe('request', () => {
    const proofs = { jwt: ['x'] }
    const pid = { credential_configuration_id: 'pid-sd-jwt' }

    it.each<[string, unknown, string]>([
      ['no JSON', '{', 'invalid_credential_request'],
      ['an array', '[]', 'invalid_credential_request'],
      ['VCI-N06: neither id', { proofs }, 'invalid_credential_request'],
      [
        'VCI-N06: both ids',
        { ...pid, credential_identifier: 'pid-sd-jwt:self', proofs },
        'invalid_credential_request',
      ],
      ['an id that is no string', { credential_configuration_id: 1 }, 'invalid_credential_request'],
      [
        'VCI-N06: an unknown configuration',
        { credential_configuration_id: 'driving-licence', proofs },
        'unknown_credential_configuration',
      ],
      [
        'VCI-N06: a configuration named like a built-in',
        { credential_configuration_id: '__proto__', proofs },
        'unknown_credential_configuration',
      ],
      [
        'VCI-N06: an unknown identifier',
        { credential_identifier: 'pid-sd-jwt:self', proofs },
        'unknown_credential_identifier',
      ],
      [
        'VCI-I19: encryption',
        { ...pid, proofs, credential_response_encryption: { jwk: {}, enc: 'A128GCM' } },
        'invalid_encryption_parameters',
      ],
      ['VCI-N01: no proofs', pid, 'invalid_proof'],
      ['VCI-N05: the legacy proof', { ...pid, proof: { proof_type: 'jwt' } }, 'invalid_proof'],
      ['VCI-N05: no proof in proofs', { ...pid, proofs: { jwt: [] } }, 'invalid_proof'],
      ['VCI-N05: two proofs', { ...pid, proofs: { jwt: ['x', 'y'] } }, 'invalid_proof'],
      [
        'VCI-N05: two proof types',
        { ...pid, proofs: { jwt: ['x'], attestation: ['y'] } },
        'invalid_proof',
      ],
      ['an unknown proof type', { ...pid, proofs: { di_vp: [{}] } }, 'invalid_proof'],
      ['proofs that are an array', { ...pid, proofs: ['x'] }, 'invalid_proof'],
      ['a proof that is no string', { ...pid, proofs: { jwt: [{}] } }, 'invalid_proof'],
    ])('VCI-I20: %s', async (_, request, error) => {
      const answer = await world.credential(await world.accessToken(), request)
      expect(answer.status).toBe(400)
      expect(answer.body.error).toBe(error)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    })

    it('of another media type is refused', async () => {
      const answer = await world.credential(await world.accessToken(), 'x', {
        'content-type': 'application/jwt',
      })
      expect(answer.status).toBe(400)
      expect(answer.body.error).toBe('invalid_credential_request')
    })
  })

  describe('key proof', () => {
    const at = seconds(start)

    it.each<[string, object, object]>([
      ['VCI-N01: typ JWT', {}, { typ: 'JWT' }],
      ['VCI-N01: no typ', {}, { typ: undefined }],
      ['VCI-N02: aud of another issuer', { aud: `${origin}/issuers/sg` }, {}],
      ['VCI-N02: aud with a slash more', { aud: `${vnIssuer}/` }, {}],
      ['VCI-N02: aud as an array', { aud: [vnIssuer] }, {}],
      ['VCI-N02: no aud', { aud: undefined }, {}],
      ['VCI-N03: no nonce', { nonce: undefined }, {}],
      ['VCI-N03: a nonce that is no string', { nonce: 1 }, {}],
      ['VCI-N04: jwk and kid', {}, { kid: 'key-1' }],
      ['VCI-N04: jwk and x5c', {}, { x5c: ['AA=='] }],
      ['VCI-V01: no key', {}, { jwk: undefined }],
      ['VCI-V01: a kid alone', {}, { jwk: undefined, kid: 'did:key:z6Mk' }],
      ['VCI-V01: iss, although the client is anonymous', { iss: 'wallet' }, {}],
      ['VCI-V01: iat of an hour ago', { iat: at - 3600 }, {}],
      ['VCI-V01: iat in an hour', { iat: at + 3600 }, {}],
      ['VCI-V01: no iat', { iat: undefined }, {}],
      ['VCI-V01: exp that has passed', { exp: at - 120 }, {}],
    ])('%s is invalid_proof, and the nonce stays good', async (_, claims, header) => {
      const [token, nonce, key] = [
        await world.accessToken(),
        await world.nonce(),
        await holderKey(),
      ]
      const proof = await keyProof(key, { nonce, ...claims }, header as Record<string, unknown>)
      const answer = await world.credential(token, body(proof))
      expect(answer.status).toBe(400)
      expect(answer.body.error).toBe('invalid_proof')
      const honest = await world.credential(token, body(await keyProof(key, { nonce })))
      expect(honest.status).toBe(200)
    })

    it.each<[string, (proof: string, jwk: object) => string]>([
      ['VCI-N01: alg none', (proof) => reheader(proof, { alg: 'none' })],
      ['VCI-N01: alg none, unsigned', (proof) => reheader(proof, { alg: 'none' }, '')],
      ['VCI-N01: alg HS256', (proof) => reheader(proof, { alg: 'HS256' })],
      ['VCI-N01: alg ES384', (proof) => reheader(proof, { alg: 'ES384' })],
      ['VCI-N04: a jwk with d', (proof, jwk) => reheader(proof, { jwk: { ...jwk, d: 'AA' } })],
      ['VCI-V02: another key than it is signed with', (proof) => reheader(proof, { jwk: other })],
      ['VCI-V02: a signature of another length', (proof) => proof.slice(0, -4)],
      ['a point that is not on the curve', (proof) => reheader(proof, { jwk: offCurve })],
      ['an unknown crit', (proof) => reheader(proof, { crit: ['x'], x: 1 })],
      ['not a JWT', () => 'not.a.jwt'],
    ])('%s is invalid_proof', async (_, change) => {
      const key = await holderKey()
      const proof = await keyProof(key, { nonce: await world.nonce() })
      const changed = change(proof, key.publicJwk)
      const answer = await world.credential(await world.accessToken(), body(changed))
      expect(answer.status).toBe(400)
      expect(answer.body.error).toBe('invalid_proof')
    })

    /**
     * A nonce with one bit changed. Byte 0 is of the time it expires, and the bit makes that later;
     * byte 4 is of what is random, byte 20 of the MAC.
     */
    const changed = async (at: number) => {
      const bytes = base64url.decode(await world.nonce())
      bytes[at] = (bytes[at] ?? 0) ^ 0x10
      return base64url.encode(bytes)
    }

    it.each<[string, () => Promise<string>]>([
      ['unknown', async () => 'x'.repeat(43)],
      ['of the right length, and not ours', async () => 'x'.repeat(68).concat('xA')],
      ['empty', async () => ''],
      ['of another issuer', () => world.nonce(`${origin}/issuers/sg`)],
      ['made to expire later', () => changed(0)],
      ['made from another', () => changed(4)],
      ['ours but for the first byte of its MAC', () => changed(20)],
      ['ours but for the last byte of its MAC', () => changed(51)],
      ['ours, cut', async () => (await world.nonce()).slice(0, 27)],
      ['ours, spelt another way', async () => `${await world.nonce()}=`],
    ])('VCI-N03: a nonce that is %s is invalid_nonce', async (_, nonce) => {
      const proof = await keyProof(await holderKey(), { nonce: await nonce() })
      const answer = await world.credential(await world.accessToken(), body(proof))
      expect(answer.status).toBe(400)
      expect(answer.body.error).toBe('invalid_nonce')
    })

    it('VCI-N03: a nonce of five minutes ago is invalid_nonce', async () => {
      const nonce = await world.nonce()
      world.passSeconds(300)
      const proof = await keyProof(await holderKey(), { nonce, iat: at + 300 })
      const answer = await world.credential(await world.accessToken(), body(proof))
      expect(answer.body.error).toBe('invalid_nonce')
    })

    it('VCI-N03: a nonce works once, with the same proof and with another', async () => {
      const token = await world.accessToken()
      const nonce = await world.nonce()
      const proof = await keyProof(await holderKey(), { nonce })
      expect((await world.credential(token, body(proof))).status).toBe(200)
      expect((await world.credential(token, body(proof))).body.error).toBe('invalid_nonce')
      const other = await keyProof(await holderKey(), { nonce })
      expect((await world.credential(token, body(other))).body.error).toBe('invalid_nonce')
    })

    it('VCI-N03: of twenty with one nonce at once, one gets a credential', async () => {
      const token = await world.accessToken()
      const proof = await keyProof(await holderKey(), { nonce: await world.nonce() })
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => world.credential(token, body(proof))),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter((a) => a.body.error === 'invalid_nonce')).toHaveLength(19)
    })

    it('VCI-V01: iss is the client that got the token, if it said who it is', async () => {
      const { code } = await world.offer()
      const { body: token } = await world.token({
        grant_type: preAuthorized,
        'pre-authorized_code': code,
        client_id: 'wallet',
      })
      const ask = async (iss: string) => {
        const proof = await keyProof(await holderKey(), { nonce: await world.nonce(), iss })
        return world.credential(String(token.access_token), body(proof))
      }
      expect((await ask('another')).body.error).toBe('invalid_proof')
      expect((await ask('wallet')).status).toBe(200)
    })
  })

  describe('with a DPoP-bound token', () => {
    async function boundToken() {
      const key = await holderKey()
      const { code } = await world.offer()
      const answer = await world.token(
        { grant_type: preAuthorized, 'pre-authorized_code': code },
        { DPoP: await dpopProof(key) },
      )
      expect(answer.body.token_type).toBe('DPoP')
      return { key, token: String(answer.body.access_token) }
    }
    const hash = async (token: string) =>
      base64url.encode(
        new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))),
      )
    const ask = async (headers: Record<string, string>) => {
      const proof = await keyProof(await holderKey(), { nonce: await world.nonce() })
      return world.post(`${vnIssuer}/credential`, body(proof), headers)
    }
    const htu = `${vnIssuer}/credential`

    it('issues to whoever proves the key', async () => {
      const { key, token } = await boundToken()
      const DPoP = await dpopProof(key, { htu, ath: await hash(token) })
      expect((await ask({ authorization: `DPoP ${token}`, DPoP })).status).toBe(200)
    })

    it('takes a DPoP proof once', async () => {
      const { key, token } = await boundToken()
      const DPoP = await dpopProof(key, { htu, ath: await hash(token) })
      const headers = { authorization: `DPoP ${token}`, DPoP }
      expect((await ask(headers)).status).toBe(200)
      expect((await ask(headers)).body.error).toBe('invalid_dpop_proof')
    })

    it('writes nothing down for who has the token and not the key', async () => {
      const { token } = await boundToken()
      const before = await rows()
      const DPoP = await dpopProof(await holderKey(), { htu, ath: await hash(token) })
      expect((await ask({ authorization: `DPoP ${token}`, DPoP })).status).toBe(401)
      expect(await rows()).toEqual(before)
    })

    it('VCI-N08, HAIP-N06: refuses it as a Bearer token', async () => {
      const { token } = await boundToken()
      const answer = await ask({ authorization: `Bearer ${token}` })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe(
        'DPoP error="invalid_token", algs="ES256"',
      )
    })

    it.each<
      [string, (key: Awaited<ReturnType<typeof holderKey>>, token: string) => Promise<string>]
    >([
      ['without ath', (key) => dpopProof(key, { htu })],
      [
        'with the ath of another token',
        async (key) => dpopProof(key, { htu, ath: await hash('x') }),
      ],
      [
        'with another key',
        async (_, token) => dpopProof(await holderKey(), { htu, ath: await hash(token) }),
      ],
      ['for another endpoint', async (key, token) => dpopProof(key, { ath: await hash(token) })],
      ['that is none', async () => ''],
    ])('refuses a DPoP proof %s', async (_, prove) => {
      const { key, token } = await boundToken()
      const answer = await ask({
        authorization: `DPoP ${token}`,
        DPoP: await prove(key, token),
      })
      expect(answer.status).toBe(401)
      expect(answer.body.error).toBe('invalid_dpop_proof')
      expect(answer.headers.get('www-authenticate')).toBe(
        'DPoP error="invalid_dpop_proof", algs="ES256"',
      )
    })
  })
})

const other = {
  kty: 'EC',
  crv: 'P-256',
  x: 'RL7QrV7ai3rpvQlJpX0JgFjWS63KoWwe7Gow97WVVC4',
  y: '3oVIOwv-s1i5mFKziRGGOKXKCNQY5EV3D9ie4qCWXYc',
}
const offCurve = { ...other, y: other.x }

/** The JWT with another protected header, under the signature it had or another one. */
function reheader(jwt: string, change: object, signature?: string): string {
  const [header = '', payload = '', signed = ''] = jwt.split('.')
  const changed = { ...JSON.parse(new TextDecoder().decode(base64url.decode(header))), ...change }
  const encoded = base64url.encode(JSON.stringify(changed))
  return [encoded, payload, signature ?? signed].join('.')
}
