import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { appendEntry } from '../../src/registry/ledger.ts'
import type { Database } from '../../src/store/database.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import { triggerFaults, triggers } from '../../src/store/triggers.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { memoryDatabase } from '../support/database.ts'
import { base, grantsOf, recognition, seconds, status } from '../trust/world.ts'

const clock = () => new Date('2026-06-01T00:00:00Z')
const now = seconds('2026-06-01T00:00:00Z')
const whole = [...base, ...grantsOf(base)]

let database: Database
const append = (...facts: Fact[]) =>
  appendEntry(
    { clock, registryId: 'test', ledger: ledgerStore(database) },
    { kind: 'change', actor: 'a', facts },
  )
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
  ...[...triggers.keys()]
    .filter((name) => name.endsWith('_in_newest_entry'))
    .map((name) => name.replace('_in_newest_entry', '')),
]

describe('the triggers at a start', () => {
  it('are all there, as they were made', async () => {
    expect(triggers.size).toBeGreaterThan(60)
    expect(await triggerFaults(database)).toEqual([])
  })

  it('one that is gone is missed', async () => {
    await run('DROP TRIGGER status_event_terminal')
    await run('DROP TRIGGER ledger_no_delete')
    expect(await triggerFaults(database)).toEqual([
      'the database has lost the trigger ledger_no_delete',
      'the database has lost the trigger status_event_terminal',
    ])
  })

  it('one that was made again so that it never fires is found', async () => {
    const statement = triggers.get('ledger_no_delete') ?? ''
    await run('DROP TRIGGER ledger_no_delete')
    await run(statement.replace(' BEGIN ', ' WHEN 0 BEGIN '))
    expect(await said(run('DELETE FROM ledger WHERE position = 7'))).toBe('done')
    expect(await triggerFaults(database)).toEqual(['the trigger ledger_no_delete was changed'])
  })

  it('one that nobody asked for is found', async () => {
    await run(
      'CREATE TRIGGER deaf BEFORE INSERT ON credential_status_events BEGIN SELECT RAISE(IGNORE); END',
    )
    expect(await triggerFaults(database)).toEqual(['the trigger deaf is not ours'])
  })
})

describe('the tables', () => {
  const made = () =>
    database.orm.all<{ name: string; sql: string }>(
      sql`SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' AND name <> 'd1_migrations'`,
    )

  it('are all STRICT, which drizzle-kit cannot say: add it to what it generates', async () => {
    const loose = (await made()).filter((table) => !/\) STRICT(, WITHOUT ROWID)?$/.test(table.sql))
    expect(loose.map(({ name }) => name)).toEqual([])
  })

  it('of which nothing is replaced have no second key to replace a row by', async () => {
    const appendOnly = (await made()).filter(({ name }) => triggers.has(`${name}_no_update`))
    expect(appendOnly.length).toBeGreaterThan(12)
    const open = appendOnly
      .filter((table) => !table.sql.endsWith('WITHOUT ROWID'))
      .filter((table) => !/`(id|position)` integer PRIMARY KEY/.test(table.sql))
    expect(open.map(({ name }) => name)).toEqual([])
  })

  it('take nothing for JSON that is not', async () => {
    await append(status({ type: 'entity', id: 'issuer-VN' }, 'granted', now))
    const values = "'VN', 2, 'not JSON', 'ASEAN', '[]', 1800000000, 1"
    const loose = run(`INSERT INTO jurisdiction_version VALUES (${values})`)
    expect(await said(loose)).toContain('CHECK constraint failed: jurisdiction_version_name')
  })

  it('and nothing for a number that is not', async () => {
    await append(status({ type: 'entity', id: 'issuer-VN' }, 'granted', now))
    const values = "'VN', 2, '{}', 'ASEAN', '[]', 'some day', 1"
    const loose = run(`INSERT INTO jurisdiction_version VALUES (${values})`)
    expect(await said(loose)).toContain('cannot store TEXT value in INTEGER column')
  })
})

it('changes made at once land at positions of their own', async () => {
  const target = { type: 'entity', id: 'issuer-VN' } as const
  const all = await Promise.all([1, 2, 3].map((n) => append(status(target, 'granted', now + n))))
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
  await append({ ...recognition, version: 2, validFrom: now, levels })
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

  it.each(tables)('%s is not replaced either', async (table) => {
    if (table === 'ledger_blob') {
      await run("INSERT INTO ledger_blob VALUES (0, 0, 'x', 'x')")
    }
    const replaced = run(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table} LIMIT 1`)
    expect(await said(replaced)).toContain('registry: ')
  })
})

describe('what the ledger cannot hold', () => {
  it('an entry that leaves a gap', async () => {
    const gap = run("INSERT INTO ledger VALUES (2, 'k', 'a', 0, '{}', '')")
    expect(await said(gap)).toContain('position must be the next one')
  })

  it.each([
    ['ledger_blob', "0, 9, 'x', 'x'"],
    ['jurisdiction', "'TH', 0"],
    ['entity', "'x', 0"],
    ['jurisdiction_version', 'country, 2, name, bloc, levels, valid_from, position'],
    ['entity_version', 'id, 2, country, role, name, redirect_uris, valid_from, position'],
    ['trust_anchor', "'x', entity, use, certificate, valid_from, valid_to, position"],
    [
      'authorization_version',
      'id, 2, authority, subject, action, resource, max_proofing, max_authn, claims, valid_from, valid_to, position',
    ],
    [
      'purpose_version',
      'code, 2, title, claims, min_proofing, min_authn, legal_bases, retention_days, valid_from, valid_to, position',
    ],
    [
      'recognition_version',
      'id, 2, recogniser, recognised, credential_types, purposes, levels, max_proofing, max_authn, transfer_bases, legal_basis, agreement, valid_from, valid_to, position',
    ],
    ['status_event', 'position, target_type, target_id, status, effective_from + 1, reason'],
  ])('a fact that enters without its entry: %s', async (table, row) => {
    await append(status({ type: 'entity', id: 'issuer-VN' }, 'suspended', now))
    const source = row.includes('position')
      ? `SELECT ${row} FROM ${table} LIMIT 1`
      : `SELECT ${row}`
    const late = run(`INSERT INTO ${table} ${source}`)
    expect(await said(late)).toContain('facts enter with their entry')
  })

  const find = (type: Fact['type']) => {
    const found = base.find((fact) => fact.type === type)
    if (!found) throw new Error(`no ${type} in the world`)
    return found
  }
  /** The version after the one in the world, from now on. */
  const next = (fact: Fact, change: object = {}) =>
    ({ ...fact, version: 2, validFrom: now, ...change }) as Fact
  const versioned = ['jurisdiction', 'entity', 'authorization', 'purpose', 'recognition'] as const

  it.each<[string, Fact, string]>([
    ['a recognition that moves', next(recognition, { recognised: 'LA' }), 'may not move'],
    ['an authorization that moves', next(find('authorization'), { subject: 'issuer-VN' }), 'move'],
    ['an entity that moves', next(find('entity'), { country: 'VN' }), 'may not move'],
    ['an entity that takes another role', next(find('entity'), { role: 'issuer' }), 'may not move'],
    ['an entity of no state', { ...find('entity'), id: 'x', country: 'XX' } as Fact, 'unknown jur'],
    ['a status of nothing', status({ type: 'recognition', id: 'x' }, 'granted', now), 'unknown'],
  ])('%s', async (_, fact, says) => {
    expect(await append(fact)).toMatchObject({
      error: { code: 'registry_conflict', detail: expect.stringContaining(says) },
    })
    expect(await ledgerStore(database).position()).toBe(0)
  })

  describe.each(versioned)('a later %s', (type) => {
    it.each<[string, object, string]>([
      ['that skips one', { version: 3 }, 'version must be the next one'],
      ['that there is already', { version: 1 }, ''],
      ['that begins in the past', { validFrom: now - 1 }, 'may not begin in the past'],
    ])('%s', async (_, change, says) => {
      expect(await append(next(find(type), change))).toMatchObject({
        error: { code: 'registry_conflict', detail: expect.stringContaining(says) },
      })
    })

    it('is welcome where it is the next and begins now', async () => {
      expect(await append(next(find(type)))).toMatchObject({ ok: true })
      expect(await append(next(find(type), { version: 3, validFrom: now + 9 }))).toMatchObject({
        ok: true,
      })
    })
  })

  it('others refer to an entity, whatever its versions', async () => {
    await append(next(find('entity')))
    const issue = { ...find('authorization'), id: 'x', authority: 'nobody' } as Fact
    expect(await append(issue)).toMatchObject({
      error: { detail: expect.stringContaining('FOREIGN KEY') },
    })
    expect(await append({ ...find('authorization'), id: 'x' } as Fact)).toMatchObject({ ok: true })
  })
})

describe('only a compromise reaches into the past', () => {
  const target = { type: 'trust_anchor', id: 'anchor-VN' } as const

  it.each([
    ['suspended', 'key-compromise', -1, true],
    ['withdrawn', 'key-compromise', -1, true],
    ['granted', 'key-compromise', -1, false],
    ['suspended', 'security-incident', -1, false],
    ['withdrawn', 'superseded', -1, false],
    ['withdrawn', 'superseded', 0, true],
    ['granted', 'routine', 1, true],
  ] as const)('%s for %s, %d s from now: %s', async (to, reason, offset, welcome) => {
    const appended = await append(status(target, to, now + offset, reason))
    expect(appended.ok).toBe(welcome)
    if (!appended.ok) {
      expect(appended.error.detail).toContain('only a compromise may reach into the past')
    }
  })
})

describe('withdrawn is terminal', () => {
  const target = { type: 'recognition', id: 'sg-vn' } as const
  const july = (day: number) => seconds(`2026-07-${String(day).padStart(2, '0')}T00:00:00Z`)

  it.each([
    ['granting again', 'granted', 20],
    ['suspending', 'suspended', 20],
    ['granting for before', 'granted', 5],
    ['withdrawing again', 'withdrawn', 10],
  ] as const)('%s is refused', async (_, to, day) => {
    await append(status(target, 'withdrawn', july(10)))
    expect(await append(status(target, to, july(day)))).toMatchObject({
      error: {
        code: 'registry_conflict',
        detail: expect.stringContaining('withdrawn is terminal'),
      },
    })
  })

  it('but it may be moved forward, by a compromise into the past', async () => {
    await append(status(target, 'withdrawn', july(10)))
    expect(await append(status(target, 'withdrawn', july(5)))).toMatchObject({ ok: true })
    const compromised = status(target, 'withdrawn', now - 1, 'key-compromise')
    expect(await append(compromised)).toMatchObject({ ok: true })
  })

  it('suspended is not terminal', async () => {
    await append(status(target, 'suspended', july(10)))
    expect(await append(status(target, 'granted', july(12)))).toMatchObject({ ok: true })
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
        status({ type: 'entity', id: `${role}-${country}` }, 'granted', now + i),
      ),
    ),
  )
  const ledger = ledgerStore(counting)
  const appended = await appendEntry(
    { clock, registryId: 'test', ledger },
    { kind: 'k', actor: 'a', facts: events },
  )
  expect(appended).toMatchObject({ ok: true })
  expect(sizes.length).toBeGreaterThan(3)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
})
