import { generalVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import type { Json } from '../../src/credential/json.ts'
import type { EcPublicJwk } from '../../src/credential/jwk.ts'
import { parseJws, signJws, verifyJws } from '../../src/credential/jws.ts'
import { type JwsJson, parseJwsJson, signJwsJson } from '../../src/credential/jws-json.ts'
import { signer, signWith } from '../support/certificates.ts'

let jwk: EcPublicJwk
let sign: ReturnType<typeof signWith>
let jws: JwsJson
beforeAll(async () => {
  const { keys } = await signer('Somebody')
  sign = signWith(keys)
  jwk = (await crypto.subtle.exportKey('jwk', keys.publicKey)) as EcPublicJwk
  jws = await signJwsJson([{ client_id: 'a' }, { client_id: 'b' }], { nonce: 'n' }, sign)
})

describe('a payload is signed under several headers (RFC 7515 7.2.1)', () => {
  it('each of which can be verified by itself', async () => {
    const parsed = parseJwsJson(jws) ?? []
    expect(parsed.map(({ header }) => header)).toEqual([
      { client_id: 'a', alg: 'ES256' },
      { client_id: 'b', alg: 'ES256' },
    ])
    for (const each of parsed) expect(await verifyJws(each, jwk)).toBe(true)
    expect(parsed[0]?.payload).toEqual(parsed[1]?.payload)
  })

  it('as others read it', async () => {
    const { payload } = await generalVerify(jws, jwk)
    expect(new TextDecoder().decode(payload)).toBe('{"nonce":"n"}')
  })

  it('none of which goes with another payload', async () => {
    const other = parseJws(await signJws({}, { nonce: 'm' }, sign))
    const payload = encodeBase64url(other?.payload ?? new Uint8Array())
    for (const each of parseJwsJson({ ...jws, payload }) ?? []) {
      expect(await verifyJws(each, jwk)).toBe(false)
    }
  })
})

describe('what is no such JWS is not read', () => {
  it.each<[string, (jws: JwsJson) => Json | undefined]>([
    ['nothing', () => undefined],
    ['a compact one', ({ payload }) => `e30.${payload}.e30`],
    ['a list', (whole) => [whole]],
    ['no payload', ({ signatures }) => ({ signatures })],
    ['no signatures', ({ payload }) => ({ payload })],
    ['an empty list of them', (whole) => ({ ...whole, signatures: [] })],
    ['more than anybody needs', (whole) => ({ ...whole, signatures: repeat(whole, 9) })],
    ['the flattened form', ({ payload, signatures: [one] }) => ({ payload, ...one })],
    ['a signature that is text', (whole) => ({ ...whole, signatures: ['x'] })],
    [
      'a header that nobody signed',
      (whole) => ({ ...whole, signatures: [{ ...first(whole), header: { client_id: 'evil' } }] }),
    ],
    [
      'one that asks for more than we know',
      ({ payload }) => ({
        payload,
        signatures: [{ protected: btoa('{"alg":"ES256","crit":["x"],"x":1}'), signature: 'e30' }],
      }),
    ],
    [
      'one good signature beside a broken one',
      (whole) => ({ ...whole, signatures: [first(whole), { protected: '', signature: '' }] }),
    ],
  ])('%s', (_, change) => {
    expect(parseJwsJson(change(jws))).toBeUndefined()
  })
})

const first = ({ signatures: [one] }: JwsJson) => ({ protected: '', signature: '', ...one })
const repeat = (whole: JwsJson, times: number) => Array.from({ length: times }, () => first(whole))
