import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { digestText } from '../../src/credential/digest.ts'
import type { Json, JsonObject } from '../../src/credential/json.ts'
import { parseSdJwt, revealClaims, revealDisclosures } from '../../src/credential/sd-jwt.ts'

const utf8 = new TextEncoder()
const disclose = (...parts: Json[]) => encodeBase64url(utf8.encode(JSON.stringify(parts)))
/** A JWS in shape alone: `{"alg":"ES256"}`, `{}`, one byte. */
const jws = 'eyJhbGciOiJFUzI1NiJ9.e30.AA'

describe('parseSdJwt', () => {
  it('takes an SD-JWT apart', () => {
    const parsed = parseSdJwt(`${jws}~WyJhIl0~WyJiIl0~`)
    expect(parsed.ok && parsed.value).toMatchObject({
      issuerJwt: jws,
      disclosures: ['WyJhIl0', 'WyJiIl0'],
      bytes: utf8.encode(`${jws}~WyJhIl0~WyJiIl0~`),
    })
    expect(parsed.ok && 'kbJwt' in parsed.value).toBe(false)
  })

  it('takes what follows the last tilde for a KB-JWT (SDJ-V02)', () => {
    const parsed = parseSdJwt(`${jws}~WyJhIl0~a.b.c`)
    expect(parsed.ok && parsed.value).toMatchObject({
      kbJwt: 'a.b.c',
      bytes: utf8.encode(`${jws}~WyJhIl0~a.b.c`),
    })
  })

  it.each([
    ['SDJ-N17', 'no tilde at the end', jws],
    ['SDJ-N17', 'an empty part between two tildes', `${jws}~~`],
    ['SDJ-N17', 'an empty part before the KB-JWT', `${jws}~WyJhIl0~~a.b.c`],
    ['SDJ-N17', 'a space in a part', `${jws}~ WyJhIl0~`],
    ['SDJ-N17', 'a line break in a part', `${jws}~WyJhIl0\n~`],
    ['SDJ-N17', 'nothing before the first tilde', '~'],
    ['SDJ-N06', 'padding in a disclosure', `${jws}~WyJhIl0=~`],
    ['bounds', 'more than 500 disclosures', `${jws}~${'WyJhIl0~'.repeat(501)}`],
    ['bounds', 'more than 256 KiB', `${jws}~${'A'.repeat(262_144)}~`],
  ])('%s: refuses %s', (_, __, text) => {
    expect(parseSdJwt(text).ok).toBe(false)
  })
})

const alice = disclose('salt-1', 'given_name', 'Alice')
const element = disclose('salt-2', 'VN')
const address = async () => {
  const country = disclose('salt-3', 'country', 'VN')
  return { country, parent: disclose('salt-4', 'address', { _sd: [await digestText(country)] }) }
}

describe('revealDisclosures', () => {
  it('says for each disclosure where its claim stands, in the order given', async () => {
    const { country, parent } = await address()
    const payload: JsonObject = {
      vct: 't',
      _sd: [await digestText(alice), await digestText(parent), 'a-decoy'],
      nationalities: ['LA', { '...': 'withheld' }, { '...': await digestText(element) }],
    }
    const revealed = await revealDisclosures(payload, [country, element, alice, parent])
    expect(revealed).toEqual({
      ok: true,
      value: {
        claims: {
          vct: 't',
          given_name: 'Alice',
          address: { country: 'VN' },
          nationalities: ['LA', 'VN'],
        },
        paths: [['address', 'country'], ['nationalities', 1], ['given_name'], ['address']],
      },
    })
  })

  it('takes __proto__ for a name like any other', async () => {
    const odd = disclose('salt', '__proto__', { admin: true })
    const revealed = await revealClaims({ _sd: [await digestText(odd)] }, [odd])
    expect(revealed.ok && Object.keys(revealed.value)).toEqual(['__proto__'])
    expect(revealed.ok && revealed.value.admin).toBeUndefined()
  })

  const because: Record<string, RegExp> = {
    'SDJ-N03': /needs a digest/,
    'SDJ-N04': /needs a digest/,
    'SDJ-N05': /sent twice|occur twice/,
    'SDJ-N06': /disclosure is base64url|^The salt|has a name/,
    'SDJ-N07': /has a name, and not/,
    'SDJ-N08': /may not replace/,
    'SDJ-N09': /names its claim|has no name/,
    'SDJ-N10': /_sd_alg/,
    'SDJ-I05': /_sd is|digest is|three dots/,
  }

  type Case = [id: string, what: string, payload: (d: string) => JsonObject, ...sent: string[]]
  it.each<Case>([
    [
      'SDJ-N03',
      'an altered value',
      (d) => ({ _sd: [d] }),
      disclose('salt-1', 'given_name', 'Bob'),
      alice,
    ],
    ['SDJ-N04', 'a disclosure nobody called for', () => ({ _sd: ['decoy'] }), alice],
    ['SDJ-N05', 'a disclosure sent twice', (d) => ({ _sd: [d] }), alice, alice],
    ['SDJ-N05', 'a digest twice in one _sd', (d) => ({ _sd: [d, d] }), alice],
    ['SDJ-N05', 'a decoy twice', (d) => ({ _sd: [d, 'x', 'x'] }), alice],
    [
      'SDJ-N05',
      'a digest twice at different levels',
      (d) => ({ _sd: [d], a: { _sd: [d] } }),
      alice,
    ],
    [
      'SDJ-N05',
      'a digest in two arrays',
      (d) => ({ a: [{ '...': d }], b: [{ '...': d }] }),
      element,
    ],
    ['SDJ-N06', 'one element', (d) => ({ _sd: [d] }), disclose('salt')],
    ['SDJ-N06', 'four elements', (d) => ({ _sd: [d] }), disclose('salt', 'a', 1, 2)],
    ['SDJ-N06', 'an object', (d) => ({ _sd: [d] }), encodeBase64url(Buffer.from('{"a":1}'))],
    ['SDJ-N06', 'no JSON', (d) => ({ _sd: [d] }), encodeBase64url(Buffer.from('["s","n",'))],
    [
      'SDJ-N06',
      'no UTF-8',
      (d) => ({ _sd: [d] }),
      encodeBase64url(Buffer.from([0x5b, 0xff, 0x5d])),
    ],
    ['SDJ-N06', 'no base64url', (d) => ({ _sd: [d] }), `${alice}A`],
    ['SDJ-N06', 'a salt that is no string', (d) => ({ _sd: [d] }), disclose(1, 'a', 1)],
    ['SDJ-N06', 'a name that is no string', (d) => ({ _sd: [d] }), disclose('salt', 1, 1)],
    ['SDJ-N07', 'a claim called _sd', (d) => ({ _sd: [d] }), disclose('salt', '_sd', ['x'])],
    ['SDJ-N07', 'a claim called ...', (d) => ({ _sd: [d] }), disclose('salt', '...', 'x')],
    ['SDJ-N08', 'a claim signed in the open', (d) => ({ given_name: 'B', _sd: [d] }), alice],
    ['SDJ-N09', 'an array element in _sd', (d) => ({ _sd: [d] }), element],
    ['SDJ-N09', 'a named claim in an array', (d) => ({ a: [{ '...': d }] }), alice],
    ['SDJ-N10', 'md5', (d) => ({ _sd: [d], _sd_alg: 'md5' }), alice],
    ['SDJ-N10', 'sha-1', (d) => ({ _sd: [d], _sd_alg: 'sha-1' }), alice],
    ['SDJ-N10', 'SHA-256 in capitals', (d) => ({ _sd: [d], _sd_alg: 'SHA-256' }), alice],
    ['SDJ-N10', '_sd_alg null', (d) => ({ _sd: [d], _sd_alg: null }), alice],
    ['SDJ-N10', '_sd_alg below the top', (d) => ({ _sd: [d], a: { _sd_alg: 'sha-256' } }), alice],
    ['SDJ-N10', '_sd_alg disclosed', (d) => ({ _sd: [d] }), disclose('salt', '_sd_alg', 'md5')],
    ['SDJ-I05', '_sd that is no array', (d) => ({ _sd: d }), alice],
    ['SDJ-I05', 'a digest that is no string', (d) => ({ _sd: [d, 1] }), alice],
    ['SDJ-I05', 'three dots outside an array', (d) => ({ _sd: [d], a: { '...': 'x' } }), alice],
    ['SDJ-I05', 'company for the dots', (d) => ({ _sd: [d], a: [{ '...': 'x', b: 1 }] }), alice],
  ])('%s: refuses %s', async (id, _, payload, ...sent) => {
    const digest = await digestText(sent.at(-1) ?? '')
    const revealed = await revealClaims(payload(digest), sent)
    expect(revealed.ok || revealed.error).toMatch(because[id] ?? 'no such line')
  })

  it('SDJ-V04: asks for the algorithm before it looks at any disclosure', async () => {
    const revealed = await revealClaims({ _sd_alg: 'md5' }, ['no disclosure at all'])
    expect(revealed.ok || revealed.error).toMatch(/_sd_alg/)
  })

  it('SDJ-N04: refuses a child without its parent', async () => {
    const { country, parent } = await address()
    const payload = { _sd: [await digestText(parent)] }
    expect((await revealClaims(payload, [country])).ok).toBe(false)
    expect((await revealClaims(payload, [parent, country])).ok).toBe(true)
  })

  it('SDJ-N08: refuses two disclosures of one name', async () => {
    const bob = disclose('salt-5', 'given_name', 'Bob')
    const payload = { _sd: [await digestText(alice), await digestText(bob)] }
    expect((await revealClaims(payload, [alice, bob])).ok).toBe(false)
  })

  it('bounds how deep disclosures within disclosures may go', async () => {
    let child = disclose('salt', 'leaf', 1)
    const sent = [child]
    for (let i = 0; i < 40; i++) {
      child = disclose('salt', `n${i}`, { _sd: [await digestText(child)] })
      sent.push(child)
    }
    expect((await revealClaims({ _sd: [await digestText(child)] }, sent)).ok).toBe(false)
  })
})
