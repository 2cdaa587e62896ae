import { deflateSync, inflateSync } from 'node:zlib'
import { StatusList as PeerList } from '@sd-jwt/jwt-status-list'
import {
  packStatuses,
  readStatus,
  signStatusListToken,
  verifyStatusListToken,
} from '../../../src/credential/status-list.ts'
import { assert } from '../by-hand.ts'
import type { Measured } from '../figures.ts'
import { type Contender, collectGarbage, interleave } from '../rounds.ts'
import type { Extent, Row } from '../row.ts'
import { origin, world } from '../world.ts'

const size = 10_000_000
const idx = 4_711_003
const uri = `${origin}/status-lists/1`

/** One in a hundred is revoked, at random, so that it compresses as lists do. */
async function scene() {
  const { deps, snapshot, now } = await world()
  const purpose = 'status-list:vn'
  const [{ kid, x5c = [] }] = deps.keys.publicKeys(purpose)
  const revoked = Array.from({ length: size / 100 }, () => Math.floor(Math.random() * size))
  const list = packStatuses(
    size,
    1,
    [...revoked, idx].map((at) => [at, 1] as const),
  )
  const hour = 3_600_000
  const draft = {
    ...{ uri, bits: 1 as const, list, ttl: 300, issuedAt: now },
    expiresAt: new Date(now.getTime() + hour),
  }
  const token = await signStatusListToken(draft, { kid, x5c }, (bytes) =>
    deps.keys.sign(purpose, bytes),
  )
  const policy = { uri, at: now, anchors: snapshot.anchors('issuer_ca', now) }
  return { token, policy, list, compressed: deflateSync(list) }
}

type Scene = Awaited<ReturnType<typeof scene>>

async function ours({ token, policy }: Scene) {
  const read = await verifyStatusListToken(token, policy)
  if (!read.ok) throw new Error(read.error)
  assert(readStatus(read.value.list, read.value.bits, idx) === 1, 'the status')
  return read.value
}

function peers({ token }: Scene) {
  const { status_list } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  const list = PeerList.decompressStatusList(status_list.lst, status_list.bits)
  assert(list.getStatus(idx) === 1, 'the status')
  return list
}

async function cold(extent: Extent) {
  const made = await scene()
  const contenders: Contender[] = [
    {
      name: 'inflate',
      does: 'zlib.inflateSync of the bytes, and nothing else',
      once: () => assert(inflateSync(made.compressed).length === made.list.length, 'all of it'),
    },
    {
      name: 'gerbang',
      does: 'verifyStatusListToken: JWS read, signature verified, list unpacked within bounds; a look-up',
      once: () => ours(made),
    },
  ]
  const measured = await interleave(extent, contenders)
  // It takes seconds for one list: five times are enough.
  const [peer] = await interleave({ ...extent, rounds: 5, ms: 1 }, [
    {
      name: '@sd-jwt',
      does: '@sd-jwt/jwt-status-list: unpacked and looked up, nothing verified',
      once: () => peers(made),
    },
  ])
  return peer ? [...measured, alignedWith(measured[0], peer)] : measured
}

/** Rounds beside those of another: the last one again where there are too few. */
function alignedWith(other: Measured | undefined, { values, ...rest }: Measured): Measured {
  const count = other?.values.length ?? values.length
  const last = values.at(-1) ?? 0
  return { ...rest, values: Array.from({ length: count }, (_, i) => values[i] ?? last) }
}

async function memory({ rounds, progress }: Extent): Promise<Measured[]> {
  const made = await scene()
  const raw: number[] = []
  const held: number[] = []
  const peer: number[] = []
  // What is loaded or compiled at the first time is not the list's.
  await retained(() => ours(made))
  await retained(async () => peers(made))
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`)
    raw.push(made.list.length / 2 ** 20)
    held.push(await retained(() => ours(made)))
    if (round < 2) peer.push(await retained(async () => peers(made)))
  }
  const does = 'memory that is held for one list, heap and buffers, once garbage is swept'
  return [
    { name: 'raw bytes', does: 'ten million bits', values: raw },
    { name: 'gerbang', does, values: held },
    alignedWith({ name: '', does: '', values: raw }, { name: '@sd-jwt', does, values: peer }),
  ]
}

/** What a value takes, in MiB. */
async function retained(make: () => Promise<unknown>): Promise<number> {
  const before = await used()
  const held = [await make()]
  const taken = (await used()) - before
  assert(held.pop(), 'it was still there')
  return taken / 2 ** 20
}

/** Buffers are freed a while after they are found to be garbage. */
async function used(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collectGarbage()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export const statusListRows: Row[] = [
  {
    id: 'status-list-cold',
    work: 'status list of 10,000,000, cold: verified and unpacked',
    unit: 'µs',
    goal: { sense: 'cost', goal: 1.2 },
    measure: cold,
  },
  {
    id: 'status-list-memory',
    work: 'memory of that list',
    unit: 'MiB',
    goal: { sense: 'cost', goal: 1.1 },
    measure: memory,
  },
]
