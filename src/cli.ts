#!/usr/bin/env node
import { parseArgs } from 'node:util'

const usage = `gerbang <command>

  demo    the main journey in the terminal, against a gateway it starts itself
`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
})
const [command] = positionals

try {
  if (command === 'demo') await (await import('./demo.ts')).demo()
  else {
    const asked = values.help === true
    ;(asked ? console.log : console.error)(usage)
    process.exitCode = asked ? 0 : 2
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
