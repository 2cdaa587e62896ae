import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Run = { child: ChildProcess; output: () => string; ended: Promise<number | null> }

/** As in the scripts of package.json: starting costs half as much. */
const NODE_COMPILE_CACHE = 'node_modules/.cache/node'

/** A gateway process of its own, with nothing of this process's configuration. */
export function runGateway(env: Record<string, string>): Run {
  const child = spawn(process.execPath, ['src/node.ts'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', NODE_COMPILE_CACHE, ...env },
  })
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  child.stderr.on('data', (text) => {
    output += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, output: () => output, ended }
}

export type Ended = { code: number | null; output: string }

/** A command of `gerbang` as a process of its own, until it has ended; `input` is its standard input. */
export async function runCommand(
  args: string[],
  env: Record<string, string> = {},
  input = '',
): Promise<Ended> {
  const child = spawn(process.execPath, ['src/cli.ts', ...args], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', NODE_COMPILE_CACHE, ...env },
  })
  child.stdin.end(input)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}

/** The same process, once it serves; throws with what it said when it does not. */
export async function ready(gateway: Run): Promise<Run> {
  const serves = () => gateway.output().includes('listening on')
  const line = new Promise<void>((resolve) => {
    gateway.child.stdout?.on('data', () => serves() && resolve())
  })
  await Promise.race([line, gateway.ended])
  if (!serves()) throw new Error(gateway.output())
  return gateway
}

export const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** A folder that is gone when it has been used. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'gerbang-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
