import { base64url } from 'jose'
import { describe, expect, it } from 'vitest'
import { verifyDpopProof } from '../../src/issuance/dpop.ts'
import { dpopProof, holderKey, seconds, start, vnIssuer } from '../support/issuance.ts'

const url = `${vnIssuer}/token`
const at = seconds(start)

const verify = (proof: string) => verifyDpopProof(proof, { method: 'POST', url }, start)

describe('verifyDpopProof', () => {
  it.each<[string, object]>([
    ['as it should be', {}],
    ['with a query and a fragment in htu', { htu: `${url}?a=b#c` }],
    ['with an upper-case host in htu', { htu: url.replace('localhost', 'LOCALHOST') }],
    ['made ten seconds ago', { iat: at - 10 }],
    ['made in ten seconds', { iat: at + 10 }],
    ['made five minutes ago', { iat: at - 300 }],
    ['with claims that we do not know', { unheard_of: true }],
    ['with a time of its own that is not over', { nbf: at - 5, exp: at + 5 }],
  ])('accepts a proof %s', async (_, claims) => {
    const proof = await dpopProof(await holderKey(), claims as Record<string, unknown>)
    expect((await verify(proof)).ok).toBe(true)
  })

  it('names the default port or not, as RFC 3986 has it', async () => {
    const proof = await dpopProof(await holderKey(), { htu: 'https://issuer.example:443/token' })
    const request = { method: 'POST', url: 'https://issuer.example/token' }
    expect((await verifyDpopProof(proof, request, start)).ok).toBe(true)
  })

  it.each<[string, object, object]>([
    ['without typ', {}, { typ: undefined }],
    ['of another typ', {}, { typ: 'JWT' }],
    ['without jwk', {}, { jwk: undefined }],
    ['without jti', { jti: undefined }, {}],
    ['with an empty jti', { jti: '' }, {}],
    ['without htm', { htm: undefined }, {}],
    ['with another htm', { htm: 'GET' }, {}],
    ['without htu', { htu: undefined }, {}],
    ['with another path in htu', { htu: `${vnIssuer}/credential` }, {}],
    ['with another host in htu', { htu: url.replace('localhost', 'localhost.example') }, {}],
    ['with an htu that is no URL', { htu: '/token' }, {}],
    ['without iat', { iat: undefined }, {}],
    ['with an iat that is no number', { iat: String(at) }, {}],
    ['of an hour ago', { iat: at - 3600 }, {}],
    ['of the next hour', { iat: at + 3600 }, {}],
    ['that has expired', { exp: at - 61 }, {}],
    ['that is not valid yet', { nbf: at + 61 }, {}],
  ])('refuses a proof %s', async (_, claims, header) => {
    const proof = await dpopProof(
      await holderKey(),
      claims as Record<string, unknown>,
      header as Record<string, unknown>,
    )
    expect((await verify(proof)).ok).toBe(false)
  })

  it('refuses a key with its private half, alg none, another key, two proofs, and nonsense', async () => {
    const [key, thief] = [await holderKey(), await holderKey()]
    const proof = await dpopProof(key)
    const withHeader = (change: object) => {
      const [, payload, signature] = proof.split('.')
      const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicJwk, ...change }
      return [base64url.encode(JSON.stringify(header)), payload, signature].join('.')
    }
    const bad = [
      withHeader({ jwk: { ...key.publicJwk, d: key.publicJwk.x } }),
      withHeader({ alg: 'none' }),
      withHeader({ alg: 'RS256' }),
      withHeader({ jwk: thief.publicJwk }),
      `${proof}, ${proof}`,
      'x',
      '',
    ]
    for (const text of bad) expect((await verify(text)).ok).toBe(false)
    expect((await verify(proof)).ok).toBe(true)
  })

  it('tells apart what one key signs, and the same jti by two keys', async () => {
    const [key, other] = [await holderKey(), await holderKey()]
    const ids = []
    for (const [signer, jti] of [
      [key, 'a'],
      [key, 'a'],
      [key, 'b'],
      [other, 'a'],
    ] as const) {
      const verified = await verify(await dpopProof(signer, { jti }))
      ids.push(verified.ok && JSON.stringify(verified.value))
    }
    expect(ids[0]).toBe(ids[1])
    expect(new Set(ids).size).toBe(3)
  })
})
