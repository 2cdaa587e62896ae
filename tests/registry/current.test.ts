import { beforeEach, describe, expect, it } from 'vitest'
import { currentRegistry } from '../../src/registry/current.ts'
import { frameEntry, type LedgerEntry } from '../../src/registry/entry.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { base, grantsOf, status } from '../trust/world.ts'

const target = { type: 'entity', id: 'issuer-VN' } as const
let now: Date
let entries: LedgerEntry[]
let reads: number
let down: boolean

const clock = () => now
const pass = (ms: number) => {
  now = new Date(now.getTime() + ms)
}
const head = { registryId: 'test', kind: 'k', actor: 'a' }
async function append(facts: Fact[]) {
  const position = entries.length
  entries.push(await frameEntry({ ...head, position, recordedAt: now, facts }))
}
const ledger = {
  async position() {
    reads++
    if (down) throw new Error('unreachable')
    return entries.length - 1
  },
  async entriesAfter(position: number) {
    if (down) throw new Error('unreachable')
    return entries.slice(position + 1)
  },
}

beforeEach(async () => {
  now = new Date('2026-06-01T00:00:00Z')
  entries = []
  reads = 0
  down = false
  await append([...base, ...grantsOf(base)])
})

const positionOf = async (registry: ReturnType<typeof currentRegistry>) => {
  const snapshot = await registry.snapshot()
  return snapshot.ok ? snapshot.value.position : snapshot.error.code
}

describe('currentRegistry', () => {
  it('reads the position at most once a second', async () => {
    const registry = currentRegistry({ clock, ledger })
    expect(await positionOf(registry)).toBe(0)
    reads = 0
    for (let i = 0; i < 10; i++) {
      pass(99)
      expect(await positionOf(registry)).toBe(0)
    }
    expect(reads).toBe(0)
    pass(10)
    await positionOf(registry)
    expect(reads).toBe(1)
  })

  it('acts on a change of another process within a second', async () => {
    const registry = currentRegistry({ clock, ledger })
    await registry.snapshot()
    await append([status(target, 'suspended')])
    pass(1000)
    const snapshot = await registry.snapshot()
    expect(snapshot.ok && snapshot.value.status(target, now)).toBe('suspended')
    expect(snapshot.ok && snapshot.value.position).toBe(1)
  })

  it('acts on a change of its own at once', async () => {
    const registry = currentRegistry({ clock, ledger })
    await registry.snapshot()
    await append([status(target, 'suspended')])
    await registry.refresh()
    expect(await positionOf(registry)).toBe(1)
    expect(registry.facts().at(-1)).toMatchObject({ status: 'suspended', position: 1 })
  })

  it('keeps the same snapshot while nothing changes', async () => {
    const registry = currentRegistry({ clock, ledger })
    const first = await registry.snapshot()
    pass(2000)
    const second = await registry.snapshot()
    expect(first.ok && second.ok && first.value === second.value).toBe(true)
  })

  it('goes on for less than 5 s without the ledger, then refuses, then recovers', async () => {
    const registry = currentRegistry({ clock, ledger })
    await registry.snapshot()
    down = true
    pass(4999)
    expect(await positionOf(registry)).toBe(0)
    pass(1)
    expect(await positionOf(registry)).toBe('registry_unreachable')
    down = false
    expect(await positionOf(registry)).toBe(0)
  })

  it('refuses when it never could read', async () => {
    down = true
    expect(await positionOf(currentRegistry({ clock, ledger }))).toBe('registry_unreachable')
  })

  it('does not take an old answer for a new one when the clock is set back', async () => {
    const registry = currentRegistry({ clock, ledger })
    await registry.snapshot()
    down = true
    pass(-60_000)
    expect(await positionOf(registry)).toBe('registry_unreachable')
  })

  it('believes neither a gap nor a changed entry', async () => {
    await append([status(target, 'suspended')])
    const [first, second] = entries
    if (!first || !second) throw new Error('two entries were made')
    entries = [{ ...first, leaf: first.leaf.replace('"SG"', '"TH"') }, second]
    expect(await positionOf(currentRegistry({ clock, ledger }))).toBe('registry_unreachable')
    entries = [second]
    expect(await positionOf(currentRegistry({ clock, ledger }))).toBe('registry_unreachable')
    await expect(currentRegistry({ clock, ledger }).refresh()).rejects.toThrow('gap')
  })

  describe('tells an outage from an alteration', () => {
    const detailOf = async (registry: ReturnType<typeof currentRegistry>) => {
      const snapshot = await registry.snapshot()
      return snapshot.ok ? 'served' : snapshot.error.detail
    }
    /** The second entry with one word changed. */
    function alter() {
      const [first, second] = entries
      if (!first || !second) throw new Error('two entries were made')
      entries = [first, { ...second, leaf: second.leaf.replace('suspended', 'granted') }]
      return second
    }

    it('in the remedy, and in what it tells of the reason', async () => {
      const told: unknown[] = []
      const onUnreadable = (error: unknown) => told.push(error)
      down = true
      const lost = currentRegistry({ clock, ledger, onUnreadable })
      expect(await detailOf(lost)).toMatch(/cannot be read.*Try again/)
      down = false
      await append([status(target, 'suspended')])
      alter()
      const altered = currentRegistry({ clock, ledger, onUnreadable })
      expect(await detailOf(altered)).toMatch(/not as it was written.*restore a backup/)
      expect(told.map(String)).toEqual([
        'Error: unreachable',
        'LedgerAltered: ledger entry 1 is not what its hash says',
      ])
    })

    it('an alteration is refused at once, through an outage too, until it is mended', async () => {
      const registry = currentRegistry({ clock, ledger })
      expect(await detailOf(registry)).toBe('served')
      await append([status(target, 'suspended')])
      const original = alter()
      pass(1000)
      expect(await detailOf(registry)).toContain('restore a backup')
      down = true
      pass(1000)
      expect(await detailOf(registry)).toContain('restore a backup')
      down = false
      entries = [...entries.slice(0, 1), original]
      pass(1000)
      expect(await detailOf(registry)).toBe('served')
    })

    it('a gap is an alteration', async () => {
      await append([status(target, 'suspended')])
      entries = entries.slice(1)
      expect(await detailOf(currentRegistry({ clock, ledger }))).toContain('restore a backup')
    })
  })

  it('never goes back, however the readings overlap', async () => {
    const slow: (() => void)[] = []
    const registry = currentRegistry({
      clock,
      ledger: {
        ...ledger,
        async entriesAfter(position) {
          const found = await ledger.entriesAfter(position)
          if (slow.length === 0) await new Promise<void>((resolve) => slow.push(resolve))
          return found
        },
      },
    })
    const behind = registry.refresh()
    await new Promise((resolve) => setTimeout(resolve))
    await append([status(target, 'suspended')])
    await registry.refresh()
    slow[0]?.()
    await behind
    expect(await positionOf(registry)).toBe(1)
  })
})
