import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ClaimsPathPointer,
  locateClaims,
  onOneLine,
  pathName,
  selectClaims,
  trimClaims,
} from '../../src/credential/claims-path-pointer.ts'
import { type Json, type JsonObject, parseJsonObject } from '../../src/credential/json.ts'
import { hasVectors, jsonVector } from '../support/vectors.ts'

type Vector = { credential: JsonObject; cases: { path: ClaimsPathPointer; selected: Json[] }[] }

describe.skipIf(!hasVectors)('OpenID4VP 1.0 7.3', () => {
  const { credential, cases } = hasVectors
    ? jsonVector<Vector>('openid4vp/claims-path-pointer.json')
    : { credential: {}, cases: [] }

  it.each(cases)('$path selects $selected', ({ path, selected }) => {
    expect(selectClaims(credential, path)).toEqual(selected)
  })
})

const person = parseJsonObject(
  JSON.stringify({
    name: 'Arthur',
    address: { locality: 'Milliways', country: 'MW' },
    degrees: [{ type: 'BSc', university: 'U' }, { type: 'MSc' }],
    nothing: null,
  }),
) as JsonObject

describe('a path selects nothing', () => {
  it.each<[string, ClaimsPathPointer]>([
    ['when the key is not there', ['nickname']],
    ['when it takes a text for an object', ['name', 'first']],
    ['when it takes an object for an array', ['address', null]],
    ['when it takes an array for an object', ['degrees', 'type']],
    ['when the index is not there', ['degrees', 7]],
    ['when a key hangs in the prototype', ['constructor']],
    ['when a key is the prototype', ['__proto__', 'constructor']],
  ])('%s', (_, path) => {
    expect(selectClaims(person, path)).toEqual([])
  })
})

describe('a path selects', () => {
  it('null, which is a value', () => {
    expect(selectClaims(person, ['nothing'])).toEqual([null])
  })
  it('what some elements have and others lack', () => {
    expect(selectClaims(person, ['degrees', null, 'university'])).toEqual(['U'])
  })
  it('the same whether or not one wants to know where it stands', () => {
    const names = fc.constantFrom('a', 'b', 'length', '0', 'constructor')
    const { json } = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json[]>(null, 0, '', 'text'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(names, tie('json'), { maxKeys: 3 }),
      ),
    }))
    const pointer = fc.array(fc.oneof(names, fc.constant(null), fc.nat(2)), { maxLength: 4 })
    let found = 0
    fc.assert(
      fc.property(json, pointer, (claims, path) => {
        const values = locateClaims(claims, path).map(({ value }) => value)
        expect(selectClaims(claims, path)).toEqual(values)
        if (values.length > 0 && path.length > 0) found++
      }),
      { numRuns: 2000 },
    )
    expect(found).toBeGreaterThan(50)
  })
  it('claims that stand somewhere, each at a pointer of its own', () => {
    const located = locateClaims(person, ['degrees', null, 'type'])
    expect(located).toEqual([
      { at: ['degrees', 0, 'type'], value: 'BSc' },
      { at: ['degrees', 1, 'type'], value: 'MSc' },
    ])
    expect(located.map(({ at }) => selectClaims(person, at))).toEqual([['BSc'], ['MSc']])
  })
})

describe('claims are trimmed', () => {
  it.each<[string, ClaimsPathPointer[], object]>([
    ['to nothing when nothing was asked', [], {}],
    ['to a member of an object', [['address', 'country']], { address: { country: 'MW' } }],
    [
      'to one member of each element',
      [['degrees', null, 'type']],
      { degrees: [{ type: 'BSc' }, { type: 'MSc' }] },
    ],
    ['to one element', [['degrees', 1]], { degrees: [{ type: 'MSc' }] }],
    [
      'to a whole object that is asked for in part too',
      [['address'], ['address', 'country']],
      {
        address: { locality: 'Milliways', country: 'MW' },
      },
    ],
    ['without what is not there', [['name'], ['nickname']], { name: 'Arthur' }],
  ])('%s', (_, paths, expected) => {
    expect(trimClaims(person, paths)).toEqual(expected)
  })
})

describe('two paths lie on one line', () => {
  it.each<[ClaimsPathPointer, ClaimsPathPointer, boolean]>([
    [['address'], ['address', 'country'], true],
    [['address', 'country'], ['address'], true],
    [['degrees', null], ['degrees', 1, 'type'], true],
    [['address', 'country'], ['address', 'locality'], false],
    [['name'], ['names'], false],
  ])('%j and %j: %s', (first, second, expected) => {
    expect(onOneLine(first, second)).toBe(expected)
  })
})

it('a path is written with dots and stars', () => {
  expect(pathName(['degrees', null, 'type'])).toBe('degrees.*.type')
  expect(pathName(['na\u202em\u001be', 'Tên', '氏名'])).toBe('na?m?e.Tên.氏名')
})
