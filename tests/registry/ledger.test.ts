import { describe, expect, it } from 'vitest'
import { frameEntry, readEntry } from '../../src/registry/entry.ts'
import { appendEntry } from '../../src/registry/ledger.ts'
import type { Database } from '../../src/store/database.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { memoryDatabase } from '../support/database.ts'
import { base, grantsOf, recognition, seconds, status } from '../trust/world.ts'

const clock = () => new Date('2026-06-01T00:00:00.900Z')
const now = seconds('2026-06-01T00:00:00Z')
const whole = [...base, ...grantsOf(base)]
const change = (facts: readonly Fact[], kind = 'change') => ({ kind, actor: 'admin-1', facts })
const draft = { registryId: 'test', position: 0, recordedAt: clock() }

async function registry(database?: Database) {
  const ledger = ledgerStore(database ?? (await memoryDatabase()))
  return { ledger, clock, registryId: 'test' }
}
const jurisdiction = (country: string): Fact => ({
  type: 'jurisdiction',
  country,
  version: 1,
  name: { en: country },
  bloc: 'ASEAN',
  levels: [],
  validFrom: 0,
})

describe('appendEntry', () => {
  it('starts at position 0 and goes on without gaps', async () => {
    const deps = await registry()
    expect(await deps.ledger.position()).toBe(-1)
    expect(await appendEntry(deps, change(whole, 'genesis'))).toMatchObject({
      ok: true,
      value: { position: 0 },
    })
    const event = status({ type: 'entity', id: 'issuer-VN' }, 'suspended', now)
    expect(await appendEntry(deps, change([event]))).toMatchObject({ value: { position: 1 } })
    expect(await deps.ledger.position()).toBe(1)
  })

  it('keeps a leaf in canonical form that says all there is', async () => {
    const deps = await registry()
    await appendEntry(deps, change([jurisdiction('SG')]))
    const [entry] = await deps.ledger.entriesAfter(-1)
    expect(entry?.leaf).toBe(
      '{"actor":"admin-1","facts":[{"bloc":"ASEAN","country":"SG","levels":[],"name":{"en":"SG"},' +
        '"type":"jurisdiction","valid_from":0,"version":1}],"kind":"change","position":0,' +
        '"recorded_at":1780272000,"registry_id":"test"}',
    )
  })

  it('reads back the facts that went in', async () => {
    const deps = await registry()
    await appendEntry(deps, change(whole))
    const [entry] = await deps.ledger.entriesAfter(-1)
    if (!entry) throw new Error('there is no entry')
    expect(await readEntry(entry)).toEqual(whole.map((fact) => ({ ...fact, position: 0 })))
  })

  it('lands two changes made at once at two positions', async () => {
    const deps = await registry()
    const both = await Promise.all(
      ['SG', 'VN', 'LA'].map((country) => appendEntry(deps, change([jurisdiction(country)]))),
    )
    const positions = both.map((each) => each.ok && each.value.position)
    expect(positions.toSorted()).toEqual([0, 1, 2])
    const entries = await deps.ledger.entriesAfter(-1)
    expect(entries.map(({ position }) => position)).toEqual([0, 1, 2])
  })

  it('refuses a change bound to a position that is taken, and writes nothing of it', async () => {
    const deps = await registry()
    await appendEntry(deps, change([jurisdiction('SG')]))
    const late = await appendEntry(deps, { ...change([jurisdiction('VN')]), position: 0 })
    expect(late).toMatchObject({ ok: false, error: { code: 'registry_conflict' } })
    expect(await deps.ledger.position()).toBe(0)
  })

  it('gives up when others are always faster', async () => {
    let tries = 0
    const busy = {
      position: async () => tries,
      entriesAfter: async () => [],
      append: async () => {
        tries++
        return 'position_taken' as const
      },
    }
    const refused = await appendEntry({ clock, registryId: 'test', ledger: busy }, change([]))
    expect(refused).toMatchObject({ ok: false, error: { code: 'registry_conflict' } })
    expect(tries).toBe(5)
    await appendEntry({ clock, registryId: 'test', ledger: busy }, { ...change([]), position: 0 })
    expect(tries, 'bound to its position, it tries once').toBe(6)
  })

  it.each<[string, Fact[], string]>([
    ['a state that is there already', [jurisdiction('SG')], 'jurisdiction'],
    ['a recognition of oneself', [{ ...recognition, id: 'x', recognised: 'SG' }], 'CHECK'],
    [
      'a recognition by a state nobody knows',
      [{ ...recognition, id: 'x', recogniser: 'XX' }],
      'FOREIGN KEY',
    ],
    ['a window that ends before it begins', [{ ...recognition, id: 'x', validTo: 1 }], 'CHECK'],
  ])('refuses %s, and keeps neither entry nor the facts beside it', async (_, facts, says) => {
    const deps = await registry()
    await appendEntry(deps, change(whole))
    const refused = await appendEntry(deps, change([jurisdiction('TH'), ...facts]))
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'registry_conflict', detail: expect.stringContaining(says) },
    })
    expect(await deps.ledger.position()).toBe(0)
    expect(await appendEntry(deps, change([jurisdiction('TH')]))).toMatchObject({ ok: true })
  })

  it('refuses a permission for what nobody may ask for', async () => {
    const deps = await registry()
    const [purpose] = whole.filter((fact) => fact.type === 'purpose')
    const greedy = { ...purpose, claims: [{ credentialType: 'x', paths: [['religion']] }] } as Fact
    expect(await appendEntry(deps, change([greedy]))).toMatchObject({
      error: { code: 'registry_conflict', detail: expect.stringContaining('nobody may ask') },
    })
  })

  it('refuses what its own reader would not read', async () => {
    const deps = await registry()
    const broken = { ...recognition, validFrom: 1.5 }
    expect(await appendEntry(deps, change([broken]))).toMatchObject({
      error: { code: 'registry_conflict' },
    })
    expect(await deps.ledger.position()).toBe(-1)
  })

  it('tells who waits for it once the entry is written', async () => {
    const told: number[] = []
    const deps = { ...(await registry()), onAppended: async (n: number) => void told.push(n) }
    await appendEntry(deps, change(whole))
    await appendEntry(deps, change(whole))
    expect(told).toEqual([0])
  })

  it('throws when the database is lost', async () => {
    const lost = {
      position: async () => 0,
      entriesAfter: async () => [],
      append: async () => Promise.reject(new Error('disk I/O error')),
    }
    await expect(
      appendEntry({ clock, registryId: 'test', ledger: lost }, change([])),
    ).rejects.toThrow('disk')
  })
})

describe('an entry too large for its leaf', () => {
  const many = Array.from({ length: 26 }, (_, i) => `${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i]}A`)
  // Outside the basic plane, so that a piece could end in the middle of a character.
  const large = many.map((country) => ({
    ...jurisdiction(country),
    levels: Array.from({ length: 20 }, (_, i) => ({
      national: `${i}${'𠮷'.repeat(600)}`,
      proofing: 'low',
      authn: 'low',
    })),
  })) as Fact[]

  it('keeps its facts beside it, and their hash in the leaf', async () => {
    const deps = await registry()
    await appendEntry(deps, change(large))
    const [entry] = await deps.ledger.entriesAfter(-1)
    if (!entry?.blob) throw new Error('there is no blob')
    expect(entry.leaf.length).toBeLessThan(65_536)
    expect(JSON.parse(entry.leaf)).toMatchObject({ facts_sha256: entry.blob.sha256 })
    expect(entry.blob.body.length).toBeGreaterThan(2 ** 19)
    expect(await readEntry(entry)).toEqual(large.map((fact) => ({ ...fact, position: 0 })))
  })

  it('is not believed when the facts are others', async () => {
    const entry = await frameEntry({ ...draft, ...change(large) })
    const body = entry.blob?.body.replace('"low"', '"high"') ?? ''
    const altered = { ...entry, blob: { body, sha256: entry.blob?.sha256 ?? '' } }
    await expect(readEntry(altered)).rejects.toThrow('not what its hash says')
  })
})

describe('an entry that was changed in the database', () => {
  it.each([
    ['its leaf', (leaf: string) => leaf.replace('"VN"', '"LA"')],
    ['its spacing', (leaf: string) => `${leaf} `],
  ])('is not believed: %s', async (_, alter) => {
    const entry = await frameEntry({ ...draft, ...change(whole) })
    const altered = { ...entry, leaf: alter(entry.leaf) }
    await expect(readEntry(altered)).rejects.toThrow('ledger entry 0 is not what its hash says')
  })

  it('is not believed at another position', async () => {
    const entry = await frameEntry({ ...draft, ...change(whole) })
    await expect(readEntry({ ...entry, position: 1 })).rejects.toThrow('ledger entry 1')
  })
})
