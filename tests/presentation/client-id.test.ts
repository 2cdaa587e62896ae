import { describe, expect, it } from 'vitest'
import { clientIdOf, isSigned, speaksFor } from '../../src/presentation/client-id.ts'

const access = { purpose: 'access:bank', x5c: ['leaf'], hash: 'H', hosts: ['gate.example'] }
const terms = {
  access,
  origin: 'https://gate.example:8443',
  responseUri: 'https://gate.example:8443/presentations/0r_x/response',
  env: 'sandbox' as const,
}

describe('a client is known', () => {
  it.each([
    ['x509_hash', 'x509_hash:H', true],
    ['x509_san_dns', 'x509_san_dns:gate.example', true],
    ['redirect_uri', `redirect_uri:${terms.responseUri}`, false],
  ])('by %s (VP-V07, VP-V08)', (prefix, clientId, signed) => {
    expect(clientIdOf(prefix, terms)).toEqual({ ok: true, value: clientId })
    expect(isSigned(clientId)).toBe(signed)
    expect(speaksFor(access, clientId)).toBe(signed)
  })
})

describe('a client is not known', () => {
  it.each<[string, string, object, RegExp]>([
    ['by a host name that its certificate lacks', 'x509_san_dns', { hosts: [] }, /npm run keys/],
    ['by the host name of another', 'x509_san_dns', { hosts: ['a.gate.example'] }, /x509_hash/],
    ['by what we do not offer', 'decentralized_identifier', {}, /Use one of them/],
    ['by what is reserved', 'origin', {}, /Use one of them/],
  ])('%s', (_, prefix, change, why) => {
    expect(clientIdOf(prefix, { ...terms, access: { ...access, ...change } })).toEqual({
      ok: false,
      error: expect.stringMatching(why),
    })
  })

  it('by its address alone in production, where every request is signed', () => {
    expect(clientIdOf('redirect_uri', { ...terms, env: 'production' })).toEqual({
      ok: false,
      error: expect.stringMatching(/nothing can be signed/),
    })
  })

  it('by a key that has another hash and other names', () => {
    for (const id of ['x509_hash:h', 'x509_san_dns:other.example', 'H', 'gate.example']) {
      expect(speaksFor(access, id)).toBe(false)
    }
  })
})
