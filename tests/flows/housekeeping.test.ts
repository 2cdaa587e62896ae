import { sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { appendEntry } from '../../src/registry/ledger.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import { kyc, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

const column = async (id: string, name: string) => {
  const query = sql`SELECT ${sql.identifier(name)} AS value FROM presentation_transactions WHERE id = ${id}`
  const [row] = await gateway.database.orm.all<{ value: unknown }>(query)
  return row?.value
}

it('what nobody answered in time is expired, and its secret gone', async () => {
  const { id } = await gateway.ask('bank-sg', { ...kyc, expires_in: 60 })
  expect(await column(id, 'encryption_secret')).not.toBeNull()
  gateway.advance(61)
  await gateway.deps.housekeeping()
  expect(await column(id, 'status')).toBe('expired')
  expect(await column(id, 'encryption_secret')).toBeNull()
})

it('claims are gone ten minutes after the verdict, and the transaction a day later', async () => {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const { id, authorization_request } = await gateway.ask()
  await wallet.present(authorization_request)
  expect(await column(id, 'result')).not.toBeNull()
  gateway.advance(601)
  await gateway.deps.housekeeping()
  expect(await column(id, 'result')).toBeNull()
  expect(await column(id, 'receipt')).not.toBeNull()
  gateway.advance(24 * 3600)
  await gateway.deps.housekeeping()
  expect(await column(id, 'status')).toBeUndefined()
})

it('a change that another process made to the registry is caught up with', async () => {
  const { clock, registry } = gateway.deps
  const before = registry.facts().length
  const target = { type: 'entity' as const, id: `${gateway.origin}/relying-parties/bank-sg` }
  const effectiveFrom = Math.floor(clock().getTime() / 1000)
  const suspension = { type: 'status' as const, target, status: 'suspended' as const }
  const facts = [{ ...suspension, effectiveFrom, reason: 'security-incident' as const }]
  const change = { kind: 'suspension', actor: 'somebody-else', facts }
  const deps = { clock, registryId: 'test', ledger: ledgerStore(gateway.database) }
  expect(await appendEntry(deps, change)).toMatchObject({ ok: true })
  await gateway.deps.housekeeping()
  expect(registry.facts()).toHaveLength(before + 1)
  const key = await gateway.keyOf('bank-sg').catch(() => undefined)
  const asked = key && (await gateway.post('/v1/presentations', kyc, key))
  expect(asked ? asked.status : 404).toBeGreaterThanOrEqual(400)
})
