import { describe, expect, it } from 'vitest'
import { commonClaims, covers } from '../../src/trust/claim-path.ts'
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
})
