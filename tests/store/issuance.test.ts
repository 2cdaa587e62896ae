import { getTableName, is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessTokenStore } from '../../src/store/access-tokens.ts'
import type { Database } from '../../src/store/database.ts'
import { offerStore } from '../../src/store/offers.ts'
import * as schema from '../../src/store/schema/issuance.ts'
import { seenProofStore } from '../../src/store/seen-proofs.ts'
import { memoryDatabase } from '../support/database.ts'
import { issuers, preAuthorized } from '../support/issuance.ts'

const now = new Date('2026-11-21T10:00:00Z')
const later = new Date(now.getTime() + 60_000)

let db: Database
beforeEach(async () => {
  db = await memoryDatabase()
})

const times = <T>(n: number, make: () => Promise<T>) => Promise.all(Array.from({ length: n }, make))

describe('offerStore', () => {
  const offer = {
    idHash: 'id',
    issuer: 'vn',
    sealedOffer: 'offer',
    codeHash: 'code',
    sealedGrant: 'grant',
    expiresAt: later,
  }
  const redeem = (txCodeHash?: string) =>
    offerStore(db).redeem({ issuer: 'vn', codeHash: 'code', txCodeHash, now })

  const find = (issuer = 'vn', at = now) =>
    offerStore(db).findByCode({ issuer, codeHash: 'code', now: at })

  it('lets one of many redeem a code', async () => {
    await offerStore(db).add(offer)
    const redeemed = await times(20, () => redeem())
    expect(redeemed.filter((r) => r !== 'unknown')).toEqual(['redeemed'])
  })

  it('finds a code for as long as it can be redeemed, however often', async () => {
    await offerStore(db).add(offer)
    const grant = { sealedGrant: 'grant', asksForTxCode: false }
    expect(await times(9, () => find())).toEqual(Array(9).fill(grant))
    expect(await find('sg')).toBeUndefined()
    expect(await find('vn', later)).toBeUndefined()
    await redeem()
    expect(await find()).toBeUndefined()
  })

  it('forgives four wrong transaction codes', async () => {
    await offerStore(db).add({ ...offer, txCodeHash: 'right' })
    expect(await find()).toMatchObject({ asksForTxCode: true })
    expect(new Set(await times(4, () => redeem('wrong')))).toEqual(new Set(['tx_code_wrong']))
    expect(await redeem('right')).toBe('redeemed')
    expect(await redeem('right')).toBe('unknown')
  })

  it('compares five transaction codes and no more, however many come at once', async () => {
    await offerStore(db).add({ ...offer, txCodeHash: 'right' })
    const guesses = await times(20, () => redeem('wrong'))
    expect(guesses.filter((g) => g === 'tx_code_wrong')).toHaveLength(5)
    expect(await redeem('right')).toBe('unknown')
    expect(await find()).toBeUndefined()
  })

  it('never redeems a code with another transaction code, or none', async () => {
    await offerStore(db).add({ ...offer, txCodeHash: 'right' })
    expect(await redeem()).toBe('tx_code_wrong')
    await offerStore(db).add({ ...offer, idHash: 'b', codeHash: 'b' })
    const without = { issuer: 'vn', codeHash: 'b', txCodeHash: 'x', now }
    expect(await offerStore(db).redeem(without)).toBe('tx_code_wrong')
  })
})

describe('seenProofStore', () => {
  it('lets one of many show a proof', async () => {
    const { remember } = seenProofStore(db)
    const shown = await times(20, () => remember('hash', later))
    expect(shown.filter(Boolean)).toHaveLength(1)
  })
})

describe('forgetExpired', () => {
  it('forgets what has expired, at the instant it does, and nothing else', async () => {
    const stores = {
      offers: offerStore(db),
      accessTokens: accessTokenStore(db),
      proofs: seenProofStore(db),
    }
    const secrets = { sealedOffer: 'o', sealedGrant: 'g', issuer: 'vn' }
    for (const [id, expiresAt] of [
      ['old', now],
      ['new', later],
    ] as const) {
      await stores.offers.add({ ...secrets, idHash: id, codeHash: id, expiresAt })
      await stores.accessTokens.add({ tokenHash: id, issuer: 'vn', sealedGrant: 'g', expiresAt })
      await stores.proofs.remember(id, expiresAt)
    }
    for (const store of Object.values(stores)) await store.forgetExpired(now)
    const tables = ['credential_offers', 'access_tokens', 'seen_proofs']
    for (const table of tables) {
      const rows = await db.orm.all(sql`SELECT * FROM ${sql.identifier(table)}`)
      expect(rows).toHaveLength(1)
      expect(JSON.stringify(rows)).toContain('new')
    }
  })
})

describe('the database after an issuance', () => {
  it('holds no person, no claim, and no secret', async () => {
    const world = await issuers()
    const { code, txCode, uri } = await world.offer({ tx_code: true })
    const parameters = { grant_type: preAuthorized, 'pre-authorized_code': code, tx_code: txCode }
    const { body } = await world.token(parameters)
    const { credential, key } = await world.issue()
    const id = new URL(uri).searchParams.get('credential_offer_uri')?.split('/').at(-1)

    const tables = Object.values(schema).filter((table) => is(table, SQLiteTable))
    expect(tables.length).toBeGreaterThan(5)
    const rows: unknown[] = []
    for (const table of tables) {
      rows.push(
        ...(await world.db.orm.all(sql`SELECT * FROM ${sql.identifier(getTableName(table))}`)),
      )
    }
    const everything = JSON.stringify(rows)
    expect(rows.length).toBeGreaterThan(5)
    const secrets = [code, txCode, id, body.access_token, credential, credential.split('~')[1]]
    const person = ['vn-nguyen-thi-an', 'Nguyễn', '1990-05-19', '001190999901', key.publicJwk.x]
    for (const text of [...secrets, ...person]) {
      expect(text).toBeTruthy()
      expect(everything).not.toContain(`"${text}"`)
      if (String(text).length > 6) expect(everything).not.toContain(text)
    }
  })
})

describe('what was issued, and what became of it', () => {
  const run = async (statement: string) => db.orm.run(sql.raw(statement))
  const said = (done: Promise<unknown>) =>
    done.then(
      () => 'done',
      (error) => `${error} ${error.cause}`,
    )
  beforeEach(async () => {
    await run("INSERT INTO status_lists VALUES ('l', 'vn', 0)")
    await run("INSERT INTO issuances VALUES ('l', 7, 'vn', 'pid-sd-jwt', 'h', 0, 0)")
    await run("INSERT INTO credential_status_events VALUES (1, 'l', 7, 'invalid', 0)")
  })

  it.each(['status_lists', 'issuances', 'credential_status_events'])(
    '%s: nothing is changed or deleted',
    async (table) => {
      const column = table === 'status_lists' ? 'issuer' : 'status_list'
      const message = `${table} is append-only`
      expect(await said(run(`UPDATE ${table} SET ${column} = 'x'`))).toContain(message)
      expect(await said(run(`DELETE FROM ${table}`))).toContain(message)
    },
  )

  it('a revocation is final, whoever writes', async () => {
    const reinstate = run("INSERT INTO credential_status_events VALUES (2, 'l', 7, 'valid', 1)")
    expect(await said(reinstate)).toContain('invalid is final')
  })
})
