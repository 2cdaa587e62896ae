/**
 *     npm run fuzz -- --minutes N [--seed N] [--keep]
 *
 * Throws mutated presentations at the verifier, and holds it to what must hold whatever comes: it
 * throws nothing, takes little time, releases nothing that was not signed, and its memory stays flat.
 * An input that fails for reasons of its own is mutated further, so that the fuzzer works its way in.
 *
 * What was taken wrongly is written to `tests/fuzz/kept`, where `npm test` tries it again for ever.
 * With `--keep` so is the shortest input for each first reason of refusal that is not there yet.
 */
import '../../src/on-node.ts'
import { parseArgs, styleText } from 'node:util'
import fc from 'fast-check'
import { keep, readKept } from './kept.ts'
import { type Memory, memoryFault } from './memory.ts'
import { type Draw, type Target, tried } from './target.ts'
import { createTargets } from './targets.ts'

const usage =
  'npm run fuzz -- --minutes N [--seed N] [--keep]: minutes above 0, and a whole number for the seed.'
const options = readOptions()
const minutes = Number(options.minutes)
const seed = Number(options.seed)
if (!(minutes > 0) || !Number.isSafeInteger(seed)) misused('a number does not fit')

function readOptions() {
  try {
    return parseArgs({
      options: {
        minutes: { type: 'string', default: '1' },
        seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
        keep: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error))
  }
}

function misused(sentence: string): never {
  console.error(`${sentence}\n${usage}`)
  process.exit(2)
}

const maxPool = 2000
const maxLength = 64 * 1024

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.nat(),
  part: fc.nat(),
  at: fc.nat(),
  value: fc.nat(),
  text: fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
})
/** What is done in one go: from which input, and one to four changes of it. */
const plan = fc.record({
  from: fc.nat(),
  draws: fc.array(draw, { minLength: 1, maxLength: 4 }),
})
const batch = 200

/** The inputs of a target that nothing else is like, by what they are like. */
type Pool = { target: Target; byLikeness: Map<string, string>; tries: number; accepted: number }

async function fuzzOnce(pool: Pool, { from, draws }: { from: number; draws: Draw[] }) {
  const { target, byLikeness } = pool
  // Every other one begins with what is good, or it would be lost among what is hopeless.
  const known = [...byLikeness.values()]
  const start = from % 2 === 0 ? target.seeds : known
  let input = start[(from >> 1) % start.length] ?? target.seeds[0] ?? ''
  for (const each of draws) input = await target.mutate(input, each)
  if (input.length > maxLength) return
  const { fault, likeness } = await tried(target, input)
  pool.tries++
  if (likeness === '') pool.accepted++
  if (fault !== undefined) report(target, input, fault)
  const before = byLikeness.get(likeness)
  const isNew = before === undefined && byLikeness.size < maxPool
  if (isNew || (before !== undefined && input.length < before.length)) {
    byLikeness.set(likeness, input)
  }
}

let faults = 0
function report(target: Target, input: string, fault: string): void {
  faults++
  const file = keep({ target: target.name, input, why: fault.split('\n')[0] ?? '' })
  console.error(styleText('red', `\n${target.name}: ${fault}\nkept in ${file}`))
}

const pools: Pool[] = (await createTargets()).map((target) => ({
  target,
  byLikeness: new Map(),
  tries: 0,
  accepted: 0,
}))
/** The first reason for which an input was refused. */
const reasonOf = (likeness: string) => likeness.split('|')[0] || 'accepted'
const reasons = new Set<string>()
for (const { target: name, input } of readKept()) {
  const pool = pools.find(({ target }) => target.name === name)
  if (!pool) continue
  const { likeness } = await tried(pool.target, input)
  pool.byLikeness.set(likeness, input)
  reasons.add(`${name} ${reasonOf(likeness)}`)
}

const started = Date.now()
const end = started + minutes * 60_000
const memory: Memory[] = []
console.log(`Fuzzing for ${minutes} min, seed ${seed}; Ctrl-C ends it at once.`)
let told = started
for (let round = 0; Date.now() < end; round++) {
  const pool = pools[round % pools.length]
  if (!pool) break
  for (const each of fc.sample(plan, { seed: seed + round, numRuns: batch })) {
    await fuzzOnce(pool, each)
  }
  if (Date.now() - told >= 10_000) {
    told = Date.now()
    tell()
  }
}
tell()

function tell(): void {
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  memory.push({ heapUsed, rss })
  const seconds = Math.round((Date.now() - started) / 1000)
  const counts = pools.map(
    ({ target, tries, accepted, byLikeness }) =>
      `${target.name} ${tries} tried, ${accepted} accepted, ${byLikeness.size} kinds`,
  )
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)
  console.log(
    `${seconds} s · ${counts.join(' · ')} · heap ${mebibytes(heapUsed)} MiB, rss ${mebibytes(rss)} MiB`,
  )
}

if (options.keep) {
  for (const { target, byLikeness } of pools) {
    const shortestFirst = [...byLikeness].sort(([, a], [, b]) => a.length - b.length)
    for (const [likeness, input] of shortestFirst) {
      const why = reasonOf(likeness)
      if (reasons.has(`${target.name} ${why}`)) continue
      reasons.add(`${target.name} ${why}`)
      keep({ target: target.name, input, why })
    }
  }
}
const grown = memoryFault(memory)
if (grown) console.error(styleText('red', grown))
console.log(faults > 0 ? `${faults} faults.` : 'Nothing was taken wrongly.')
process.exitCode = faults > 0 || grown ? 1 : 0
