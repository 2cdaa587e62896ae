import { describe, expect, it } from 'vitest'
import { ecPublicJwk } from '../../src/credential/jwk.ts'

/** The key of RFC 7515 A.3. */
const key = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
}

describe('ecPublicJwk (RFC 7518 6.2.1)', () => {
  it('gives the key and nothing else', () => {
    expect(ecPublicJwk({ ...key, kid: '1', use: 'sig', alg: 'ES256' })).toEqual(key)
  })

  it.each([
    ['a coordinate of 31 bytes', { x: key.x.slice(0, -1) }],
    ['a coordinate of 33 bytes', { y: `${key.y}A` }],
    ['a coordinate with a stray bit at the end', { x: `${key.x.slice(0, -1)}V` }],
    ['a coordinate in base64', { y: key.y.replaceAll('_', '/') }],
    ['a coordinate with a line break', { y: `${key.y.slice(0, -1)}\n` }],
    ['no coordinate', { y: undefined }],
    ['another curve', { crv: 'P-384' }],
    ['another kind of key', { kty: 'OKP' }],
    ['a private key', { d: key.x }],
    ['a key for encryption', { use: 'enc' }],
    ['a key of another algorithm', { alg: 'ES384' }],
  ])('refuses %s', (_, change) => {
    expect(ecPublicJwk({ ...key, ...change })).toBeUndefined()
  })
})
