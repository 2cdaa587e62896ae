import { describe, expect, it } from 'vitest'
import { content, integer, NotDer, readDer, skip, tags } from '../../src/credential/der.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const octets = (hex: string) => readDer(bytes(hex), (cursor) => content(cursor, tags.octetString))

describe('an element of DER', () => {
  it.each([
    ['one byte', '04 01 aa', 1],
    ['nothing', '04 00', 0],
    ['127 bytes', `04 7f ${'aa'.repeat(127)}`, 127],
    ['128 bytes', `04 81 80 ${'aa'.repeat(128)}`, 128],
    ['256 bytes', `04 82 0100 ${'aa'.repeat(256)}`, 256],
  ])('is read: %s', (_, hex, length) => {
    expect(octets(hex)).toHaveLength(length)
  })

  it.each([
    ['nothing at all', ''],
    ['no length', '04'],
    ['less than it says', '04 02 aa'],
    ['more than it says', '04 01 aa aa'],
    ['another tag', '05 01 aa'],
    ['an indefinite length (X.690 10.1)', '04 80 aa 0000'],
    ['an indefinite length, and 128 bytes', `04 80 ${'aa'.repeat(128)}`],
    ['a length of one byte in two', '04 81 01 aa'],
    ['a length of two bytes in three', `04 82 0080 ${'aa'.repeat(128)}`],
    ['a length of three bytes', `04 83 000100 ${'aa'.repeat(256)}`],
    ['a length of four gigabytes', '04 84 ffffffff aa'],
    ['a length that is cut short', '04 82 01'],
    ['a reserved length', `04 ff ${'aa'.repeat(256)}`],
  ])('is refused: %s', (_, hex) => {
    expect(() => octets(hex)).toThrow(NotDer)
  })

  it('is refused for a tag of several bytes (X.690 8.1.2.4), which we read as one', () => {
    expect(() => readDer(bytes('1f 01 00'), skip)).toThrow(NotDer)
    expect(() => readDer(bytes('bf 01 00'), skip)).toThrow(NotDer)
    expect(() => readDer(bytes('1e 01 00'), skip)).not.toThrow()
  })

  it.each([
    ['no byte', '02 00'],
    ['a zero too many', '02 02 007f'],
    ['a sign too many', '02 02 ff80'],
  ])('is no INTEGER of %s', (_, hex) => {
    expect(() => readDer(bytes(hex), integer)).toThrow(NotDer)
  })
})
