import { env } from 'cloudflare:workers'
import type { D1Database } from '@cloudflare/workers-types'
import { beforeEach, describe, expect, it, vi } from 'vitest'
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

beforeEach(async () => {
  await memoryDatabase()
})

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
    await DB.prepare("INSERT INTO nonces VALUES ('old', 'vn', 1, NULL)").run()
    await worker.scheduled({}, { DB, LOG_LEVEL: 'silent' })
    expect(await DB.prepare('SELECT count(*) AS n FROM nonces').first('n')).toBe(0)
  })

  it('does not start without a trigger', async () => {
    await DB.prepare('DROP TRIGGER ledger_no_update').run()
    await expect(ready(await newIsolate(), {})).rejects.toThrow('ledger_no_update')
  })

  it('names every fault of its configuration', async () => {
    const worker = await newIsolate()
    const wrong = { APP_ENV: 'production', STATES: 'fr' }
    await expect(ready(worker, wrong)).rejects.toThrow(/STATES: .*\n.*https.*\n.*example keys/s)
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
    const missing = ready(await newIsolate(), { KEYS_KEK: kek })
    await expect(missing).rejects.toThrow('KEYS_JWKS: no key for credential:vn')
  })

  it('do not open with another, and never lie there in the clear', async () => {
    await store(exampleKeys.keys)
    await expect(ready(await newIsolate(), { KEYS_KEK: 'x'.repeat(43) })).rejects.toThrow(
      'KEYS_KEK',
    )
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
    await expect(ready(await newIsolate(), { KEYS_KEK: kek })).rejects.toThrow('does not open')
  })
})
