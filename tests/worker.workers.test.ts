import { env } from 'cloudflare:workers'
import type { D1Database } from '@cloudflare/workers-types'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exampleKeys } from '../src/example-keys.ts'
import type { PurposeJwk } from '../src/platform/jwk-key-ring.ts'
import { wrapKey } from '../src/wrapped-keys.ts'
import { memoryDatabase } from './support/database.ts'

const { DB } = env as unknown as { DB: D1Database }
const kek = 'k'.repeat(43)

/** The entry as a new isolate would load it. */
async function newIsolate() {
  vi.resetModules()
  return (await import('../src/worker.ts')).default
}
const ready = (worker: Awaited<ReturnType<typeof newIsolate>>, variables: Record<string, string>) =>
  worker.fetch(new Request('http://localhost:8787/readyz'), { DB, ...variables })

let complaints: string
beforeEach(async () => {
  await memoryDatabase()
  complaints = ''
  vi.spyOn(console, 'error').mockImplementation((line) => {
    complaints += `${line}\n`
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** It answers opaquely, and tells its operator why. */
async function cannotStart(variables: Record<string, string>): Promise<string> {
  const answer = await ready(await newIsolate(), variables)
  const body = await answer.text()
  expect(answer.status).toBe(500)
  expect(JSON.parse(body)).toMatchObject({ code: 'internal_error' })
  expect(complaints).toContain(answer.headers.get('x-request-id'))
  for (const line of complaints.trimEnd().split('\n')) {
    expect(body).not.toContain(line.replace(/.*cannot start: /, '').slice(0, 20))
  }
  return complaints
}

describe('the Worker', () => {
  it('seeds its registry at the first request, and serves', async () => {
    const worker = await newIsolate()
    const answer = await ready(worker, { LOG_LEVEL: 'silent' })
    expect(await answer.json()).toEqual({ status: 'ready' })
    expect(await DB.prepare('SELECT count(*) AS n FROM ledger').first('n')).toBe(1)
  })

  it('finds the same registry from a second isolate', async () => {
    await ready(await newIsolate(), { LOG_LEVEL: 'silent' })
    expect((await ready(await newIsolate(), { LOG_LEVEL: 'silent' })).status).toBe(200)
    expect(await DB.prepare('SELECT count(*) AS n FROM ledger').first('n')).toBe(1)
  })

  it('keeps house when scheduled', async () => {
    const worker = await newIsolate()
    await DB.prepare("INSERT INTO seen_proofs VALUES ('old', 1)").run()
    await worker.scheduled({}, { DB, LOG_LEVEL: 'silent' })
    expect(await DB.prepare('SELECT count(*) AS n FROM seen_proofs').first('n')).toBe(0)
  })

  it('does not start without a trigger', async () => {
    await DB.prepare('DROP TRIGGER ledger_no_update').run()
    expect(await cannotStart({})).toContain('ledger_no_update')
  })

  it('names every fault of its configuration', async () => {
    const wrong = { APP_ENV: 'production', STATES: 'fr' }
    expect(await cannotStart(wrong)).toMatch(/STATES: .*\n.*https.*\n.*example keys/s)
  })
})

describe('keys at rest in D1', () => {
  const store = async (keys: readonly PurposeJwk[]) => {
    for (const key of keys) {
      const { kid, box } = await wrapKey(kek, key)
      await DB.prepare('INSERT INTO wrapped_keys VALUES (?, ?)').bind(kid, box).run()
    }
  }

  it('open with KEYS_KEK, and are the keys in use', async () => {
    await store(exampleKeys.keys.filter(({ purpose }) => purpose !== 'credential:vn'))
    const missing = 'KEYS_JWKS: no key for credential:vn'
    expect(await cannotStart({ KEYS_KEK: kek })).toContain(missing)
  })

  it('do not open with another, and never lie there in the clear', async () => {
    await store(exampleKeys.keys)
    expect(await cannotStart({ KEYS_KEK: 'x'.repeat(43) })).toContain('KEYS_KEK')
    const { results } = await DB.prepare('SELECT * FROM wrapped_keys').all()
    const { d = '' } = exampleKeys.keys[0] ?? {}
    expect(d.length).toBeGreaterThan(40)
    expect(JSON.stringify(results)).not.toContain(d)
  })

  it('cannot be put under another name', async () => {
    const [first, second] = exampleKeys.keys
    if (!first || !second) throw new Error('no keys')
    const { box } = await wrapKey(kek, first)
    await DB.prepare('INSERT INTO wrapped_keys VALUES (?, ?)').bind(second.kid, box).run()
    expect(await cannotStart({ KEYS_KEK: kek })).toContain('does not open')
  })
})
