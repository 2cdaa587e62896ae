// Runs before every npm script, on whatever Node is there: installs what the lock file asks for when
// it is not what is installed, and makes sure that a Node of the right age will run the rest.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const packages = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

function upToDate() {
  const wanted = packages('package-lock.json')
  const installed = packages('node_modules/.package-lock.json')
  if (!wanted || !installed) return false
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true
    const there = installed[path]?.version
    // What is optional may be for another platform.
    return there === version || (optional && there === undefined)
  })
}

if (!upToDate()) {
  console.log('Installing dependencies (once; less than a minute) …')
  const npm = process.env.npm_execpath
  // No package here needs a script of its own to be installed: their binaries are in the packages.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], { stdio: 'inherit' })
    : spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}

const bringsNode = existsSync('node_modules/.bin/node') || existsSync('node_modules/.bin/node.cmd')
if (!bringsNode && Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `gerbang needs Node 24 or newer, and there is none to install for ${process.platform}-${process.arch}. ` +
      `This is Node ${process.versions.node}: install a newer one, then try again.`,
  )
  process.exit(1)
}
