import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Measured } from './figures.ts'
import type { Extent } from './row.ts'

/** One that does the work of a row. `once` throws where what comes out is wrong. */
export type Contender = {
  name: string
  does: string
  once(turn: number): unknown
}

setFlagsFromString('--expose-gc')
const collect: (kind?: { type: 'minor' }) => void = runInNewContext('gc')

/** Sweeps all garbage at once. */
export const collectGarbage = () => collect()
const sweepYoung = () => collect({ type: 'minor' })

/** CPU time of this process, all its threads, in microseconds. */
function cpu(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/**
 * Measures contenders in turns, A B C, B C A, …: whatever the machine does besides falls on all alike.
 * What is counted is CPU time, in microseconds for each time. Young garbage is swept before each turn, so
 * that nobody pays for another's. Not all of it: with the last object of a shape the compiler's work on
 * that shape goes, and a server does not throw that away ten times a second.
 */
export async function interleave(
  { rounds, ms, progress }: Extent,
  contenders: readonly Contender[],
): Promise<Measured[]> {
  const runners = []
  for (const contender of contenders) runners.push(await warmUp(contender, ms))
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`)
    for (let i = 0; i < runners.length; i++) await runners[(round + i) % runners.length]?.measure()
  }
  return runners.map(({ measured }) => measured)
}

/** CPU time until one may count on the last compiler. */
const warmUpMs = 1500

/** Lets it run until it is compiled, and finds how many times fit into a turn. */
async function warmUp({ name, does, once }: Contender, ms: number) {
  let turn = 0
  async function run(times: number): Promise<number> {
    const before = cpu()
    for (let i = 0; i < times; i++) await once(turn++)
    return (cpu() - before) / times
  }
  const first = await run(1)
  const usual = await run(timesIn(warmUpMs / 3, first, 1_000))
  const times = timesIn(ms, await run(timesIn(warmUpMs, usual, 50_000)), 100_000)
  const values: number[] = []
  return {
    measured: { name, does, values },
    async measure() {
      sweepYoung()
      await run(Math.ceil(times / 10))
      values.push(await run(times))
    },
  }
}

const timesIn = (ms: number, each: number, most: number) =>
  Math.min(most, Math.max(1, Math.round((ms * 1000) / Math.max(each, 1))))
