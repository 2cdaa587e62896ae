import { performance } from 'node:perf_hooks'
import { freePort } from '../../support/process.ts'
import type { Measured } from '../figures.ts'
import { httpClient, type Terms } from '../flow/client.ts'
import { termsOf } from '../flow/scene.ts'
import { inFolder, type ServerKind, startServer } from '../flow/server-process.ts'
import { bare, byHand, gateway } from '../flow/servers.ts'
import type { Extent, Row } from '../row.ts'

type Figures = { cpu: Measured; memory: Measured }

let measured: Promise<Figures[]> | undefined
/** Once for both rows: what it takes to start, and what memory it then has. */
const once = (extent: Extent) => {
  measured ??= inFolder((folder) => measureStarts(extent, folder))
  return measured
}

async function measureStarts(extent: Extent, folder: string): Promise<Figures[]> {
  extent.progress('migrating')
  // The gateway makes its database, and everybody's code is compiled and cached.
  // Its registry belongs to one address, so the port stays the same.
  const PORT = String(await freePort())
  const first = await startServer({ ...gateway, env: { PORT } }, folder)
  const { terms, env } = await termsOf(first.origin)
  await first.stop()
  const kinds = [byHand, gateway, bare].map((kind) => ({ ...kind, env: { ...env, PORT } }))
  const runners = kinds.map((kind) => runner(kind, folder, terms))
  for (const { run } of runners) await run()
  for (const { clear } of runners) clear()
  for (let round = 0; round < extent.rounds; round++) {
    extent.progress(`round ${round + 1} of ${extent.rounds}`)
    for (let i = 0; i < runners.length; i++) await runners[(round + i) % runners.length]?.run()
  }
  return runners.map(({ figures }) => figures())
}

function runner(kind: ServerKind, folder: string, { apiKey, body }: Terms) {
  const cpu: number[] = []
  const memory: number[] = []
  const seconds: number[] = []
  return {
    async run() {
      const began = performance.now()
      const server = await startServer(kind, folder)
      const { rss } = await server.usage()
      const http = httpClient(1)
      const headers = {
        ...{ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      }
      const { status } = await http.call(`${server.origin}/v1/presentations`, 'POST', headers, body)
      if (status !== 201) throw new Error(`${kind.name} answers ${status}`)
      seconds.push((performance.now() - began) / 1000)
      cpu.push((await server.usage()).cpu / 1000)
      memory.push(rss / 2 ** 20)
      http.close()
      await server.stop()
    },
    clear() {
      for (const each of [cpu, memory, seconds]) each.length = 0
    },
    figures(): Figures {
      const wall = seconds.toSorted((a, b) => a - b)[seconds.length >> 1] ?? 0
      const does = `${wall.toFixed(2)} s by the clock; ${kind.does}`
      return {
        cpu: { name: kind.name, does, values: cpu },
        memory: { name: kind.name, does: kind.does, values: memory },
      }
    },
  }
}

export const startRows: Row[] = [
  {
    id: 'start-cpu',
    work: 'start of a migrated gateway to its first transaction: CPU',
    unit: 'ms',
    goal: { sense: 'cost', goal: 2 },
    measure: async (extent) => (await once(extent)).map(({ cpu }) => cpu),
  },
  {
    id: 'start-memory',
    work: 'resident memory when it is ready',
    unit: 'MiB',
    goal: { sense: 'cost', goal: 1.6 },
    measure: async (extent) => (await once(extent)).map(({ memory }) => memory),
  },
]
