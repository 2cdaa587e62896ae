import { renderSVG } from 'uqr'
import { describe, expect, it } from 'vitest'
import {
  isAuthorizationEndpoint,
  requestByReference,
  requestByValue,
} from '../../src/presentation/authorization-request.ts'

describe('a wallet may be called', () => {
  it.each([
    'openid4vp://',
    'haip-vp://',
    'HAIP://',
    'mdoc-openid4vp://',
    'eudi-wallet://',
    'com.example.app://authorize',
    'https://wallet.example/authorize',
    `https://${'w'.repeat(492)}`,
  ])('at %s', (endpoint) => {
    expect(isAuthorizationEndpoint(endpoint)).toBe(true)
  })
})

describe('a wallet may not be called', () => {
  it.each([
    ['in the open', 'http://wallet.example'],
    ['by a script', 'javascript://%0aalert(1)'],
    ['by a script in capitals', 'JavaScript://%0aalert(1)'],
    ['by a file', 'file:///etc/passwd'],
    ['through the browser itself', 'view-source://wallet.example'],
    ['through the telephone', 'intent://wallet.example'],
    ['with a password', 'https://user:secret@wallet.example/'],
    ['by what is no URL', 'wallet'],
    ['with a query', 'https://wallet.example/?a=b'],
    ['with a fragment', 'https://wallet.example/#a'],
    ['with markup', 'https://wallet.example/"><script>'],
    ['with a backslash', 'https://wallet.example\\evil'],
    ['with a blank', 'https://wallet.example/a b'],
    ['with a line break', 'https://wallet.example/\n'],
    ['beyond ASCII', 'https://界.example'],
    ['at more than 500 characters', `https://${'w'.repeat(493)}`],
  ])('%s', (_, endpoint) => {
    expect(isAuthorizationEndpoint(endpoint)).toBe(false)
  })
})

describe('the link for a wallet', () => {
  const linkOf = (length: number) => {
    const short = 'openid4vp://?request_uri='
    return requestByReference('openid4vp://', { request_uri: 'u'.repeat(length - short.length) })
  }

  it('fits a QR code when it is as long as may be', () => {
    const link = linkOf(2000)
    expect(link).toMatchObject({ ok: true, value: expect.stringMatching(/^.{2000}$/) })
    expect(renderSVG(link.ok ? link.value : '')).toMatch(/^<svg /)
  })

  it('is refused when it is longer', () => {
    expect(linkOf(2001)).toMatchObject({ ok: false, error: expect.stringMatching(/QR code/) })
  })

  it('by value has text as it is and the rest as JSON, and fits a QR code when it is as long as may be', () => {
    const short = new URLSearchParams({ nonce: 'n', dcql_query: '{"a":[1]}', state: '' }).toString()
    const state = 's'.repeat(2953 - 'openid4vp://?'.length - short.length)
    const parameters = { nonce: 'n', dcql_query: { a: [1] }, state }
    const link = requestByValue('openid4vp://', parameters)
    const value = link.ok ? link.value : ''
    expect(value).toHaveLength(2953)
    expect(Object.fromEntries(new URL(value).searchParams)).toEqual({
      nonce: 'n',
      dcql_query: '{"a":[1]}',
      state,
    })
    expect(renderSVG(value)).toMatch(/^<svg /)
    expect(requestByValue('openid4vp://', { ...parameters, state: `${state}s` })).toMatchObject({
      ok: false,
      error: expect.stringMatching(/2954 bytes/),
    })
  })
})
