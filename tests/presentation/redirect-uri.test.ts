import { describe, expect, it } from 'vitest'
import {
  isRegisteredOrigin,
  isRegisteredRedirectUri,
  withResponseCode,
} from '../../src/presentation/redirect-uri.ts'

const bank = { redirectUris: ['https://bank.example/done', 'com.bank:/done'] }
const [sandbox, production] = [{ env: 'sandbox' }, { env: 'production' }] as const

describe('a browser is sent back', () => {
  it.each<[string, boolean, boolean]>([
    ['https://bank.example/done', true, true],
    ['com.bank:/done', true, true],
    ['https://bank.example/done/', false, false],
    ['https://bank.example/done?x=1', false, false],
    ['https://evil.example/done', false, false],
    ['http://localhost:5173/cb', true, false],
    ['http://127.0.0.1:5173/cb', true, false],
    ['http://localhost.evil.example/cb', false, false],
    ['http://localhost@evil.example/cb', false, false],
    ['http://localhost:5173/cb#x', false, false],
    ['javascript://localhost/%0aalert(1)', false, false],
    ['not a URI', false, false],
  ])('to %s: in the sandbox %s, in production %s', (uri, inSandbox, inProduction) => {
    expect(isRegisteredRedirectUri(uri, bank, sandbox)).toBe(inSandbox)
    expect(isRegisteredRedirectUri(uri, bank, production)).toBe(inProduction)
  })

  it.each([
    ['https://bank.example/done', 'https://bank.example/done?response_code=c'],
    ['https://bank.example/done?a=b', 'https://bank.example/done?a=b&response_code=c'],
    ['com.bank:/done', 'com.bank:/done?response_code=c'],
  ])('to %s with the response code', (uri, expected) => {
    expect(withResponseCode(uri, 'c')).toBe(expected)
  })
})

describe('a page asks', () => {
  const shop = { redirectUris: ['http://shop.example/done', 'https://shop.example:8443/x'] }

  it.each<[string, object, boolean, boolean]>([
    ['https://bank.example', bank, true, true],
    ['https://bank.example/', bank, false, false],
    ['https://bank.example:443', bank, false, false],
    ['https://BANK.example', bank, false, false],
    ['https://bank.example:8443', bank, false, false],
    ['https://www.bank.example', bank, false, false],
    ['https://user@bank.example', bank, false, false],
    ['http://bank.example', bank, false, false],
    ['https://shop.example:8443', shop, true, true],
    ['https://shop.example', shop, false, false],
    // http is for loopback alone, although it is registered (OpenID4VP 1.0 A.2).
    ['http://shop.example', shop, false, false],
    ['http://localhost:5173', bank, true, false],
    ['https://localhost', bank, true, false],
    ['http://127.0.0.1:5173', bank, true, false],
    ['http://[::1]:5173', bank, true, false],
    ['http://localhost:80', bank, false, false],
    ['http://localhost.evil.example', bank, false, false],
    // What a URI without a host has for an origin.
    ['null', bank, false, false],
    ['com.bank:', bank, false, false],
    ['ws://localhost', bank, false, false],
    ['ftp://localhost', bank, false, false],
    ['', bank, false, false],
  ])('from %s, registered with %j: in the sandbox %s, in production %s', (origin, party, a, b) => {
    expect(isRegisteredOrigin(origin, party, sandbox)).toBe(a)
    expect(isRegisteredOrigin(origin, party, production)).toBe(b)
  })
})
