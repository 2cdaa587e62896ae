import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { appendEntry } from '../../src/registry/ledger.ts'
import type { Database } from '../../src/store/database.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import { missingTriggers, triggers } from '../../src/store/triggers.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { memoryDatabase } from '../support/database.ts'
import { base, grantsOf, recognition, seconds, status } from '../trust/world.ts'

const clock = () => new Date('2026-06-01T00:00:00Z')
const whole = [...base, ...grantsOf(base)]

let database: Database
const append = (...facts: Fact[]) =>
  appendEntry({ clock, ledger: ledgerStore(database) }, { kind: 'change', actor: 'a', facts })
const run = async (statement: string) => database.orm.run(sql.raw(statement))

/** The database's own words, below what Drizzle says of the query. */
async function said(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'done'
  } catch (error) {
    let cause = error
    while (cause instanceof Error && cause.cause) cause = cause.cause
    return String(cause)
  }
}

beforeEach(async () => {
  database = await memoryDatabase()
  expect(await append(...whole)).toMatchObject({ ok: true })
})

/** The registry's tables. */
const tables = [
  'ledger',
  ...triggers
    .filter((name) => name.endsWith('_in_newest_entry'))
    .map((name) => name.replace('_in_newest_entry', '')),
]

it('a trigger that is gone is missed', async () => {
  expect(await missingTriggers(database)).toEqual([])
  await run('DROP TRIGGER status_event_terminal')
  await run('DROP TRIGGER ledger_no_delete')
  expect(await missingTriggers(database)).toEqual(['ledger_no_delete', 'status_event_terminal'])
})

it('changes made at once land at positions of their own', async () => {
  const target = { type: 'entity', id: 'issuer-VN' } as const
  const all = await Promise.all([1, 2, 3].map((n) => append(status(target, 'granted', n))))
  expect(all.map((each) => each.ok && each.value.position).toSorted()).toEqual([1, 2, 3])
  const entries = await ledgerStore(database).entriesAfter(0)
  expect(entries.map(({ position }) => position)).toEqual([1, 2, 3])
})

it('facts too large for their leaf come back whole', async () => {
  const levels = Array.from({ length: 700 }, (_, i) => ({
    national: `${i}${'𠮷'.repeat(600)}`,
    proofing: 'low' as const,
    authn: 'low' as const,
  }))
  await append({ ...recognition, version: 2, levels })
  const [entry] = await ledgerStore(database).entriesAfter(0)
  const body = JSON.parse(entry?.blob?.body ?? '[]') as { levels: unknown }[]
  expect(entry?.blob?.body.length).toBeGreaterThan(2 ** 19)
  expect(body[0]?.levels).toEqual(levels)
})

describe('nothing is changed or deleted', () => {
  it.each(tables)('%s', async (table) => {
    if (table === 'ledger_blob') {
      await run("INSERT INTO ledger_blob VALUES (0, 0, 'x', 'x')")
    }
    expect(await said(run(`UPDATE ${table} SET position = 0`))).toContain(`${table} is append-only`)
    expect(await said(run(`DELETE FROM ${table}`))).toContain(`${table} is append-only`)
  })

  it.each(['ledger', 'jurisdiction', 'entity', 'trust_anchor', 'status_event'])(
    '%s is not replaced either',
    async (table) => {
      const replaced = run(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table} LIMIT 1`)
      expect(await said(replaced)).toContain('registry: ')
    },
  )
})

describe('what the ledger cannot hold', () => {
  it('an entry that leaves a gap', async () => {
    const gap = run("INSERT INTO ledger VALUES (2, 'k', 'a', 0, '{}', '')")
    expect(await said(gap)).toContain('position must be the next one')
  })

  it('a fact that enters without its entry', async () => {
    await append(status({ type: 'entity', id: 'issuer-VN' }, 'suspended'))
    const late = run("INSERT INTO jurisdiction VALUES ('TH', '{}', 'ASEAN', '[]', 0)")
    expect(await said(late)).toContain('facts enter with their entry')
  })

  const version3 = { ...recognition, version: 3 }
  const moved = { ...recognition, version: 2, recognised: 'LA' }
  const issue = base.find((fact) => fact.type === 'authorization')
  const [, entity] = base
  if (issue?.type !== 'authorization' || entity?.type !== 'entity') throw new Error('no such world')
  it.each<[string, Fact, string]>([
    ['a version that skips one', version3, 'version must be the next one'],
    ['a version again', recognition, 'version must be the next one'],
    ['a recognition that moves', moved, 'a version may not move to other parties'],
    ['an authorization that moves', { ...issue, version: 2, subject: 'issuer-VN' }, 'may not move'],
    ['an entity of no state', { ...entity, id: 'x', country: 'XX' }, 'unknown jurisdiction'],
    ['a status of nothing', status({ type: 'recognition', id: 'x' }, 'granted'), 'unknown target'],
  ])('%s', async (_, fact, says) => {
    expect(await append(fact)).toMatchObject({
      error: { code: 'registry_conflict', detail: expect.stringContaining(says) },
    })
    expect(await ledgerStore(database).position()).toBe(0)
  })

  it('a next version is welcome', async () => {
    expect(await append({ ...recognition, version: 2 })).toMatchObject({ ok: true })
  })
})

describe('withdrawn is terminal', () => {
  const target = { type: 'recognition', id: 'sg-vn' } as const
  const may = (day: number) => seconds(`2026-05-${String(day).padStart(2, '0')}T00:00:00Z`)

  it.each([
    ['granting again', 'granted', 20],
    ['suspending', 'suspended', 20],
    ['granting for before', 'granted', 5],
    ['withdrawing again', 'withdrawn', 10],
  ] as const)('%s is refused', async (_, to, day) => {
    await append(status(target, 'withdrawn', may(10)))
    expect(await append(status(target, to, may(day)))).toMatchObject({
      error: {
        code: 'registry_conflict',
        detail: expect.stringContaining('withdrawn is terminal'),
      },
    })
  })

  it('but a compromise may move it into the past', async () => {
    await append(status(target, 'withdrawn', may(10)))
    expect(await append(status(target, 'withdrawn', may(5)))).toMatchObject({ ok: true })
  })

  it('suspended is not terminal', async () => {
    await append(status(target, 'suspended', may(10)))
    expect(await append(status(target, 'granted', may(12)))).toMatchObject({ ok: true })
  })
})

it('a statement binds at most 100 parameters, however many facts there are', async () => {
  const sizes: number[] = []
  const counting: Database = {
    ...database,
    async atomically(statements) {
      for (const each of statements) {
        sizes.push((each as unknown as { toSQL(): { params: unknown[] } }).toSQL().params.length)
      }
      return database.atomically(statements)
    },
  }
  const events = ['authority', 'issuer'].flatMap((role) =>
    ['SG', 'VN', 'LA'].flatMap((country) =>
      Array.from({ length: 10 }, (_, i) =>
        status({ type: 'entity', id: `${role}-${country}` }, 'granted', i),
      ),
    ),
  )
  const ledger = ledgerStore(counting)
  const appended = await appendEntry({ clock, ledger }, { kind: 'k', actor: 'a', facts: events })
  expect(appended).toMatchObject({ ok: true })
  expect(sizes.length).toBeGreaterThan(3)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
})
