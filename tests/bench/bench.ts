import '../../src/on-node.ts'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { load } from './load.ts'
import type { Extent, Row } from './row.ts'
import { dcqlRows } from './rows/dcql.ts'
import { flowRows } from './rows/flow.ts'
import { issueRows } from './rows/issue.ts'
import { mdocRows } from './rows/mdoc.ts'
import { responseRows } from './rows/response.ts'
import { sdJwtVcRows } from './rows/sd-jwt-vc.ts'
import { startRows } from './rows/start.ts'
import { statusListRows } from './rows/status-list.ts'
import { workerRows } from './rows/worker.ts'
import { type Outcome, outcomeOf, printed } from './table.ts'

const help = `Measures gerbang against floors and peers, in turns, by CPU time.

  npm run bench -- --flows [--seconds N]
                   honest flows and forged ones at a gateway, N seconds (30): none of these may be
                   accepted, none of those lost

  npm run bench -- [--only ROW,…] [--rounds N] [--ms N] [--json FILE] [--accept] [--long]

  --only     rows whose id begins with one of these
  --rounds   rounds of each row (9; at least 5)
  --ms       CPU time of each contender in each round (100)
  --json     where the figures go (node_modules/.cache/bench.json)
  --accept   accept the ratios of this run: later ones are held to them
  --long     what takes many minutes, too
`
const rows: Row[] = [
  ...[...sdJwtVcRows, ...mdocRows, ...responseRows, ...issueRows],
  ...[...statusListRows, ...dcqlRows, ...flowRows, ...startRows, ...workerRows],
]

const options = readOptions()
const prefixes = options.only.split(',')
const wanted = rows.filter(({ id }) => prefixes.some((prefix) => id.startsWith(prefix)))
for (const name of ['rounds', 'ms', 'seconds'] as const) {
  if (!(Number(options[name]) > 0)) misused(`--${name} is a number above 0`)
}
if (wanted.length === 0) misused(`--only: no row begins so. ${rows.map(({ id }) => id).join(', ')}`)

function readOptions() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', default: '' },
        rounds: { type: 'string', default: '9' },
        ms: { type: 'string', default: '100' },
        json: { type: 'string', default: 'node_modules/.cache/bench.json' },
        accept: { type: 'boolean', default: false },
        long: { type: 'boolean', default: false },
        flows: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '30' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error))
  }
}

function misused(sentence: string): never {
  console.error(`${sentence}\nnpm run bench -- --help says how it is used`)
  process.exit(2)
}

const acceptedFile = join(import.meta.dirname, 'accepted.json')
const accepted: Record<string, number> = existsSync(acceptedFile)
  ? JSON.parse(readFileSync(acceptedFile, 'utf8'))
  : {}
const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** One line that is written over, where there is a terminal; else nothing, so that logs stay short. */
function progressOf(row: Row) {
  const { stderr } = process
  return (text: string) => {
    if (stderr.isTTY) stderr.write(text && `\r\x1b[K${styleText('gray', `${row.id}: ${text}`)}`)
  }
}
const clearLine = () => process.stderr.isTTY && process.stderr.write('\r\x1b[K')

async function measured(): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const row of wanted) {
    const extent: Extent = {
      rounds: Math.max(5, Number(options.rounds)),
      ms: Number(options.ms),
      long: options.long,
      progress: progressOf(row),
    }
    const why = row.unavailable?.(extent)
    if (why !== undefined) {
      console.log(`${styleText('bold', row.work)}\n  not measured: ${why}\n`)
      continue
    }
    extent.progress('begins')
    const outcome = outcomeOf(row, await row.measure(extent), accepted[row.id])
    clearLine()
    console.log(`${printed(outcome)}\n`)
    outcomes.push(outcome)
  }
  return outcomes
}

async function bench(): Promise<number> {
  const began = performance.now()
  const outcomes = await measured()
  mkdirSync(dirname(options.json), { recursive: true })
  const { version, arch, platform } = process
  writeFileSync(options.json, asJson({ node: version, arch, platform, rows: outcomes }))
  if (options.accept) {
    const ratios = outcomes.map(({ id, ratio }) => [id, Math.round(ratio * 1000) / 1000])
    writeFileSync(acceptedFile, asJson({ ...accepted, ...Object.fromEntries(ratios) }))
  }
  const seconds = Math.round((performance.now() - began) / 1000)
  const short = outcomes.filter(({ standing }) => standing === 'goal not met')
  console.log(`${outcomes.length} rows in ${seconds} s, ${short.length} short of the goal`)
  const lost = outcomes.filter(({ isLoss }) => isLoss)
  if (options.accept || lost.length === 0) return 0
  for (const { id, ratio, accepted } of lost) {
    console.error(`${id} has lost more than a tenth: ${ratio.toFixed(2)} after ${accepted}`)
  }
  return 1
}

if (options.help) console.log(help)
else process.exitCode = options.flows ? await load(Number(options.seconds)) : await bench()
