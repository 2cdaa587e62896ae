import { existsSync, readFileSync } from 'node:fs'
import { type Config, readConfig } from '../config.ts'
import { databaseFile, readMigrations } from '../database-files.ts'
import { createDeps, type Deps } from '../deps.ts'
import { systemClock } from '../platform/clock.ts'
import { connectNode } from '../platform/connect.node.ts'
import { lineLog } from '../platform/log.ts'
import { systemRandom } from '../platform/random.ts'
import { unknownIssuers } from '../readiness.ts'
import { ok, type Result, refuse } from '../result.ts'
import { betterSqlite3, openSqlite, openSqliteToRead } from '../store/better-sqlite3.ts'
import type { Snapshot } from '../trust/snapshot.ts'

/** A gateway's judgement without the gateway. `kept`: from DATA_DIR, and not made for the occasion. */
export type OpenedRegistry = {
  deps: Deps
  snapshot: Snapshot
  source: string
  kept: boolean
  close(): void
}

/**
 * The registry that a gateway with this configuration would judge by: that of DATA_DIR, into which we
 * only look, or where there is none yet the sandbox's, in memory. The refusal is for the operator.
 */
export async function openRegistry(): Promise<Result<OpenedRegistry, string>> {
  const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'))
  if (!config.ok) return refuse(config.error.join('\n'))
  const { dataDir, env } = config.value
  const kept = existsSync(databaseFile(dataDir))
  if (!kept && env === 'production') return refuse(`DATA_DIR: there is no database in ${dataDir}`)
  try {
    return kept ? await openKept(config.value) : await openSandbox(config.value)
  } catch (error) {
    return refuse(`DATA_DIR: ${dataDir}: ${error instanceof Error ? error.message : error}`)
  }
}

async function openKept(config: Config): Promise<Result<OpenedRegistry, string>> {
  const client = openSqliteToRead(databaseFile(config.dataDir), readMigrations())
  const deps = depsOf(config, client)
  const opened = await opening(deps, await deps.faults(), () => client.close())
  if (!opened.ok) return opened
  const strangers = unknownIssuers(config, opened.value.snapshot)
  if (strangers[0] !== undefined) {
    client.close()
    return refuse(`${strangers[0]}`)
  }
  return ok({ ...opened.value, kept: true, source: `the registry in ${config.dataDir}` })
}

async function openSandbox(config: Config): Promise<Result<OpenedRegistry, string>> {
  const client = openSqlite(':memory:', readMigrations())
  const deps = depsOf(config, client)
  const opened = await opening(deps, await deps.prepare(), () => client.close())
  const source = `the registry of a fresh sandbox, since there is none in ${config.dataDir}`
  return opened.ok ? ok({ ...opened.value, kept: false, source }) : opened
}

const depsOf = (config: Config, client: Parameters<typeof betterSqlite3>[0]): Deps =>
  createDeps({
    config,
    database: betterSqlite3(client),
    clock: systemClock,
    random: systemRandom,
    connect: connectNode,
    log: lineLog(() => undefined, { level: 'silent', format: 'json' }, systemClock),
  })

async function opening(deps: Deps, faults: readonly string[], close: () => void) {
  const snapshot = faults.length === 0 ? await deps.snapshot() : undefined
  if (snapshot?.ok) return ok({ deps, snapshot: snapshot.value, close })
  close()
  return refuse(snapshot ? snapshot.error.detail : faults.join('\n'))
}
