import { describe, expect, it } from 'vitest'
import { parseJson, parseJsonObject } from '../../src/credential/json.ts'

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

describe('parseJsonObject', () => {
  it.each<[string, string]>([
    ['an empty object', '{}'],
    ['quotes, backslashes and colons in strings', '{"a\\"b":"c\\\\","d:":":,\\":"}'],
    ['members of one name in different objects', '{"a":{"b":1},"c":[{"b":2},{"b":3}]}'],
    ['characters beyond the basic plane', '{"\u{1f600}":"\\ud83d\\ude00"}'],
    ['nesting up to the bound', nested(32)],
    ['white space of every kind around each mark', ' {\t"a"\r\n :\t1 ,\n"b" : [ "c" ] } '],
  ])('reads %s as JSON.parse does', (_, text) => {
    expect(parseJsonObject(text)).toEqual(JSON.parse(text))
  })

  it.each<[string, string | Uint8Array]>([
    ['a member name twice', '{"exp":1,"exp":2}'],
    ['a member name twice, spelt in two ways', '{"exp":1,"\\u0065xp":2}'],
    ['a member name twice, with white space before the colon', '{"exp"\t\r\n :1,"exp" :2}'],
    ['a member name twice, deep inside', '{"a":[{"b":1,"c":2,"b":1}]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['nesting past the bound', nested(33)],
    ['nesting that would break a recursive reader', nested(200_000)],
    ['a lone surrogate in a value', '{"a":"\\ud800"}'],
    ['a lone surrogate in a name', '{"\\udc00":1}'],
    ['a number out of range', '{"a":1e999}'],
    ['an array', '[1]'],
    ['null', 'null'],
    ['text after the object', '{} x'],
    ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('refuses %s', (_, text) => {
    expect(parseJsonObject(text)).toBeUndefined()
  })

  it('keeps names that mean something to JavaScript as plain members', () => {
    const object = parseJsonObject('{"__proto__":{"admin":true},"constructor":1}')
    expect(Object.keys(object ?? {})).toEqual(['__proto__', 'constructor'])
    expect(object?.admin).toBeUndefined()
    expect(parseJsonObject('{}')?.toString).toBeUndefined()
  })

  it('tells null from nothing', () => {
    expect(parseJson('null')).toBeNull()
    expect(parseJson('')).toBeUndefined()
  })
})
