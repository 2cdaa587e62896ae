import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import type { Json } from '../../src/credential/json.ts'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { certifiedSigner } from '../support/certificates.ts'
import { disclosureOf, now, type Scene, scene } from './scene.ts'

let s: Scene
beforeAll(async () => {
  s = await scene()
})

/** The checks that failed, none of which may take long: what is not bounded here takes minutes. */
async function failures(text: string): Promise<string[]> {
  const started = performance.now()
  const { findings, credential } = await verifySdJwtVc(text, s.policy)
  expect(performance.now() - started).toBeLessThan(2000)
  expect(credential).toBeUndefined()
  return findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
}

/** The credential with a digest for each of some texts, sent as disclosures. */
async function sending(...texts: string[]): Promise<string> {
  const digests = await Promise.all(texts.map(async (text) => digestOf(text)))
  const [jwt] = (await s.forge({}, { _sd: digests })).split('~')
  return s.bind(`${jwt}~${texts.map((text) => `${text}~`).join('')}`)
}
const digestOf = async (text: string) =>
  encodeBase64url(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  )
const encode = (value: Json) => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))

describe('is refused in bounded time, by a named check:', () => {
  it('a key binding JWT of 1 MB', async () => {
    const text = await s.bind(s.credential, { padding: 'x'.repeat(1_000_000) })
    expect(await failures(text)).toEqual(['credential.format'])
  })

  it('10,000 disclosures, each of which the issuer signed', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => encode([`${i}`, `n${i}`, i]))
    expect(await failures(await sending(...many))).toEqual(['credential.format'])
  })

  it('10,000 tildes, and a million', async () => {
    const [jwt] = s.credential.split('~')
    expect(await failures(jwt + '~'.repeat(10_000))).toEqual(['credential.format'])
    expect(await failures(jwt + '~'.repeat(1_000_000))).toEqual(['credential.format'])
  })

  it('a payload that nests a thousand deep', async () => {
    let deep: unknown = 1
    for (let i = 0; i < 1000; i++) deep = [deep]
    expect(await failures(await s.bind(await s.forge({}, { deep })))).toEqual(['credential.format'])
  })

  it('500 disclosures that lie in each other', async () => {
    let inner = await disclosureOf('leaf', 1)
    const sent = [inner.disclosure]
    for (let i = 1; i < 500; i++) {
      inner = await disclosureOf(`n${i}`, { _sd: [inner.digest] })
      sent.push(inner.disclosure)
    }
    const [jwt] = (await s.forge({}, { _sd: [inner.digest] })).split('~')
    expect(await failures(await s.bind(`${jwt}~${sent.join('~')}~`))).toEqual([
      'credential.disclosures',
    ])
  })

  it('a chain of disclosures, each of which calls for the next one twice', async () => {
    let value: Json = 'leaf'
    const sent: string[] = []
    for (let i = 0; i < 31; i++) {
      const text = encode([`${i}`, value])
      const digest = await digestOf(text)
      value = [{ '...': digest }, { '...': digest }]
      sent.push(text)
    }
    const [jwt] = (await s.forge({}, { languages: value })).split('~')
    expect(await failures(await s.bind(`${jwt}~${sent.join('~')}~`))).toEqual([
      'credential.disclosures',
    ])
  })

  it('a chain of a thousand certificates', async () => {
    const x5c = Array.from({ length: 1000 }, () => 'MIIB')
    expect(await failures(await s.bind(await s.forge({ x5c })))).toEqual(['credential.chain'])
  })

  it.each<[string, Json]>([
    ['an object', { salt: 'a', name: 'b', value: 1 }],
    ['a text', 'salt, name, value'],
    ['a number', 3],
    ['null', null],
    ['true', true],
    ['an empty array', []],
    ['an array in an array', [['salt', 'name', 1]]],
  ])('SDJ-N06: a disclosure that is JSON, but %s', async (_, value) => {
    expect(await failures(await sending(encode(value)))).toEqual(['credential.disclosures'])
  })

  it.each([
    ['a year ahead', 365 * 86_400],
    ['eleven seconds ahead', 11],
    ['a year behind', -365 * 86_400],
    ['five minutes and a second behind', -301],
    ['as far as numbers go', 1.7e308],
    ['as far back as numbers go', -1.7e308],
  ])('SDJ-N15: a clock %s', async (_, ahead) => {
    const text = await s.bind(s.credential, { iat: now + ahead })
    expect(await failures(text)).toEqual(['key_binding.time'])
  })
})

it.each([0, 10, -300])('SDJ-V07: a clock %d seconds ahead is tolerated', async (ahead) => {
  const text = await s.bind(s.credential, { iat: now + ahead })
  expect((await verifySdJwtVc(text, s.policy)).credential).toBeDefined()
})

it('500 disclosures that all belong are read', async () => {
  const many = Array.from({ length: 500 }, (_, i) => encode([`${i}`, `n${i}`, i]))
  const { credential } = await verifySdJwtVc(await sending(...many), s.policy)
  expect(credential?.disclosed).toHaveLength(500)
})

it('ten thousand values are read, and not one more', async () => {
  const elements = (n: number) => encode(['salt', 'many', Array.from({ length: n }, () => 1)])
  const { credential } = await verifySdJwtVc(await sending(elements(9900)), s.policy)
  expect(credential?.disclosed).toHaveLength(1)
  expect(await failures(await sending(elements(10_000)))).toContain('credential.disclosures')
})

it('a chain too long to remember is followed each time all the same', async () => {
  const names = Array.from({ length: 180 }, (_, i) => ({
    type: 'dns' as const,
    value: `host-${i}.of.a.very.long.name.example`,
  }))
  const issuer = await certifiedSigner('https://issuer.example/vn', { names })
  expect(JSON.stringify(issuer.x5c).length).toBeGreaterThan(10_000)
  const { forge, bind, policy } = await scene(issuer)
  const text = await bind(await forge({}, { iss: 'https://host-7.of.a.very.long.name.example' }))
  for (let i = 0; i < 2; i++) {
    const { credential } = await verifySdJwtVc(text, { ...policy, anchors: [issuer.anchor] })
    expect(credential?.anchor).toBe('anchor-root')
  }
})
