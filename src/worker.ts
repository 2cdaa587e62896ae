import type { D1Database } from '@cloudflare/workers-types'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { createDeps, type Deps } from './deps.ts'
import { internalError } from './http/render.ts'
import { systemClock } from './platform/clock.ts'
import { connectWorker } from './platform/connect.ts'
import { lineLog, trace } from './platform/log.ts'
import { systemRandom } from './platform/random.ts'
import { ok, type Result, refuse } from './result.ts'
import { d1 } from './store/d1.ts'
import type { Database } from './store/database.ts'
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

async function openGateway(env: Env): Promise<Result<Gateway, string[]>> {
  if (gateway) return ok(gateway)
  const database = d1(env.DB)
  const keys = await keysAtRest(env, database)
  if (!keys.ok) return keys
  const read = readConfig({ ...variables(env), ...keys.value }, () => {
    throw new Error('there are no files on Workers')
  })
  if (!read.ok) return read
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
  if (faults.length > 0) return refuse(faults)
  gateway = { deps, app: createApp(deps) }
  return ok(gateway)
}

/** The gateway's keys, where the secret `KEYS_KEK` says that they lie in the database. */
async function keysAtRest({ KEYS_KEK: kek }: Env, database: Database) {
  if (!kek) return ok({})
  try {
    return ok({ KEYS_JWKS: await unwrapKeys(kek, await wrappedKeyStore(database).all()) })
  } catch (error) {
    return refuse([error instanceof Error ? error.message : 'KEYS_KEK: unusable'])
  }
}

const variables = (env: Env) =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )

/** What the operator must mend is on the console, a line each; outsiders learn an id, no more. */
function cannotStart(faults: readonly string[]): Response {
  const requestId = crypto.randomUUID()
  for (const fault of faults) console.error(`gerbang cannot start: ${fault} (request ${requestId})`)
  return internalError(requestId, false)
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const opened = await openGateway(env).catch((error) => refuse([trace(error)]))
    return opened.ok ? opened.value.app.fetch(request) : cannotStart(opened.error)
  },
  async scheduled(_: unknown, env: Env): Promise<void> {
    const opened = await openGateway(env)
    if (opened.ok) await opened.value.deps.housekeeping()
    else cannotStart(opened.error)
  },
}
