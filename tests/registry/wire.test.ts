import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/credential/json.ts'
import { purposeProfiles } from '../../src/purposes/profiles.ts'
import { factFromWire, factToWire } from '../../src/registry/wire.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { base, grantsOf, recognition } from '../trust/world.ts'

const purposes = purposeProfiles.map((profile) => ({
  type: 'purpose' as const,
  version: 1,
  ...profile,
  validFrom: 0,
}))
const facts: Fact[] = [...base, ...grantsOf(base), ...purposes]

describe('a fact on the wire', () => {
  it.each(facts.map((fact) => [fact.type, fact] as const))(
    '%s comes back as it went',
    (_, fact) => {
      const wire = JSON.parse(JSON.stringify(factToWire(fact))) as Json
      expect(factFromWire(wire)).toEqual(fact)
    },
  )

  it('has snake_case members all the way down', () => {
    const names: string[] = []
    const collect = (value: Json): void => {
      if (typeof value !== 'object' || value === null) return
      if (!Array.isArray(value)) names.push(...Object.keys(value))
      Object.values(value).forEach(collect)
    }
    facts.map(factToWire).forEach(collect)
    expect(names.filter((name) => name !== name.toLowerCase())).toEqual([])
    expect(names).toContain('valid_from')
    expect(names).toContain('credential_type')
  })

  it('leaves language tags alone', () => {
    const fact: Fact = {
      type: 'jurisdiction',
      country: 'SG',
      version: 1,
      name: { en: 'Singapore', 'zh-Hans': '新加坡' },
      bloc: 'ASEAN',
      levels: [],
      validFrom: 0,
    }
    const wire = factToWire(fact)
    expect(wire.name).toEqual({ en: 'Singapore', 'zh-Hans': '新加坡' })
    expect(factFromWire(wire)).toEqual(fact)
  })
})

describe('what is not a fact is refused', () => {
  const wire = factToWire(recognition)
  const change = (members: JsonObject) => ({ ...wire, ...members })
  const wireOf = (type: Fact['type']) => {
    const found = facts.find((fact) => fact.type === type)
    if (!found) throw new Error(`no ${type} in the world`)
    return factToWire(found)
  }
  const [state, purpose, grant] = [wireOf('jurisdiction'), wireOf('purpose'), wireOf('status')]
  const pair = { national: 'x', proofing: 'high', authn: 'high' }

  it('and each of these is one until it is changed', () => {
    for (const fact of [wire, state, purpose, grant]) expect(factFromWire(fact)).toBeDefined()
    expect(factFromWire({ ...state, levels: [pair] })).toBeDefined()
  })

  it.each<[string, Json]>([
    ['null', null],
    ['a list', [wire]],
    ['an unknown type', change({ type: 'wish' })],
    ['an unknown member', change({ note: 'x' })],
    ['a member in camelCase', change({ validFrom: 1 })],
    ['a level nobody knows', change({ max_proofing: 'very high' })],
    ['a country in lower case', change({ recogniser: 'sg' })],
    ['a fraction of a second', change({ valid_from: 1.5 })],
    ['version 0', change({ version: 0 })],
    [
      'a missing member',
      Object.fromEntries(Object.entries(wire).filter(([n]) => n !== 'purposes')),
    ],
    ['a name without English', { ...state, name: { zh: 'x' } }],
    ['a version of a state that begins at no time', { ...state, valid_from: null }],
    ['two pairs for one statement', change({ levels: [pair, { ...pair, proofing: 'low' }] })],
    ['two pairs for one statement at home', { ...state, levels: [pair, pair] }],
    ['a limit of none', { ...purpose, claims: [{ credential_type: 'x', paths: [], at_most: 0 }] }],
    ['a reason that is not on the list', { ...grant, reason: 'key_compromise' }],
    ['__proto__', JSON.parse('{"__proto__":{"type":"status"}}')],
  ])('%s', (_, value) => {
    expect(factFromWire(value)).toBeUndefined()
  })
})
