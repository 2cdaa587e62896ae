import { describe, expect, it } from 'vitest'
import { type JsonObject, parseJsonObject } from '../../src/credential/json.ts'
import { createKbJwt, judgeKeyBinding } from '../../src/credential/key-binding.ts'
import { claimsFault, holderKeyOf } from '../../src/credential/registered-claims.ts'
import { parseSdJwt, revealClaims } from '../../src/credential/sd-jwt.ts'
import { prepareSdJwtVc, signSdJwtVc, verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { certifiedSigner, signWith } from '../support/certificates.ts'
import { isSignedBy } from '../support/is-signed-by.ts'
import { signAny } from '../support/raw-jws.ts'
import { hasVectors, jsonVector, vector } from '../support/vectors.ts'
import { at, audience, countingRandom, nonce, scene } from './scene.ts'

describe.skipIf(!hasVectors)('figures of SD-JWT VC', () => {
  const keys = hasVectors
    ? jsonVector<{ issuer_private_jwk_test_only: JsonWebKey }>('sd-jwt-vc/keys.json')
    : { issuer_private_jwk_test_only: {} }
  const { kty, crv, x, y } = keys.issuer_private_jwk_test_only
  const issuerKey = { kty, crv, x, y } as { kty: string }
  const figures = ['fig07-sd-jwt-vc-example', 'fig08-presented-sd-jwt-kb-example']

  it.each([...figures, 'fig10-presented-sd-jwt-example'])('%s', async (figure) => {
    const parsed = parseSdJwt(vector(`sd-jwt-vc/${figure}.txt`))
    if (!parsed.ok) return expect.unreachable(parsed.error)
    const { jws, disclosures } = parsed.value
    expect(await isSignedBy(jws, issuerKey)).toBe(true)
    const revealed = await revealClaims(parseJsonObject(jws.payload) ?? {}, disclosures)
    const { processed_payload } = jsonVector<{ processed_payload: JsonObject }>(
      `sd-jwt-vc/${figure}.decoded.json`,
    )
    expect(revealed).toEqual({ ok: true, value: processed_payload })
  })

  it('figure 8 has a good key binding', async () => {
    const parsed = parseSdJwt(vector('sd-jwt-vc/fig08-presented-sd-jwt-kb-example.txt'))
    if (!parsed.ok) return expect.unreachable(parsed.error)
    const holderKey = holderKeyOf(parseJsonObject(parsed.value.jws.payload) ?? {})
    const expected = { nonce: '1234567890', audience: 'https://example.com/verifier' }
    const presentedAt = new Date(1787325881 * 1000)
    const { findings } = await judgeKeyBinding(parsed.value, expected, presentedAt, holderKey)
    expect(findings.map(({ outcome }) => outcome)).toEqual(Array(7).fill('pass'))
  })

  it('figure 7 lacks x5c and so is refused under HAIP (HAIP-N02)', async () => {
    const { findings } = await verifySdJwtVc(vector('sd-jwt-vc/fig07-sd-jwt-vc-example.txt'), {
      at,
      anchors: [],
      keyBinding: 'none',
    })
    const failed = findings.filter(({ outcome }) => outcome === 'fail')
    expect(failed.map(({ check }) => check)).toEqual(['credential.header'])
  })

  it.each<[string, string]>([
    ['fig08-presented-sd-jwt-kb-example', 'fig09-verified-sd-jwt-payload-example'],
    ['fig10-presented-sd-jwt-example', 'fig11-processed-sd-jwt-payload-example'],
  ])('%s is processed to %s', async (presented, processed) => {
    const parsed = parseSdJwt(vector(`sd-jwt-vc/${presented}.txt`))
    if (!parsed.ok) return expect.unreachable(parsed.error)
    const { jws, disclosures } = parsed.value
    const revealed = await revealClaims(parseJsonObject(jws.payload) ?? {}, disclosures)
    expect(revealed.ok && revealed.value).toEqual(jsonVector(`sd-jwt-vc/${processed}.json`))
  })

  it.each([
    'sd-jwt-vc/fig03-example-unsecured-payload-with-vct',
    'sd-jwt-vc/fig04-example-unsecured-payload-excerpt-with-aka-vcts',
    'sd-jwt-vc/fig05-unsecured-payload-example',
    'sd-jwt-vc/fig06-unsecured-payload-example',
    'sd-jwt-vc/fig19-example-credential-for-claim-path',
    'sd-jwt-vc/fig25-sd-jwt-payload',
    'sd-jwt-vc/fig29-sd-jwt-vc-payload',
    'openid4vp/misc/sd_jwt_vc',
  ])('%s has its registered claims in form', (file) => {
    const payload = parseJsonObject(vector(`${file}.json`))
    expect(payload && claimsFault(payload)).toBeUndefined()
    expect(payload && claimsFault({ ...payload, vct: 1 })).toMatch(/vct/)
  })
})

describe.skipIf(!hasVectors)('what we issue of the citizen in figure 23', () => {
  it('comes out as it went in', async () => {
    const citizen = parseJsonObject(vector('sd-jwt-vc/fig23-citizen-s-information.json')) ?? {}
    const { issuer, draft, policy } = await scene()
    const { vct, iss, ...selective } = citizen
    const prepared = await prepareSdJwtVc({ ...draft, selective }, countingRandom())
    const text = await signSdJwtVc(prepared, issuer.sign)
    const { credential } = await verifySdJwtVc(text, { ...policy, keyBinding: 'none' })
    expect(credential?.claims).toEqual({ ...draft.visible, ...selective })
    expect(credential?.disclosed.length).toBeGreaterThan(Object.keys(selective).length)
  })
})

describe.skipIf(!hasVectors)(
  'published credentials, with the certificates that HAIP asks for',
  () => {
    const files = [
      ['sd-jwt-vc/fig08-presented-sd-jwt-kb-example.txt', 'sd-jwt-vc/keys.json'],
      ['rfc9901-sd-jwt/a3-sd-jwt-vc-pid.presentation.txt', 'rfc9901-sd-jwt/keys.json'],
      ['rfc9901-sd-jwt/a3-sd-jwt-vc-pid.issued.txt', 'rfc9901-sd-jwt/keys.json'],
    ] as const

    it.each(files)('%s passes every check', async (file, keys) => {
      const parsed = parseSdJwt(vector(file))
      if (!parsed.ok) return expect.unreachable(parsed.error)
      const payload = parseJsonObject(parsed.value.jws.payload) ?? {}
      const issuer = await certifiedSigner(String(payload.iss))
      const header = { typ: 'dc+sd-jwt', alg: 'ES256', x5c: issuer.x5c }
      const jwt = await signAny(header, payload, issuer.sign)
      const sdJwt = `${[jwt, ...parsed.value.disclosures].join('~')}~`
      const { holder_private_jwk_test_only: jwk } = jsonVector<{
        holder_private_jwk_test_only: JsonWebKey
      }>(keys)
      const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
      const privateKey = await crypto.subtle.importKey('jwk', jwk, ecdsa, false, ['sign'])
      const kbJwt = await createKbJwt({ sdJwt, nonce, audience, iat: at }, signWith({ privateKey }))
      const policy = { at, anchors: [issuer.anchor], keyBinding: { nonce, audience } }
      const { findings, credential } = await verifySdJwtVc(`${sdJwt}${kbJwt}`, policy)
      expect(findings.filter(({ outcome }) => outcome !== 'pass')).toEqual([])
      const revealed = await revealClaims(payload, parsed.value.disclosures)
      expect(credential?.claims).toEqual(revealed.ok && revealed.value)
    })
  },
)
