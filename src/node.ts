import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import { join } from 'node:path'
import { type ServerType, serve } from '@hono/node-server'
import BetterSqlite3 from 'better-sqlite3'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { createDeps } from './deps.ts'
import { systemClock } from './platform/clock.ts'
import { connectNode } from './platform/connect.node.ts'
import { lineLog } from './platform/log.ts'
import { systemRandom } from './platform/random.ts'
import { betterSqlite3 } from './store/better-sqlite3.ts'
import { migrate } from './store/migrations.ts'

const housekeepingMs = 60_000
/** How long requests in flight may take once we have been told to stop. */
const graceMs = 10_000

/** Ends the process with one line for each thing that the operator must mend. */
function die(...faults: string[]): never {
  for (const fault of faults) console.error(`gerbang cannot start: ${fault}`)
  process.exit(1)
}

const explain = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** Opens the database file, brings its schema up to date, and refuses one that is not sound. */
function openDatabase(dataDir: string): BetterSqlite3.Database {
  const file = join(dataDir, 'gerbang.sqlite')
  // The file is the operator's own, whoever made the folder.
  process.umask(0o077)
  try {
    mkdirSync(dataDir, { recursive: true })
    const client = new BetterSqlite3(file)
    client.pragma('journal_mode = WAL')
    // An acknowledged change survives a power cut; the driver's own default in WAL mode would not.
    client.pragma('synchronous = FULL')
    client.pragma('foreign_keys = ON')
    client.pragma('busy_timeout = 5000')
    client.pragma('secure_delete = ON')
    const check = client.pragma('quick_check(1)', { simple: true })
    if (check !== 'ok') throw new Error('the database is corrupt; restore a backup')
    migrate(client, readMigrations())
    return client
  } catch (error) {
    die(`DATA_DIR: ${file}: ${explain(error)}`)
  }
}

function readMigrations() {
  const folder = join(import.meta.dirname, '../migrations')
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }))
}

function listen(fetch: (request: Request) => Response | Promise<Response>, config: Config) {
  const { port, host: hostname, tls } = config
  return tls
    ? serve({
        fetch,
        port,
        hostname,
        createServer: createHttpsServer,
        serverOptions: { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' },
      })
    : serve({ fetch, port, hostname })
}

const read = readConfig(process.env, (path) => readFileSync(path, 'utf8'))
if (!read.ok) die(...read.error)
const config = read.value

const client = openDatabase(config.dataDir)
const log = lineLog((line) => console.log(line), config.log, systemClock)
const deps = createDeps({
  config,
  database: betterSqlite3(client),
  clock: systemClock,
  random: systemRandom,
  connect: connectNode,
  log,
})
const faults = await deps.prepare()
if (faults.length > 0) die(...faults)

const app = createApp(deps)
const server = listen(app.fetch, config)
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
  deps.housekeeping().catch((error) => log.error('housekeeping', { error: explain(error) }))
}, housekeepingMs)

/** Requests in flight finish, then the database closes; whoever takes too long is cut off. */
function stop(server: ServerType): void {
  clearInterval(housekeeping)
  server.close(() => {
    client.close()
    log.info('stopped')
  })
  if ('closeIdleConnections' in server) {
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), graceMs).unref()
  }
}
process.once('SIGINT', () => stop(server))
process.once('SIGTERM', () => stop(server))
