import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBase64,
  decodeBase64url,
  encodeBase64url,
  isBase64url,
} from '../../src/credential/base64url.ts'

describe('base64url', () => {
  it('writes what Node writes, and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(decodeBase64url(text)).toEqual(Uint8Array.from(bytes))
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(Uint8Array.from(bytes))
      }),
    )
  })

  it.each([
    ['padding', 'Zg=='],
    ['a character of base64', 'ab+/'],
    ['a space', 'Zm 9'],
    ['a line break', 'Zm9v\n'],
    ['a single left-over character', 'Zm9vY'],
    ['stray bits after one byte', 'Zh'],
    ['stray bits after two bytes', 'Zm9'.replace('9', '-')],
    ['a character beyond ASCII', 'Zm9\u0161'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })

  it('reads nothing but what it would write', () => {
    const character = fc.constantFrom(...'AZaz09-_+/= \n\t~.%\u0000\u0161\u4141\u0141\u{1f511}')
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), (characters) => {
        const text = characters.join('')
        const bytes = decodeBase64url(text)
        expect(isBase64url(text)).toBe(bytes !== undefined)
        if (bytes) expect(encodeBase64url(bytes)).toBe(text)
        else expect(Buffer.from(text, 'base64url').toString('base64url')).not.toBe(text)
      }),
      { numRuns: 5000 },
    )
  })

  it.each([
    ['no padding', 'Zg'],
    ['too much padding', 'Zm8==='],
    ['padding where none belongs', 'Zm9v===='],
    ['the alphabet of base64url', 'ab-_'],
    ['stray bits', 'Zh=='],
    ['a line break', 'Zm9v\nZg='],
  ])('refuses in base64 %s', (_, text) => {
    expect(decodeBase64(text)).toBeUndefined()
  })
})
