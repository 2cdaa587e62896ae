import { beforeAll, describe, expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import { type Json, type JsonObject, parseJsonObject } from '../../src/credential/json.ts'
import { parseJws, verifyJws } from '../../src/credential/jws.ts'
import { verifyChain } from '../../src/credential/x509.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import { registrationCertificate } from '../../src/presentation/registration-certificate.ts'
import type { Snapshot } from '../../src/trust/snapshot.ts'
import { origin, sandboxSnapshot, start } from '../support/presentation.ts'
import { hasVectors, jsonVector } from '../support/vectors.ts'

let snapshot: Snapshot
beforeAll(async () => {
  snapshot = await sandboxSnapshot()
})

const keys = jwkKeyRing(exampleKeys, cryptography())
const accessHash = 'A'.repeat(43)

function certificate(
  id: string,
  purpose: string,
  { at = start, env = 'sandbox' as 'sandbox' | 'production', by = keys } = {},
) {
  const entity = snapshot.relyingParty(id, at)
  if (!entity) throw new Error(`no relying party ${id}`)
  const registered = { entity, purpose, accessHash }
  return registrationCertificate({ keys: by, origin, env }, registered, snapshot, at)
}
const payloadOf = (jws = '') => parseJsonObject(parseJws(jws)?.payload ?? '') ?? {}

describe('the registration of a relying party', () => {
  it('is signed by the registrar, whose certificate comes with it', async () => {
    const jws = parseJws((await certificate('bank-sg', 'bank-kyc')) ?? '')
    expect(jws?.header).toMatchObject({ typ: 'rc-wrp+jwt', alg: 'ES256' })
    const anchors = [{ id: 'reader', certificate: exampleKeys.anchors.reader ?? '' }]
    const chain = await verifyChain(jws?.header.x5c, anchors, start, 'registration')
    expect(chain).toMatchObject({ ok: true })
    expect(jws && chain.ok && (await verifyJws(jws, chain.value.leafKey))).toBe(true)
  })

  it('says what the registry says, and no more', async () => {
    const iat = Math.floor(start.getTime() / 1000)
    expect(payloadOf(await certificate('shop-th', 'age-check'))).toEqual({
      iss: origin,
      sub: `${origin}/relying-parties/shop-th`,
      cnf: { 'x5t#S256': accessHash },
      env: 'sandbox',
      tradeName: 'Chang Market (sandbox)',
      identifier: [{ type: 'urn:gerbang:entity', identifier: `${origin}/relying-parties/shop-th` }],
      country: 'TH',
      srvDescription: [[{ lang: 'en', content: 'Proving an age' }]],
      registryURI: `${origin}/registry/facts`,
      isPSB: false,
      entitlements: ['https://uri.etsi.org/19475/Entitlement/Service_Provider'],
      intendedUse: [
        {
          intendedUseIdentifier: 'age-check',
          purpose: [{ lang: 'en', content: 'Proving an age' }],
          createdAt: '2025-11-21',
          credentials: [
            {
              format: 'dc+sd-jwt',
              meta: '{"vct_values":["urn:gerbang:age:1"]}',
              claims: [
                { path: '["age_over_18"]' },
                { path: '["age_over_20"]' },
                { path: '["age_over_21"]' },
              ],
            },
            {
              format: 'mso_mdoc',
              meta: '{"doctype_value":"org.gerbang.age.1"}',
              claims: [
                { path: '["org.gerbang.age.1","age_over_18"]' },
                { path: '["org.gerbang.age.1","age_over_20"]' },
                { path: '["org.gerbang.age.1","age_over_21"]' },
              ],
            },
          ],
        },
      ],
      iat,
      exp: iat + 3600,
    })
  })

  it('names an mdoc only where it is known what elements it has', async () => {
    type Registered = { intendedUse: { credentials: { format: string; meta: string }[] }[] }
    const merchant = payloadOf(await certificate('bank-ph', 'merchant-onboarding'))
    const [use] = (merchant as Registered).intendedUse
    expect(
      use?.credentials.map(({ format, meta }) => [format, Object.values(JSON.parse(meta))[0]]),
    ).toEqual([
      ['dc+sd-jwt', ['urn:gerbang:legal-entity:1']],
      ['dc+sd-jwt', ['urn:gerbang:mandate:1']],
      ['dc+sd-jwt', ['urn:gerbang:pid:1']],
      ['mso_mdoc', 'org.gerbang.pid.1'],
    ])
  })

  it('says that who serves a public task is a public body', async () => {
    const gov = payloadOf(await certificate('gov-bn', 'gov-service-login'))
    expect(gov).toMatchObject({ isPSB: true, country: 'BN' })
  })

  it('does not call itself a sandbox where it is none', async () => {
    const env = 'production'
    expect(payloadOf(await certificate('bank-sg', 'bank-kyc', { env }))).not.toHaveProperty('env')
  })

  it('is none for a purpose that it is not registered for', async () => {
    expect(await certificate('bank-sg', 'age-check')).toBeUndefined()
    expect(await certificate('bank-sg', 'no-such-purpose')).toBeUndefined()
  })

  it('is signed by each gateway itself, though another said the same before', async () => {
    const ours = await certificate('bank-sg', 'bank-kyc')
    // Some other key with a certificate signs for this one's registrar.
    const registrar = exampleKeys.keys
      .filter(({ purpose }) => purpose === 'access:bank-ph')
      .map((jwk) => ({ ...jwk, purpose: 'registration' }))
    const by = jwkKeyRing({ keys: registrar }, cryptography())
    const theirs = await certificate('bank-sg', 'bank-kyc', { by })
    expect(payloadOf(theirs)).toEqual(payloadOf(ours))
    expect(parseJws(theirs ?? '')?.header.x5c).toEqual(by.publicKeys('registration')[0].x5c)
    expect(theirs).not.toBe(ours)
  })

  it('is signed once for half an hour, and never by an old one', async () => {
    const first = await certificate('bank-ph', 'merchant-onboarding')
    const later = (seconds: number) => {
      const at = new Date(start.getTime() + seconds * 1000)
      return certificate('bank-ph', 'merchant-onboarding', { at })
    }
    expect(await later(1799)).toBe(first)
    const second = await later(1800)
    expect(second).not.toBe(first)
    expect(payloadOf(second).iat).toBe(Number(payloadOf(first).iat) + 1800)
    expect(payloadOf(await later(-1)).iat).toBe(Number(payloadOf(first).iat) - 1)
  })
})

describe.skipIf(!hasVectors)('EUDI TS5', () => {
  const folder = 'eudi-ts5-rp-registration'

  it.each([
    ['bank-sg', 'bank-kyc'],
    ['shop-th', 'qr-payment-consent'],
    ['customs-vn', 'customs-declarant'],
  ])('takes the registration of %s for %s as a WalletRelyingParty', async (id, purpose) => {
    const schema = jsonVector(`${folder}/ts5-json-common-rp-data-model.json`) as JsonObject
    const payload = payloadOf(await certificate(id, purpose))
    expect(faults(schema, schema, payload)).toEqual([])
    // What TS5 inherits from LegalEntity its schema does not say; it holds all the same.
    const { LegalEntity } = schema.definitions as JsonObject
    expect(faults(schema, LegalEntity as JsonObject, payload)).toEqual([])
  })

  it('does not take just anything', () => {
    const schema = jsonVector(`${folder}/ts5-json-common-rp-data-model.json`) as JsonObject
    const wrong = { tradeName: 7, entitlements: [], intendedUse: [{ purpose: [{ lang: 1 }] }] }
    expect(faults(schema, schema, wrong)).toEqual([
      '/entitlements: minItems',
      '/intendedUse/0/purpose/0/lang: string',
      '/tradeName: string',
    ])
  })
})

/** Where a value does not fit a JSON Schema, of which TS5 uses no more than this. */
function faults(root: JsonObject, schema: JsonObject, value: Json, at = ''): string[] {
  const { $ref: ref, type, properties = {}, items, minItems = 0, allOf = [] } = schema
  if (typeof ref === 'string') {
    const target = (root.definitions as JsonObject)[ref.replace('#/definitions/', '')]
    return faults(root, (target ?? root) as JsonObject, value, at)
  }
  const is = {
    string: typeof value === 'string',
    boolean: typeof value === 'boolean',
    array: Array.isArray(value),
    object: typeof value === 'object' && value !== null && !Array.isArray(value),
    integer: Number.isInteger(value),
  }
  if (typeof type === 'string' && !is[type as keyof typeof is]) return [`${at}: ${type}`]
  const tooFew = Array.isArray(value) && value.length < Number(minItems)
  return [
    ...(allOf as JsonObject[]).flatMap((each) => faults(root, each, value, at)),
    ...(tooFew ? [`${at}: minItems`] : []),
    ...(Array.isArray(value) && items
      ? value.flatMap((each, i) => faults(root, items as JsonObject, each, `${at}/${i}`))
      : []),
    ...(is.object
      ? Object.entries(properties as Record<string, JsonObject>).flatMap(([name, each]) => {
          const member = (value as JsonObject)[name]
          return member === undefined ? [] : faults(root, each, member, `${at}/${name}`)
        })
      : []),
  ]
}
