import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { signJws } from '../../src/credential/jws.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { fetchRequest } from '../../src/wallet/request.ts'
import { identityType, now, random, seconds, signer, verifier } from './parties.ts'

const readerAnchors = [{ id: 'reader', certificate: exampleKeys.anchors.reader ?? '' }]

const use = (...paths: unknown[]) => ({
  intendedUseIdentifier: 'bank-kyc',
  purpose: [
    { lang: 'en', content: 'Opening a bank account' },
    { lang: 'vi', content: 'Mở tài khoản' },
  ],
  credentials: [
    {
      format: 'dc+sd-jwt',
      meta: JSON.stringify({ vct_values: [identityType] }),
      claims: paths.map((path) => ({ path: JSON.stringify(path) })),
    },
  ],
})

type Change = {
  claims?: JsonObject
  header?: JsonObject
  by?: string
  data?: string
  paths?: (string | number | null)[]
}

/** What a wallet makes of a request with a registration, which is good but for what is changed. */
async function ask({ claims = {}, header = {}, by = 'registration', data, paths }: Change = {}) {
  const { clientId } = await verifier()
  const { sign, x5c } = signer(by)
  const registration = await signJws(
    { typ: 'rc-wrp+jwt', x5c, ...header },
    {
      sub: 'https://gateway.example/relying-parties/bank-sg',
      iat: seconds,
      exp: seconds + 60,
      cnf: { 'x5t#S256': clientId.replace('x509_hash:', '') },
      intendedUse: [use(['address'], ['degrees', null], ['name'])],
      ...claims,
    } as JsonObject,
    sign,
  )
  const path = paths ?? ['name']
  const query = { id: 'pid', format: 'dc+sd-jwt', meta: { vct_values: [identityType] } }
  const party = await verifier({
    payload: {
      verifier_info: [{ format: 'registration_cert', data: data ?? registration }],
      dcql_query: { credentials: [{ ...query, claims: [{ path }] }] },
    },
  })
  return fetchRequest({ fetch: party.fetch, now, random, readerAnchors }, party.request)
}

describe('a registration', () => {
  it('says who asks, and for which purpose', async () => {
    const { registrations } = await ask()
    expect(registrations).toMatchObject([
      {
        id: 'https://gateway.example/relying-parties/bank-sg',
        uses: [
          {
            purpose: 'bank-kyc',
            description: { en: 'Opening a bank account', vi: 'Mở tài khoản' },
          },
        ],
      },
    ])
  })

  it.each([[['address', 'country']], [['name#th-Latn']], [['degrees', null]], [['degrees', 1]]])(
    'allows %j',
    async (paths) => {
      await expect(ask({ paths })).resolves.toHaveProperty('nonce')
    },
  )

  it.each([[['sex']], [['addresses']], [['degrees']], [['degrees', 'type']], [['person', 'name']]])(
    'does not allow %j',
    async (paths) => {
      await expect(ask({ paths })).rejects.toThrow(/More is asked/)
    },
  )
})

describe('a request is refused for its registration', () => {
  const other = { ...use(['name']).credentials[0], meta: JSON.stringify({ vct_values: ['other'] }) }

  it.each<[string, Change, RegExp]>([
    ['that is no JWS', { data: 'a.b.c' }, /no JWS/],
    ['of another typ', { header: { typ: 'JWT' } }, /rc-wrp\+jwt/],
    ['by the verifier itself', { by: 'access:bank-sg' }, /for other purposes/],
    ['by somebody below another anchor', { by: 'credential:vn' }, /not accepted/],
    [
      'with the certificate of another',
      { header: { x5c: signer('access:bank-sg').x5c } },
      /not acc/,
    ],
    ['without certificates', { header: { x5c: undefined as never } }, /not accepted/],
    ['of somebody else', { claims: { cnf: { 'x5t#S256': 'A'.repeat(43) } } }, /another than who/],
    ['of nobody', { claims: { cnf: undefined as never } }, /malformed at \/cnf/],
    ['that has expired', { claims: { exp: seconds } }, /out of date/],
    ['that has not begun', { claims: { iat: seconds + 61 } }, /out of date/],
    ['for nothing', { claims: { intendedUse: [] } }, /More is asked/],
    [
      'for another type',
      { claims: { intendedUse: [{ ...use(), credentials: [other as JsonObject] }] } },
      /More is asked/,
    ],
    [
      'that allows the claims by two purposes, and by neither of them all',
      { claims: { intendedUse: [use(['birthdate']), use(['sex'])] } },
      /More is asked/,
    ],
  ])('%s', async (_, change, rule) => {
    await expect(ask(change)).rejects.toThrow(rule)
  })

  it('whose signature is of something else', async () => {
    const { sign, x5c } = signer('registration')
    const jws = await signJws({ typ: 'rc-wrp+jwt', x5c }, { sub: 'somebody' }, sign)
    const [header, , signature] = jws.split('.')
    const data = [header, btoa('{"sub":"else"}').replace(/=+$/, ''), signature].join('.')
    await expect(ask({ data })).rejects.toThrow(/not signed/)
  })
})
