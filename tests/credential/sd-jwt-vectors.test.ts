import type { JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { digestText } from '../../src/credential/digest.ts'
import { type JsonObject, parseJsonObject } from '../../src/credential/json.ts'
import { parseJws } from '../../src/credential/jws.ts'
import { judgeKeyBinding } from '../../src/credential/key-binding.ts'
import { holderKeyOf } from '../../src/credential/registered-claims.ts'
import { parseSdJwt, revealClaims } from '../../src/credential/sd-jwt.ts'
import { isSignedBy } from '../support/is-signed-by.ts'
import { hasVectors, jsonVector, vector } from '../support/vectors.ts'

describe.skipIf(!hasVectors)('RFC 9901 examples', () => {
  type Example = {
    issuer_payload: JsonObject
    processed_payload: JsonObject
    disclosures: { claim: string; disclosure: string; sha256_digest: string }[]
    user_claims: JsonObject
  }
  const keys = hasVectors
    ? jsonVector<{ issuer_public_jwk: JWK }>('rfc9901-sd-jwt/keys.json')
    : { issuer_public_jwk: { kty: 'EC' } }
  const presented = [
    's5-main-example',
    'a1-simple-structured',
    'a2-complex-structured',
    'a3-sd-jwt-vc-pid',
    'a4-w3c-vcdm2',
  ]
  const withHolder = ['s5-main-example', 'a3-sd-jwt-vc-pid', 'a4-w3c-vcdm2']

  /** The processed payload of a text whose signature is the issuer's. */
  async function processed(text: string) {
    const parsed = parseSdJwt(text)
    if (!parsed.ok) return parsed.error
    const { jws, disclosures } = parsed.value
    expect(await isSignedBy(jws, keys.issuer_public_jwk)).toBe(true)
    const revealed = await revealClaims(parseJsonObject(jws.payload) ?? {}, disclosures)
    return revealed.ok ? revealed.value : revealed.error
  }

  it.each(presented)('%s: the presentation reveals the processed payload', async (name) => {
    const { processed_payload } = jsonVector<Example>(`rfc9901-sd-jwt/${name}.json`)
    const text = vector(`rfc9901-sd-jwt/${name}.presentation.txt`)
    expect(await processed(text)).toEqual(processed_payload)
  })

  it.each(withHolder)('%s: the SD-JWT as issued reveals all the user claims', async (name) => {
    const { user_claims } = jsonVector<Example>(`rfc9901-sd-jwt/${name}.json`)
    const text = vector(`rfc9901-sd-jwt/${name}.issued.txt`)
    expect(await processed(text)).toMatchObject(user_claims)
  })

  it.each(withHolder)('%s: the key binding is good', async (name) => {
    const parsed = parseSdJwt(vector(`rfc9901-sd-jwt/${name}.presentation.txt`))
    if (!parsed.ok) return expect.unreachable(parsed.error)
    const payload = parseJsonObject(parsed.value.jws.payload) ?? {}
    const expected = { nonce: '1234567890', audience: 'https://verifier.example.org' }
    const at = new Date(1748537243 * 1000)
    const { findings } = await judgeKeyBinding(parsed.value, expected, at, holderKeyOf(payload))
    expect(findings.map(({ outcome }) => outcome)).toEqual(Array(7).fill('pass'))
  })

  const unsigned = ['s6-1-flat', 's6-2-structured', 's6-3-recursive']

  it.each([...presented, ...unsigned])('%s: digests (SDJ-I04)', async (name) => {
    const { disclosures } = jsonVector<Example>(`rfc9901-sd-jwt/${name}.json`)
    for (const { disclosure, sha256_digest } of disclosures) {
      expect(await digestText(disclosure)).toBe(sha256_digest)
    }
  })

  it.each(unsigned)('%s: all disclosures reveal the address (SDJ-V05)', async (name) => {
    const example = jsonVector<Example & { issuer_payloads: JsonObject[] }>(
      `rfc9901-sd-jwt/${name}.json`,
    )
    const all = example.disclosures.map(({ disclosure }) => disclosure)
    const revealed = await revealClaims(example.issuer_payloads[0] ?? {}, all)
    expect(revealed.ok && revealed.value.address).toEqual({
      street_address: 'Schulstr. 12',
      locality: 'Schulpforta',
      region: 'Sachsen-Anhalt',
      country: 'DE',
    })
  })

  it('s6-2-structured: the second payload leaves the country in the open', async () => {
    const { issuer_payloads, disclosures } = jsonVector<
      Example & { issuer_payloads: JsonObject[] }
    >('rfc9901-sd-jwt/s6-2-structured.json')
    const parents = disclosures.filter(({ claim }) => claim !== 'country')
    const sent = parents.map(({ disclosure }) => disclosure)
    const revealed = await revealClaims(issuer_payloads[1] ?? {}, sent)
    expect(revealed.ok && revealed.value.address).toMatchObject({ country: 'DE' })
    expect((await revealClaims(issuer_payloads[1] ?? {}, [])).ok).toBe(true)
  })

  it('s6-3-recursive: no member of the address without the address (SDJ-N04)', async () => {
    const { issuer_payloads, disclosures } = jsonVector<
      Example & { issuer_payloads: JsonObject[] }
    >('rfc9901-sd-jwt/s6-3-recursive.json')
    const members = disclosures.filter(({ claim }) => claim !== 'address')
    expect(members).toHaveLength(4)
    for (const { disclosure } of members) {
      expect((await revealClaims(issuer_payloads[0] ?? {}, [disclosure])).ok).toBe(false)
    }
  })

  it('a1: decoys are told from nothing, and vanish (SDJ-V05)', async () => {
    const { issuer_payload, decoy_digests } = jsonVector<Example & { decoy_digests: string[] }>(
      'rfc9901-sd-jwt/a1-simple-structured.json',
    )
    for (const digest of decoy_digests) expect(JSON.stringify(issuer_payload)).toContain(digest)
    const revealed = await revealClaims(issuer_payload, [])
    for (const digest of decoy_digests) expect(JSON.stringify(revealed)).not.toContain(digest)
  })
})

describe.skipIf(!hasVectors)('RFC 9901 8, JSON serialisation', () => {
  type Signature = {
    protected: string
    signature: string
    header: { kid?: string; disclosures?: string[]; kb_jwt?: string }
  }
  type Serialised = { payload: string } & (Signature | { signatures: Signature[] })
  const files = [
    's8-2-flattened-issued',
    's8-2-flattened-presentation-kb',
    's8-3-general-presentation-kb',
  ]

  it.each(files)('SDJ-V09: %s is refused as such', (file) => {
    const parsed = parseSdJwt(vector(`rfc9901-sd-jwt/${file}.json`))
    expect(parsed.ok || parsed.error).toMatch(/Only the compact form/)
  })

  it.each(files)('SDJ-V09: %s is, made compact, an SD-JWT that we take', async (file) => {
    const serialised = jsonVector<Serialised>(`rfc9901-sd-jwt/${file}.json`)
    const [first] = 'signatures' in serialised ? serialised.signatures : [serialised]
    if (!first) return expect.unreachable('no signature')
    const { disclosures = [], kb_jwt = '' } = first.header
    const jwt = [first.protected, serialised.payload, first.signature].join('.')
    const parsed = parseSdJwt([jwt, ...disclosures, kb_jwt].join('~'))
    if (!parsed.ok) return expect.unreachable(parsed.error)
    const { issuer_public_jwk } = jsonVector<{ issuer_public_jwk: JWK }>('rfc9901-sd-jwt/keys.json')
    expect(await isSignedBy(parsed.value.jws, issuer_public_jwk)).toBe(true)
    const payload = parseJsonObject(parsed.value.jws.payload) ?? {}
    const revealed = await revealClaims(payload, parsed.value.disclosures)
    expect(revealed.ok && revealed.value.given_name).toBe('John')
    if (!kb_jwt) return
    const expected = { nonce: '1234567890', audience: 'https://verifier.example.org' }
    const at = new Date(1748537243 * 1000)
    const { findings } = await judgeKeyBinding(parsed.value, expected, at, holderKeyOf(payload))
    expect(findings.map(({ outcome }) => outcome)).toEqual(Array(7).fill('pass'))
  })
})

describe.skipIf(!hasVectors)('OpenID4VP 1.0 B.3.7, an SD-JWT VC with linked data inside', () => {
  /** As printed: in lines. */
  const printed = (name: string) =>
    vector(`openid4vp/sd_jwt_vcld/${name}.txt`).replaceAll(/\s/g, '')

  it('the presentation reveals the verified contents, and its key binding is good', async () => {
    const parsed = parseSdJwt(printed('sd_jwt_presentation'))
    if (!parsed.ok) return expect.unreachable(parsed.error)
    const payload = parseJsonObject(parsed.value.jws.payload) ?? {}
    expect(payload).toEqual(jsonVector('openid4vp/sd_jwt_vcld/sd_jwt_payload.json'))
    const { issuer_public_jwk } = jsonVector<{ issuer_public_jwk: JWK }>('rfc9901-sd-jwt/keys.json')
    expect(await isSignedBy(parsed.value.jws, issuer_public_jwk)).toBe(true)
    const revealed = await revealClaims(payload, parsed.value.disclosures)
    const value = jsonVector('openid4vp/sd_jwt_vcld/verified_contents.json')
    expect(revealed).toEqual({ ok: true, value })
    const { nonce, aud, iat } = jsonVector<{ nonce: string; aud: string; iat: number }>(
      'openid4vp/sd_jwt_vcld/kb_jwt_payload.json',
    )
    const expected = { nonce, audience: aud }
    const at = new Date(iat * 1000)
    const { findings } = await judgeKeyBinding(parsed.value, expected, at, holderKeyOf(payload))
    expect(findings.map(({ outcome }) => outcome)).toEqual(Array(7).fill('pass'))
    expect(parsed.value.kbJwt).toBe(printed('kb_jwt_serialized'))
    expect(parseJws(parsed.value.kbJwt ?? '')?.header).toEqual(
      jsonVector('openid4vp/sd_jwt_vcld/kb_jwt_header.json'),
    )
  })

  it('the SD-JWT as issued reveals all the user claims', async () => {
    const parsed = parseSdJwt(printed('sd_jwt_issuance'))
    if (!parsed.ok) return expect.unreachable(parsed.error)
    expect(parsed.value.issuerJwt).toBe(printed('sd_jwt_jws_part'))
    const payload = parseJsonObject(parsed.value.jws.payload) ?? {}
    const revealed = await revealClaims(payload, parsed.value.disclosures)
    expect(revealed.ok && revealed.value).toMatchObject(
      jsonVector<JsonObject>('openid4vp/sd_jwt_vcld/user_claims.json'),
    )
  })
})
