import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { issuanceStore } from '../../src/store/issuances.ts'
import { statusListStore } from '../../src/store/status-lists.ts'
import { memoryDatabase } from '../support/database.ts'

const now = new Date('2026-11-24T08:00:00Z')
const issuance = {
  statusList: 'l',
  idx: 7,
  issuer: 'vn',
  credentialConfigurationId: 'pid-sd-jwt',
  credentialHash: 'hash',
  issuedAt: now,
  expiresAt: now,
}

let db: Database
const run = (statement: string) => db.orm.run(sql.raw(statement))
const rows = (table: string) => db.orm.all(sql`SELECT * FROM ${sql.identifier(table)}`)
/** What the database says of an attempt. */
const said = async (statement: string) => {
  try {
    await run(statement)
    return 'done'
  } catch (error) {
    return error instanceof Error ? `${error} ${error.cause}` : String(error)
  }
}

beforeEach(async () => {
  db = await memoryDatabase()
  await statusListStore(db).open({ id: 'l', issuer: 'vn', number: 0 })
  expect(await issuanceStore(db).record(issuance)).toBe(true)
  const event = { statusList: 'l', idx: 7, status: 'suspended', at: now } as const
  expect(await statusListStore(db).append(event)).toBe(true)
})

describe('what was issued is not replaced', () => {
  it.each([
    ['status_lists', "'l', 'sg', 0"],
    ['status_lists', "'other', 'vn', 0"],
    ['issuances', "'l', 7, 'vn', 'pid-sd-jwt', 'another hash', 0, 0"],
  ])('%s: (%s) comes to nothing', async (table, values) => {
    const before = await rows(table)
    await run(`INSERT OR REPLACE INTO ${table} VALUES (${values})`)
    await run(`INSERT INTO ${table} VALUES (${values})`)
    expect(await rows(table)).toEqual(before)
  })

  it.each(['status_lists', 'issuances'])('%s has no row number to replace by', async (table) => {
    const copy = `INSERT OR REPLACE INTO ${table} (rowid) SELECT rowid FROM ${table}`
    expect(await said(copy)).toMatch(/no column named rowid|no such column: rowid/)
  })

  it.each([
    ['the same event', 1, 'events only go on'],
    ['one before it', 0, 'CHECK constraint failed: credential_status_events_id'],
    ['one below all', -1, 'CHECK constraint failed: credential_status_events_id'],
  ])('an event: %s', async (_, id, says) => {
    const before = await rows('credential_status_events')
    const replaced = `INSERT OR REPLACE INTO credential_status_events VALUES (${id}, 'l', 7, 'valid', 0)`
    expect(await said(replaced)).toContain(says)
    expect(await rows('credential_status_events')).toEqual(before)
  })

  it('an event of what was never issued is refused', async () => {
    const stray = "INSERT INTO credential_status_events VALUES (NULL, 'l', 8, 'valid', 0)"
    expect(await said(stray)).toContain('FOREIGN KEY')
    expect(await rows('credential_status_events')).toHaveLength(1)
  })
})

describe('and what is new still finds its place', () => {
  it('of two that open one number the first stays, and neither is told of it', async () => {
    const lists = statusListStore(db)
    await lists.open({ id: 'late', issuer: 'vn', number: 0 })
    expect(await lists.newestOf('vn')).toEqual({ id: 'l', number: 0 })
    await lists.open({ id: 'next', issuer: 'vn', number: 1 })
    expect(await lists.newestOf('vn')).toEqual({ id: 'next', number: 1 })
  })

  it('an index that is taken is not taken again', async () => {
    const { record } = issuanceStore(db)
    expect(await record({ ...issuance, credentialHash: 'another' })).toBe(false)
    expect(await record({ ...issuance, idx: 8 })).toBe(true)
  })

  it('events go on', async () => {
    const { append, newestEvent } = statusListStore(db)
    expect(await append({ statusList: 'l', idx: 7, status: 'valid', at: now })).toBe(true)
    expect(await newestEvent('l')).toBe(2)
  })
})
