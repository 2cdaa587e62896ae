import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Measured, percentile } from '../figures.ts'
import { flow, httpClient, type Terms } from '../flow/client.ts'
import { termsOf } from '../flow/scene.ts'
import { inFolder, type ServerProcess, startServer } from '../flow/server-process.ts'
import { bare, byHand, gateway } from '../flow/servers.ts'
import type { Extent, Row } from '../row.ts'

const inFlight = 8
/** Of each server in each round. */
const flows = 160

type Figures = { cpu: Measured[]; p99: Measured[] }

let measured: Promise<Figures> | undefined
/** Once for both rows: what a flow costs and how long it takes is seen in the same flows. */
const once = (extent: Extent) => {
  measured ??= inFolder((folder) => measureFlows(extent, folder))
  return measured
}

async function measureFlows(extent: Extent, folder: string): Promise<Figures> {
  extent.progress('starting servers')
  const ours = await startServer(gateway, folder)
  const { terms, env } = await termsOf(ours.origin)
  const floor = await startServer({ ...bare, env }, folder)
  mkdirSync(join(folder, 'libraries'))
  const others = await startServer({ ...byHand, env }, join(folder, 'libraries'))
  const servers = [floor, ours, others]
  const runners = servers.map((server) => runner(server, terms))
  try {
    for (const { run } of runners) await run(flows)
    for (const { clear } of runners) clear()
    for (let round = 0; round < extent.rounds; round++) {
      extent.progress(`round ${round + 1} of ${extent.rounds}`)
      for (let i = 0; i < runners.length; i++)
        await runners[(round + i) % runners.length]?.run(flows)
    }
  } finally {
    for (const { close } of runners) close()
    await Promise.all(servers.map((server) => server.stop()))
  }
  return { cpu: runners.map(({ cpu }) => cpu), p99: runners.map(({ p99 }) => p99) }
}

function runner({ name, does, origin, usage }: ServerProcess, terms: Terms) {
  const http = httpClient(inFlight)
  const cpu: number[] = []
  const p99: number[] = []
  return {
    cpu: { name, does, values: cpu },
    p99: { name, does, values: p99 },
    async run(count: number) {
      const before = await usage()
      const times = await many(count, () => flow(http, origin, terms))
      const after = await usage()
      cpu.push((after.cpu - before.cpu) / 1000 / count)
      p99.push(percentile(times, 0.99))
    },
    clear() {
      cpu.length = 0
      p99.length = 0
    },
    close: http.close,
  }
}

const longRun = 100_000

/** What memory the gateway has after some flows, and after a hundred thousand. */
async function longMemory({ progress }: Extent): Promise<Measured[]> {
  return inFolder(async (folder) => {
    const server = await startServer({ ...gateway, flags: ['--expose-gc'] }, folder)
    const { terms } = await termsOf(server.origin)
    const http = httpClient(inFlight)
    const resident = async () => (await server.usage(true)).rss / 2 ** 20
    try {
      const step = longRun / 100
      await many(step, () => flow(http, server.origin, terms))
      const early = await resident()
      for (let done = step; done < longRun; done += step) {
        await many(step, () => flow(http, server.origin, terms))
        progress(`${done + step} of ${longRun} flows, ${(await resident()).toFixed(0)} MiB`)
      }
      const does = 'resident, once garbage is swept'
      return [
        { name: `after ${step} flows`, does, values: [early] },
        { name: `after ${longRun} flows`, does, values: [await resident()] },
      ]
    } finally {
      http.close()
      await server.stop()
    }
  })
}

/** So many times, with as many at once as are in flight. */
async function many(count: number, once: () => Promise<number>): Promise<number[]> {
  const times: number[] = []
  let begun = 0
  const lane = async () => {
    while (begun < count) {
      begun++
      times.push(await once())
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return times
}

export const flowRows: Row[] = [
  {
    id: 'flow-cpu',
    work: 'server CPU of a whole OpenID4VP flow over HTTP: start, request object, answer, result',
    unit: 'ms',
    goal: { sense: 'cost', goal: 2, aim: 1.5 },
    measure: async (extent) => (await once(extent)).cpu,
  },
  {
    id: 'flow-p99',
    work: 'p99 of a flow, 8 in flight (what its four requests took)',
    unit: 'ms',
    goal: { sense: 'cost', goal: 2 },
    measure: async (extent) => (await once(extent)).p99,
  },
  {
    id: 'flow-memory',
    work: 'memory of the gateway after 100,000 flows, against that after the first thousand',
    unit: 'MiB',
    goal: { sense: 'cost', goal: 1.5 },
    unavailable: ({ long }) => (long ? undefined : 'it takes many minutes: ask for it with --long'),
    measure: longMemory,
  },
]
