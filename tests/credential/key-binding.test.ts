import { beforeAll, describe, expect, it } from 'vitest'
import { createKbJwt } from '../../src/credential/key-binding.ts'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { signer, signWith } from '../support/certificates.ts'
import { at, audience, nonce, now, type Scene, scene } from './scene.ts'

let s: Scene
beforeAll(async () => {
  s = await scene()
})

async function failures(
  text: string,
  keyBinding: Scene['policy']['keyBinding'] = { nonce, audience },
) {
  const { findings } = await verifySdJwtVc(text, { ...s.policy, keyBinding })
  return findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
}

describe('createKbJwt', () => {
  it('binds a credential so that the verifier it names accepts it', async () => {
    const kbJwt = await createKbJwt({ sdJwt: s.credential, nonce, audience, iat: at }, s.signHolder)
    expect(await failures(`${s.credential}${kbJwt}`)).toEqual([])
  })
})

describe('key binding is refused', () => {
  it('SDJ-N11: when it was stripped', async () => {
    expect(await failures(s.credential)).toEqual(['key_binding.present'])
  })

  it('SDJ-N11: when none was asked for', async () => {
    expect(await failures(await s.bind(s.credential), 'none')).toEqual(['key_binding.present'])
  })

  it.each(['a.b', 'e30.e30', 'e30.W10.AA', 'x'])('when it is %s', async (noise) => {
    expect(await failures(`${s.credential}${noise}`)).toEqual(['key_binding.present'])
  })

  it.each<[id: string, what: string, header: object, claims: object, failed: string[]]>([
    ['SDJ-N12', 'typ JWT', { typ: 'JWT' }, {}, ['key_binding.header']],
    ['SDJ-N12', 'typ dc+sd-jwt', { typ: 'dc+sd-jwt' }, {}, ['key_binding.header']],
    ['SDJ-N12', 'no typ', { typ: undefined }, {}, ['key_binding.header']],
    ['SDJ-N12', 'none', { alg: 'none' }, {}, ['key_binding.header', 'key_binding.signature']],
    ['SDJ-N12', 'HMAC', { alg: 'HS256' }, {}, ['key_binding.header', 'key_binding.signature']],
    ['SDJ-N14', 'another aud', {}, { aud: 'x509_hash:abd' }, ['key_binding.audience']],
    ['VP-N01', 'aud without prefix', {}, { aud: 'abc' }, ['key_binding.audience']],
    ['SDJ-N14', 'aud as array', {}, { aud: [audience] }, ['key_binding.audience']],
    ['SDJ-N14', 'no aud', {}, { aud: undefined }, ['key_binding.audience']],
    ['SDJ-N14', 'another nonce', {}, { nonce: 'other' }, ['key_binding.nonce']],
    ['SDJ-N14', 'no nonce', {}, { nonce: undefined }, ['key_binding.nonce']],
    ['SDJ-N14', 'nonce as array', {}, { nonce: [nonce] }, ['key_binding.nonce']],
    ['SDJ-N15', 'no iat', {}, { iat: undefined }, ['key_binding.time']],
    ['SDJ-N15', 'iat as string', {}, { iat: String(now) }, ['key_binding.time']],
    ['SDJ-N15', 'more than 5 min old', {}, { iat: now - 301 }, ['key_binding.time']],
    ['SDJ-N15', 'more than 10 s ahead', {}, { iat: now + 11 }, ['key_binding.time']],
    ['SDJ-N15', 'expired by its own exp', {}, { exp: now }, ['key_binding.time']],
    ['SDJ-N16', 'no sd_hash', {}, { sd_hash: undefined }, ['key_binding.sd_hash']],
    ['SDJ-N16', 'another sd_hash', {}, { sd_hash: 'AA' }, ['key_binding.sd_hash']],
  ])('%s: %s', async (_, __, header, claims, failed) => {
    const text = await s.bind(s.credential, { ...claims }, { ...header })
    expect(await failures(text)).toEqual(failed)
  })

  it('just inside the window it is not', async () => {
    expect(await failures(await s.bind(s.credential, { iat: now - 300 }))).toEqual([])
    expect(await failures(await s.bind(s.credential, { iat: now + 10 }))).toEqual([])
  })

  it('SDJ-N13: when another key than cnf.jwk signed', async () => {
    const thief = signWith((await signer('Thief')).keys)
    expect(await failures(await s.bind(s.credential, {}, {}, thief))).toEqual([
      'key_binding.signature',
    ])
  })

  it('SDJ-N13: even when it brings its own key', async () => {
    const { keys } = await signer('Thief')
    const jwk = await crypto.subtle.exportKey('jwk', keys.publicKey)
    expect(await failures(await s.bind(s.credential, {}, { jwk }, signWith(keys)))).toEqual([
      'key_binding.signature',
    ])
  })

  it.each<[string, (parts: string[]) => string[]]>([
    ['removed', ([jwt = '', , ...rest]) => [jwt, ...rest]],
    ['reordered', ([jwt = '', a = '', b = '', ...rest]) => [jwt, b, a, ...rest]],
  ])('SDJ-N16: when a disclosure is %s after signing', async (_, change) => {
    const text = await s.bind(s.credential)
    expect(await failures(change(text.split('~')).join('~'))).toEqual(['key_binding.sd_hash'])
  })

  it('SDJ-V08: but not by an order of disclosures that was bound', async () => {
    const [jwt = '', ...rest] = s.credential.split('~').slice(0, -1)
    const text = await s.bind(`${[jwt, ...rest.toReversed()].join('~')}~`)
    expect(await failures(text)).toEqual([])
  })

  it('SDJ-N16: when it is moved to another credential of the same holder', async () => {
    const kbJwt = (await s.bind(s.credential)).slice(s.credential.length)
    const other = await s.forge({}, { iat: now - 7200 })
    expect(await failures(`${other}${kbJwt}`)).toEqual(['key_binding.sd_hash'])
  })
})
