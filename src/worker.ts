import type { D1Database } from '@cloudflare/workers-types'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { createDeps, type Deps } from './deps.ts'
import { systemClock } from './platform/clock.ts'
import { connectWorker } from './platform/connect.ts'
import { lineLog } from './platform/log.ts'
import { systemRandom } from './platform/random.ts'
import { d1 } from './store/d1.ts'
import { wrappedKeyStore } from './store/wrapped-keys.ts'
import { unwrapKeys } from './wrapped-keys.ts'

/** The bindings of `wrangler.toml`, the secret `KEYS_KEK`, and the variables of the configuration. */
type Env = { DB: D1Database; KEYS_KEK?: string } & Record<string, unknown>

type Gateway = { deps: Deps; app: ReturnType<typeof createApp> }

/**
 * One gateway an isolate. It is made at the first request, since there is no I/O at module scope;
 * only the finished one is kept, since a promise of one request must not be awaited in another.
 */
let gateway: Gateway | undefined

async function openGateway(env: Env): Promise<Gateway> {
  if (gateway) return gateway
  const database = d1(env.DB)
  const keys =
    env.KEYS_KEK && (await unwrapKeys(env.KEYS_KEK, await wrappedKeyStore(database).all()))
  const read = readConfig({ ...variables(env), ...(keys && { KEYS_JWKS: keys }) }, () => {
    throw new Error('there are no files on Workers')
  })
  if (!read.ok) throw new Error(read.error.join('\n'))
  const log = lineLog((line) => console.log(line), read.value.log, systemClock)
  const deps = createDeps({
    config: read.value,
    database,
    clock: systemClock,
    random: systemRandom,
    connect: connectWorker,
    log,
  })
  const faults = await deps.prepare()
  if (faults.length > 0) throw new Error(faults.join('\n'))
  gateway = { deps, app: createApp(deps) }
  return gateway
}

const variables = (env: Env) =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { app } = await openGateway(env)
    return app.fetch(request)
  },
  async scheduled(_: unknown, env: Env): Promise<void> {
    const { deps } = await openGateway(env)
    await deps.housekeeping()
  },
}
