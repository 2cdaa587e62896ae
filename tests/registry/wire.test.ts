import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/credential/json.ts'
import { purposeProfiles } from '../../src/purposes/profiles.ts'
import { factFromWire, factToWire } from '../../src/registry/wire.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { base, grantsOf, recognition } from '../trust/world.ts'

const facts: Fact[] = [...base, ...grantsOf(base), ...purposeProfiles]

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
      name: { en: 'Singapore', 'zh-Hans': '新加坡' },
      bloc: 'ASEAN',
      levels: [],
    }
    const wire = factToWire(fact)
    expect(wire.name).toEqual({ en: 'Singapore', 'zh-Hans': '新加坡' })
    expect(factFromWire(wire)).toEqual(fact)
  })
})

describe('what is not a fact is refused', () => {
  const wire = factToWire(recognition)
  const change = (members: JsonObject) => ({ ...wire, ...members })

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
    [
      'a name without English',
      { type: 'jurisdiction', country: 'SG', name: { zh: 'x' }, bloc: 'ASEAN', levels: [] },
    ],
    ['__proto__', JSON.parse('{"__proto__":{"type":"status"}}')],
  ])('%s', (_, value) => {
    expect(factFromWire(value)).toBeUndefined()
  })
})
