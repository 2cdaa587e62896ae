import './on-node.ts'
import { mkdirSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { serve } from '@hono/node-server'
import type BetterSqlite3 from 'better-sqlite3'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { databaseFile, readMigrations } from './database-files.ts'
import { createDeps } from './deps.ts'
import { systemClock } from './platform/clock.ts'
import { connectNode } from './platform/connect.node.ts'
import { lineLog, trace } from './platform/log.ts'
import { systemRandom } from './platform/random.ts'
import { betterSqlite3, openSqlite } from './store/better-sqlite3.ts'

const housekeepingMs = 60_000
/** How long requests in flight may take once we have been told to stop. */
const graceMs = 10_000

/** Ends the process with one line for each thing that the operator must mend. */
function die(...faults: string[]): never {
  for (const fault of faults) console.error(`gerbang cannot start: ${fault}`)
  process.exit(1)
}

const explain = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** What it gives, or the end: whatever goes wrong before we serve is the operator's to mend. */
async function orDie<T>(about: string, attempt: () => T | Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    die(`${about}: ${explain(error)}`)
  }
}

function openDatabase(dataDir: string): BetterSqlite3.Database {
  // The file is the operator's own, whoever made the folder.
  process.umask(0o077)
  mkdirSync(dataDir, { recursive: true })
  return openSqlite(databaseFile(dataDir), readMigrations())
}

type Fetch = (request: Request) => Response | Promise<Response>

function listen(fetch: Fetch, { port, host: hostname, tls }: Config): Server {
  const server = tls
    ? serve({
        fetch,
        port,
        hostname,
        createServer: createHttpsServer,
        serverOptions: { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' },
      })
    : serve({ fetch, port, hostname })
  return server as Server
}

const read = readConfig(process.env, (path) => readFileSync(path, 'utf8'))
if (!read.ok) die(...read.error)
const config = read.value

const client = await orDie(`DATA_DIR: ${config.dataDir}`, () => openDatabase(config.dataDir))
const log = lineLog((line) => console.log(line), config.log, systemClock)
const stopping = new AbortController()
const deps = createDeps({
  config,
  database: betterSqlite3(client),
  clock: systemClock,
  random: systemRandom,
  connect: connectNode,
  log,
  stopping: stopping.signal,
})
const faults = await orDie('the registry', deps.prepare)
if (faults.length > 0) die(...faults)

const app = createApp(deps)

/** Once we stop, each answer says that it is the last on its connection. */
async function answer(request: Request): Promise<Response> {
  const response = await app.fetch(request)
  if (stopping.signal.aborted) response.headers.set('connection', 'close')
  return response
}
const server = await orDie('TLS_CERT_FILE and TLS_KEY_FILE', () => listen(answer, config))
server.on('error', (error: NodeJS.ErrnoException) =>
  die(
    error.code === 'EADDRINUSE'
      ? `PORT: ${config.port} is taken; set PORT to a free one`
      : explain(error),
  ),
)
server.on('listening', () => {
  if (config.env === 'sandbox')
    console.log(`the sandbox, and who recognises whom: ${config.publicUrl}/`)
  console.log(`listening on ${config.publicUrl}`)
})

const housekeeping = setInterval(() => {
  deps.housekeeping().catch((error) => log.error('housekeeping', { error: trace(error) }))
}, housekeepingMs)

/** Requests in flight finish, then the database closes; whoever takes too long is cut off. */
function stop(): void {
  clearInterval(housekeeping)
  stopping.abort()
  server.close(() => {
    client.close()
    log.info('stopped')
  })
  // A connection whose answer began before we were told to stop is kept alive for nothing.
  setInterval(() => server.closeIdleConnections(), 500).unref()
  setTimeout(() => server.closeAllConnections(), graceMs).unref()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
