import { describe, expect, it } from 'vitest'
import { commonClaims, covers, unitedClaims } from '../../src/trust/claim-path.ts'
import type { ClaimPath } from '../../src/trust/facts.ts'

describe('covers', () => {
  it.each<[ClaimPath, ClaimPath, boolean]>([
    [['name'], ['name'], true],
    [['address'], ['address', 'country'], true],
    [['address', 'country'], ['address'], false],
    [['address', 'country'], ['address', 'region'], false],
    [['name'], ['name_order'], false],
    [['nationalities'], ['nationalities', null], true],
    [['nationalities', null], ['nationalities', 0], true],
    [['nationalities', null], ['nationalities', null], true],
    [['nationalities', null], ['nationalities'], false],
    [['nationalities', null], ['nationalities', 'x'], false],
    [['nationalities', 0], ['nationalities', null], false],
    [['nationalities', 0], ['nationalities', 1], false],
    [['name'], ['name#th-Latn'], true],
    [['name#th-Latn'], ['name'], false],
    [['name#th-Latn'], ['name#th-Latn'], true],
    [['name'], ['name#th-Latn', 'x'], true],
    [['0'], [0], false],
    [['name'], [], false],
  ])('%j for %j: %s', (permitted, asked, expected) => {
    expect(covers(permitted, asked)).toBe(expected)
  })
})

describe('commonClaims', () => {
  const pid = (...paths: ClaimPath[]) => [{ credentialType: 'pid', paths }]

  it('keeps the lower of two paths, whichever list has it', () => {
    const [wide, narrow] = [pid(['address'], ['name']), pid(['address', 'country'], ['sex'])]
    expect(commonClaims(wide, narrow)).toEqual(pid(['address', 'country']))
    expect(commonClaims(narrow, wide)).toEqual(pid(['address', 'country']))
  })

  it('knows no credential type that only one list has', () => {
    expect(commonClaims(pid(['name']), [{ credentialType: 'age', paths: [['name']] }])).toEqual([])
  })

  it.each([
    [1, undefined, 1],
    [undefined, 2, 2],
    [1, 2, 1],
    [undefined, undefined, undefined],
  ])('keeps the lower of two limits: %s, %s', (one, other, lower) => {
    const limited = (atMost: number | undefined) =>
      pid(['a'], ['b']).map((each) => ({ ...each, ...(atMost && { atMost }) }))
    expect(commonClaims(limited(one), limited(other))).toEqual(limited(lower))
  })
})

describe('unitedClaims', () => {
  const [a, b] = [
    { credentialType: 'pid', paths: [['a']], atMost: 1 },
    { credentialType: 'pid', paths: [['b']] },
  ]

  it('has the claims of all, type by type', () => {
    const age = { credentialType: 'age', paths: [['c']] }
    expect(unitedClaims([b, age, b])).toEqual([
      { credentialType: 'pid', paths: [['b'], ['b']] },
      age,
    ])
    expect(unitedClaims([])).toEqual([])
  })

  it('keeps a limit where every permission has one', () => {
    expect(unitedClaims([a, { ...b, atMost: 2 }])).toEqual([
      { credentialType: 'pid', paths: [['a'], ['b']], atMost: 2 },
    ])
    expect(unitedClaims([a, b])).toEqual([{ credentialType: 'pid', paths: [['a'], ['b']] }])
  })
})
