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
/** Sweeps all garbage at once. */
export const collectGarbage: () => void = runInNewContext('gc')

/** CPU time of this process, all its threads, in microseconds. */
function cpu(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/**
 * Measures contenders in turns, A B C, B C A, …: whatever the machine does besides falls on all alike.
 * What is counted is CPU time, in microseconds for each time; garbage is swept before each turn, so
 * that nobody pays for another's.
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

/** Lets it run until it is compiled, and finds how many times fit into a turn. */
async function warmUp({ name, does, once }: Contender, ms: number) {
  let turn = 0
  async function run(times: number): Promise<number> {
    const before = cpu()
    for (let i = 0; i < times; i++) await once(turn++)
    return (cpu() - before) / times
  }
  const first = await run(1)
  await run(timesIn(2 * ms, first, 5_000))
  const times = timesIn(ms, await run(timesIn(ms, first, 100)), 100_000)
  const values: number[] = []
  return {
    measured: { name, does, values },
    async measure() {
      collectGarbage()
      values.push(await run(times))
    },
  }
}

const timesIn = (ms: number, each: number, most: number) =>
  Math.min(most, Math.max(1, Math.round((ms * 1000) / Math.max(each, 1))))
