import { describe, expect, it } from 'vitest'
import { isRegisteredRedirectUri, withResponseCode } from '../../src/presentation/redirect-uri.ts'

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
