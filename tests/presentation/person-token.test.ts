import { base64url } from 'jose'
import { expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import { pairwiseToken } from '../../src/presentation/person-token.ts'

const secret = (purpose: string, kid: string, fill: number) => {
  const k = base64url.encode(new Uint8Array(32).fill(fill))
  return { purpose, kid, kty: 'oct', k }
}
const person = { issuer: 'https://i.example', token: 'raw', sector: 'https://rp.example' }
const tokenBy = (...keys: ReturnType<typeof secret>[]) =>
  pairwiseToken(jwkKeyRing({ keys }, cryptography()), person)

it('a pairwise token names the version of the key that made it', async () => {
  expect(await tokenBy(secret('secrets', 'first', 1))).toMatch(/^first\.[\w-]{43}$/)
  const pairwise = secret('pairwise', 'second', 2)
  expect(await tokenBy(secret('secrets', 'first', 1), pairwise)).toMatch(/^second\.[\w-]{43}$/)
})

it('a pairwise token outlives new keys for everything else', async () => {
  const before = await tokenBy(secret('secrets', 'first', 1))
  const others = ['person-token', 'response-encryption', 'nonce', 'sandbox']
  const replaced = others.map((purpose) => secret(purpose, purpose, 2))
  expect(await tokenBy(secret('secrets', 'first', 1), ...replaced)).toBe(before)
})

it.each(['issuer', 'token', 'sector'])('a pairwise token differs with the %s', async (name) => {
  const keys = jwkKeyRing({ keys: [secret('secrets', 'first', 1)] }, cryptography())
  const other = await pairwiseToken(keys, { ...person, [name]: 'another' })
  expect(other).not.toBe(await pairwiseToken(keys, person))
})
