import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { type SdJwtVcPolicy, verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { authority, certifiedSigner } from '../support/certificates.ts'
import {
  audience,
  checks,
  disclosureOf,
  failedOf,
  issuerId,
  now,
  type Scene,
  scene,
} from './scene.ts'

let s: Scene
beforeAll(async () => {
  s = await scene()
})

const failures = async (text: string, change: Partial<SdJwtVcPolicy> = {}) =>
  failedOf(await verifySdJwtVc(text, { ...s.policy, ...change }))

describe('an honest presentation', () => {
  it('passes all fifteen checks and yields the processed payload (VC-V01, VC-V05, VC-V06)', async () => {
    const { findings, credential } = await verifySdJwtVc(await s.bind(s.credential), s.policy)
    expect(findings.map(({ outcome }) => outcome)).toEqual(checks.map(() => 'pass'))
    expect(credential).toMatchObject({
      vct: 'urn:gerbang:pid:1',
      issuer: issuerId,
      anchor: 'anchor-root',
      claims: { ...s.draft.visible, ...s.draft.selective, cnf: { jwk: s.jwk } },
      status: { uri: 'https://issuer.example/status/1', idx: 7 },
    })
    expect(credential?.claims).not.toHaveProperty('_sd')
    expect(credential?.claims).not.toHaveProperty('_sd_alg')
    expect(credential?.authorityKeyIds).toHaveLength(2)
  })

  it('passes with fewer disclosures, and shows those alone', async () => {
    const [jwt, givenName] = s.credential.split('~')
    const { credential } = await verifySdJwtVc(await s.bind(`${jwt}~${givenName}~`), s.policy)
    expect(credential?.claims).toEqual({ ...s.draft.visible, given_name: 'An' })
    expect(credential?.disclosed).toEqual([['given_name']])
  })

  it.each(['exp', 'status'])('needs neither iss nor iat nor nbf nor %s (VC-I05)', async (name) => {
    const gone = { iss: undefined, iat: undefined, nbf: undefined, [name]: undefined }
    expect(await failures(await s.bind(await s.forge({}, gone)))).toEqual([])
  })

  it('may name its issuer by a host the leaf certifies', async () => {
    const text = await s.forge({}, { iss: 'https://issuer.example/other' })
    expect(await failures(await s.bind(text))).toEqual([])
  })

  it('may be meant for us among others (SDJ-V06)', async () => {
    expect(await failures(await s.bind(await s.forge({}, { aud: ['a', audience] })))).toEqual([])
  })

  it('at issuance has no key binding, and none is judged', async () => {
    const { findings } = await verifySdJwtVc(s.credential, { ...s.policy, keyBinding: 'none' })
    expect(findings.slice(-6).map(({ outcome }) => outcome)).toEqual(Array(6).fill('skip'))
    expect(await failures(s.credential, { keyBinding: 'none' })).toEqual([])
  })
})

describe('what is refused, and by which check', () => {
  type Change = Record<string, unknown>
  it.each<[id: string, what: string, header: Change, claims: Change, failed: string[]]>([
    ['SDJ-N01', 'alg none', { alg: 'none' }, {}, ['credential.header', 'credential.signature']],
    ['SDJ-N01', 'HMAC', { alg: 'HS256' }, {}, ['credential.header', 'credential.signature']],
    ['SDJ-N01', 'no alg', { alg: undefined }, {}, ['credential.header', 'credential.signature']],
    ['SDJ-N10', 'sha-1', {}, { _sd_alg: 'sha-1' }, ['credential.disclosures']],
    ['VC-N01', 'no typ', { typ: undefined }, {}, ['credential.header']],
    ['VC-N01', 'typ JWT', { typ: 'JWT' }, {}, ['credential.header']],
    ['VC-N01', 'the media type', { typ: 'application/dc+sd-jwt' }, {}, ['credential.header']],
    ['VC-N02', 'no vct', {}, { vct: undefined }, ['credential.claims']],
    ['VC-N02', 'an empty vct', {}, { vct: '' }, ['credential.claims']],
    ['VC-N02', 'a vct that is no string', {}, { vct: ['a'] }, ['credential.claims']],
    ['VC-N06', 'iss elsewhere', {}, { iss: 'https://other.example' }, ['credential.issuer']],
    ['VC-N06', 'iss below', {}, { iss: 'https://a.issuer.example' }, ['credential.issuer']],
    ['VC-N06', 'no URL', {}, { iss: 'VN' }, ['credential.claims', 'credential.issuer']],
    ['VC-N09', 'expired this second', {}, { exp: now }, ['credential.validity']],
    ['VC-N09', 'not yet valid', {}, { nbf: now + 61 }, ['credential.validity']],
    ['VC-N09', 'issued in the future', {}, { iat: now + 61 }, ['credential.validity']],
    ['SDJ-V06', 'meant for others', {}, { aud: 'x509_hash:b' }, ['credential.validity']],
    ['SDJ-V06', 'meant for two others', {}, { aud: ['a', 'b'] }, ['credential.validity']],
    ['SDJ-V06', 'no end', {}, { exp: undefined, status: undefined }, ['credential.validity']],
    ['SDJ-V06', 'exp as string', {}, { exp: '2999999999' }, ['credential.claims']],
    ['SDJ-V06', 'exp past the calendar', {}, { exp: 1e300 }, ['credential.claims']],
    ['SDJ-V06', 'nbf before the epoch', {}, { nbf: -1 }, ['credential.claims']],
    ['HAIP-N01', 'x5c empty', { x5c: [] }, {}, ['credential.chain']],
    ['HAIP-N02', 'no x5c', { x5c: undefined }, {}, ['credential.header']],
    ['HAIP-N05', 'another status', {}, { status: { other: {} } }, ['credential.claims']],
    [
      'HAIP-N05',
      'two kinds of status',
      {},
      { status: { status_list: { idx: 1, uri: 'https://a.example' }, other: {} } },
      ['credential.claims'],
    ],
    ['HAIP-N05', 'status as string', {}, { status: 'valid' }, ['credential.claims']],
    ['SDJ-I13', 'sub as number', {}, { sub: 1 }, ['credential.claims']],
  ])('%s: %s', async (_, __, header, claims, failed) => {
    expect(await failures(await s.bind(await s.forge(header, claims)))).toEqual(failed)
  })

  it.each([
    ['negative', -1],
    ['a fraction', 1.5],
    ['a string', '7'],
    ['missing', undefined],
  ])('TSL-N02: an idx that is %s', async (_, idx) => {
    const status = { status_list: { idx, uri: 'https://issuer.example/status/1' } }
    expect(await failures(await s.bind(await s.forge({}, { status })))).toEqual([
      'credential.claims',
    ])
  })

  it.each<[string, { kid?: string; jwk?: object }]>([
    ['without jwk', { kid: 'k' }],
    ['with a private key', { jwk: { d: 'AAAA' } }],
    ['on another curve', { jwk: { crv: 'P-384' } }],
  ])('HAIP-N05: cnf %s', async (_, cnf) => {
    const changed = cnf.jwk ? { jwk: { ...s.jwk, ...cnf.jwk } } : cnf
    expect(await failures(await s.bind(await s.forge({}, { cnf: changed })))).toEqual([
      'credential.claims',
      'key_binding.signature',
    ])
  })

  it('SDJ-N13: no cnf while key binding is asked for', async () => {
    expect(await failures(await s.bind(await s.forge({}, { cnf: undefined })))).toEqual([
      'key_binding.signature',
    ])
  })

  it.each(['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'aka_vcts', 'status'])(
    'VC-N03: %s by disclosure',
    async (name) => {
      const values: JsonObject = { ...s.draft.visible, 'vct#integrity': 'sha256-', aka_vcts: ['b'] }
      const { disclosure, digest } = await disclosureOf(name, values[name] ?? null)
      const sent = await s.forge({}, { [name]: undefined, _sd: [digest] })
      const alone = `${sent.slice(0, sent.indexOf('~'))}~${disclosure}~`
      expect(await failures(await s.bind(alone))).toContain('credential.claims')
    },
  )

  it.each([
    ['http', 'http://issuer.example/vn'],
    ['a query', 'https://issuer.example/vn?a=b'],
    ['an empty query', 'https://issuer.example/vn?'],
    ['a fragment', 'https://issuer.example/vn#a'],
    ['a name and password', 'https://a:b@issuer.example/vn'],
    ['a name', 'https://a@issuer.example/vn'],
    ['a backslash', 'https:\\\\issuer.example\\vn'],
    ['no slashes', 'https:issuer.example/vn'],
    ['a space before', ' https://issuer.example/vn'],
    ['a line break inside', 'https://issuer.example/\nvn'],
    ['capitals', 'HTTPS://issuer.example/vn'],
    ['loopback', 'https://127.0.0.1/vn'],
    ['loopback as one number', 'https://2130706433/vn'],
    ['loopback of IPv6', 'https://[::1]/vn'],
    ['a private network', 'https://10.0.0.1/vn'],
    ['link-local', 'https://169.254.169.254/vn'],
  ])('VC-N07: iss with %s', async (_, iss) => {
    expect(await failures(await s.bind(await s.forge({}, { iss })))).toContain('credential.claims')
  })

  it('VC-N03: a part of cnf by disclosure', async () => {
    const cnf = { jwk: s.jwk, _sd: ['digest-of-something-withheld'] }
    expect(await failures(await s.bind(await s.forge({}, { cnf })))).toEqual(['credential.claims'])
  })

  it('SDJ-N02: a signature of somebody else', async () => {
    const other = await scene()
    const [jwt = '', ...rest] = s.credential.split('~')
    const signature = other.credential.split('~')[0]?.split('.')[2]
    const mixed = [[...jwt.split('.').slice(0, 2), signature].join('.'), ...rest].join('~')
    expect(await failures(await s.bind(mixed))).toEqual(['credential.signature'])
  })

  it('VC-N05: a chain to an anchor that is not ours', async () => {
    const stranger = await certifiedSigner(issuerId)
    expect(await failures(await s.bind(s.credential), { anchors: [stranger.anchor] })).toEqual([
      'credential.chain',
    ])
  })

  it('VC-N05: x5c of another issuer than the one who signed', async () => {
    const stranger = await certifiedSigner(issuerId)
    const text = await s.forge({ x5c: stranger.x5c })
    expect(await failures(await s.bind(text), { anchors: [stranger.anchor] })).toEqual([
      'credential.signature',
    ])
  })

  it('judges all that can be judged: a bad chain hides neither expiry nor nonce', async () => {
    const root = await authority('Unrelated')
    const text = await s.bind(await s.forge({}, { exp: now - 1 }), { nonce: 'other' })
    const anchors = [{ id: 'x', certificate: root.der }]
    expect(await failures(text, { anchors })).toEqual([
      'credential.chain',
      'credential.validity',
      'key_binding.nonce',
    ])
  })

  it.each<[string, (text: string) => string]>([
    ['nothing', () => ''],
    ['no tilde', (text) => text.slice(0, text.indexOf('~'))],
    ['an empty part', (text) => text.replace('~', '~~')],
    ['a payload that is an array', () => 'eyJhbGciOiJFUzI1NiJ9.W10.AA~'],
    ['a claim named twice', () => `eyJhbGciOiJFUzI1NiJ9.${btoa('{"exp":1,"exp":2}')}.AA~`],
    ['an unknown critical header', () => `${btoa('{"alg":"ES256","crit":["a"]}')}.e30.AA~`],
  ])(
    'SDJ-N17: what cannot be read fails one check, and the others are skipped: %s',
    async (_, change) => {
      expect(await failures(change(s.credential))).toEqual(['credential.format'])
    },
  )

  it('never quotes a claim value in a detail', async () => {
    const text = await s.bind(await s.forge({}, { vct: ['SECRET'], iss: 'SECRET', exp: 'SECRET' }))
    const { findings } = await verifySdJwtVc(text, s.policy)
    expect(JSON.stringify(findings)).not.toMatch(/SECRET|An"|Nguyễn|Huế/)
  })
})
