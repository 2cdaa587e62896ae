import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../support/process.ts'

/** CPU time in microseconds, of all threads since it began, and resident memory in bytes. */
export type Usage = { cpu: number; rss: number }

export type ServerProcess = {
  name: string
  does: string
  origin: string
  usage(collect?: boolean): Promise<Usage>
  stop(): Promise<void>
}

export type ServerKind = {
  name: string
  does: string
  script: string
  env?: Record<string, string>
  flags?: string[]
}

const probe = join(import.meta.dirname, 'probe.ts')

/** A folder that is gone once the work is done. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'gerbang-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Starts a server in a process of its own, with a port of its own unless `env` says one. */
export async function startServer(
  { name, does, script, env = {}, flags = [] }: ServerKind,
  folder: string,
): Promise<ServerProcess> {
  const port = env.PORT ?? String(await freePort())
  const child = spawn(process.execPath, [...flags, '--import', probe, script], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...{ PATH: process.env.PATH, NODE_COMPILE_CACHE: 'node_modules/.cache/node' },
      ...{ PORT: port, DATA_DIR: folder, ...env },
    },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await listening(child, name)
  return {
    ...{ name, does, origin: `http://localhost:${port}` },
    usage: (collect = false) =>
      new Promise((resolve) => {
        child.once('message', (usage) => resolve(usage as Usage))
        child.send({ collect })
      }),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function listening(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => text.includes('listening on') && resolve())
    child.once('exit', (code) => reject(new Error(`${name} did not start (exit code ${code})`)))
  })
}
