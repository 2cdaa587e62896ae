import type { JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { cryptography } from '../../src/credential/crypto.ts'
import { type EcPublicJwk, pointOf } from '../../src/credential/jwk.ts'
import { type Jws, parseJws, signJws, verifyJws } from '../../src/credential/jws.ts'
import { signer, signWith } from '../support/certificates.ts'
import { isSignedBy } from '../support/is-signed-by.ts'

const encode = (text: string) => encodeBase64url(new TextEncoder().encode(text))

let publicJwk: JWK
let privateJwk: JWK
let sign: ReturnType<typeof signWith>

beforeAll(async () => {
  const { keys } = await signer('Somebody')
  sign = signWith(keys)
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', keys.privateKey)
  publicJwk = { kty, crv, x, y } as JWK
  privateJwk = { ...publicJwk, d } as JWK
})

/** A JWS over any header text, truly signed. */
async function signed(header: string): Promise<string> {
  const input = `${encode(header)}.${encode('{}')}`
  return `${input}.${encodeBase64url(await sign(new TextEncoder().encode(input)))}`
}
const verify = (compact: string, key: JWK = publicJwk) => isSignedBy(parseJws(compact), key)

describe('signJws', () => {
  it('makes what verifyJws accepts, by JWK and by a key made ready', async () => {
    const compact = await signJws({ typ: 'test' }, { hello: 'world' }, sign)
    expect(await verify(compact)).toBe(true)
    const jws = parseJws(compact)
    const key = await cryptography().verifyingKey('P-256', pointOf(publicJwk as EcPublicJwk))
    expect(jws && key && (await verifyJws(jws, key))).toBe(true)
  })

  it('says ES256 whatever the header brings (SDJ-I01)', async () => {
    const compact = await signJws({ alg: 'none' }, 'text', sign)
    expect(parseJws(compact)?.header.alg).toBe('ES256')
    expect(new TextDecoder().decode(parseJws(compact)?.payload)).toBe('text')
  })
})

describe('parseJws', () => {
  it.each([
    ['two parts', 'e30.e30'],
    ['four parts', 'e30.e30.e30.e30'],
    ['the five parts of a JWE', 'e30.e30.e30.e30.e30'],
    ['padding', 'e30=.e30.e30'],
    ['a header that is no object', `${encode('[]')}.e30.e30`],
    ['a header member twice', `${encode('{"alg":"none","alg":"ES256"}')}.e30.e30`],
    ['crit', `${encode('{"alg":"ES256","crit":["exp"],"exp":1}')}.e30.e30`],
    ['an empty crit', `${encode('{"alg":"ES256","crit":[]}')}.e30.e30`],
    ['b64', `${encode('{"alg":"ES256","b64":false}')}.e30.e30`],
    ['a line break', 'e30.e30.e30\n'],
  ])('refuses %s', (_, compact) => {
    expect(parseJws(compact)).toBeUndefined()
  })
})

describe('verifyJws', () => {
  it('accepts the key alone, and with members that agree', async () => {
    const compact = await signed('{"alg":"ES256"}')
    expect(await verify(compact)).toBe(true)
    expect(await verify(compact, { ...publicJwk, use: 'sig', alg: 'ES256', kid: '1' })).toBe(true)
  })

  it.each(['none', 'HS256', 'ES384', 'es256', ''])('refuses alg %j (SDJ-N01)', async (alg) => {
    expect(await verify(await signed(JSON.stringify({ alg })))).toBe(false)
  })

  it('refuses a header without alg (SDJ-N01)', async () => {
    expect(await verify(await signed('{}'))).toBe(false)
  })

  it.each<[string, (jws: Jws) => Jws]>([
    ['no signature', (jws) => ({ ...jws, signature: new Uint8Array() })],
    ['63 bytes', (jws) => ({ ...jws, signature: jws.signature.slice(0, 63) })],
    ['65 bytes', (jws) => ({ ...jws, signature: Uint8Array.from([...jws.signature, 0]) })],
    ['all zeros', (jws) => ({ ...jws, signature: new Uint8Array(64) })],
    ['another input', (jws) => ({ ...jws, signingInput: jws.signingInput.slice(1) })],
  ])('refuses %s (SDJ-N02)', async (_, change) => {
    const jws = parseJws(await signed('{"alg":"ES256"}'))
    expect(jws && (await isSignedBy(change(jws), publicJwk))).toBe(false)
  })

  it.each<[string, () => JWK]>([
    ['a private key', () => privateJwk],
    ['a key for encryption', () => ({ ...publicJwk, use: 'enc' })],
    ['a key for another algorithm', () => ({ ...publicJwk, alg: 'ES384' })],
    ['a key on another curve', () => ({ ...publicJwk, crv: 'P-384' })],
    ['a secret', () => ({ kty: 'oct', k: 'AAAA' })],
    ['a point off the curve', () => ({ ...publicJwk, y: publicJwk.x ?? '' })],
    ['a coordinate of 31 bytes', () => ({ ...publicJwk, x: (publicJwk.x ?? '').slice(0, 42) })],
  ])('refuses %s', async (_, key) => {
    expect(await verify(await signed('{"alg":"ES256"}'), key())).toBe(false)
  })
})
