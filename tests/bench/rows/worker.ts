import { spawnSync } from 'node:child_process'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { digest } from '../by-hand.ts'
import type { Measured } from '../figures.ts'
import { inFolder } from '../flow/server-process.ts'
import type { Extent, Row } from '../row.ts'
import type { Fixture } from '../worker/verify.ts'
import { presented, world } from '../world.ts'

async function fixture(): Promise<Fixture> {
  const made = await world()
  const { presentation, request } = await presented(made)
  const [head = ''] = presentation.split('.', 1)
  const { x5c } = JSON.parse(Buffer.from(head, 'base64url').toString())
  const leaf = new X509Certificate(Buffer.from(x5c[0], 'base64'))
  return {
    presentation,
    policy: {
      at: made.now.toISOString(),
      anchors: made.snapshot.anchors('issuer_ca', made.now),
      keyBinding: { nonce: request.nonce, audience: request.client_id },
    },
    issuerJwk: createPublicKey(leaf.publicKey.export({ format: 'pem', type: 'spki' })).export({
      format: 'jwk',
    }),
    digests: presentation
      .split('~')
      .slice(1, -1)
      .map((disclosure) => [disclosure, digest(disclosure)]),
  }
}

/** CPU time of a process in microseconds, of all its threads; Linux tells. */
function cpuOf(pid: number): number {
  const tasks = `/proc/${pid}/task`
  const ns = readdirSync(tasks).map((task) =>
    Number(readFileSync(join(tasks, task, 'schedstat'), 'utf8').split(' ', 1)[0]),
  )
  return ns.reduce((sum, each) => sum + each, 0) / 1000
}

/** The process of workerd that this one has begun. */
function workerdOf(parent: number): number {
  const pid = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false
    const stat = `/proc/${name}/stat`
    const text = existsSync(stat) ? readFileSync(stat, 'utf8') : ''
    const [, command = '', , ppid] = /^\d+ \((.*)\) (.) (\d+)/.exec(text) ?? []
    return command.startsWith('workerd') && Number(ppid) === parent
  })
  if (pid === undefined) throw new Error('workerd does not run')
  return Number(pid)
}

async function inWorkerd({ rounds, progress }: Extent): Promise<Measured[]> {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, '../worker/verify.ts')],
    ...{ bundle: true, format: 'esm', write: false, target: 'es2024' },
  })
  const contents = bundle.outputFiles[0]?.text ?? ''
  const options = convertV4MiniflareOptions({
    modules: [{ type: 'ESModule', path: 'verify.js', contents }],
    compatibilityDate: '2026-10-01',
  })
  const miniflare = new Miniflare(options)
  const url = String(await miniflare.ready)
  const body = JSON.stringify(await fixture())
  const pid = workerdOf(process.pid)
  async function run(who: string, times: number): Promise<number> {
    const before = cpuOf(pid)
    const answer = await fetch(`${url}?who=${who}&times=${times}`, { method: 'POST', body })
    if ((await answer.text()) !== 'done') throw new Error('the Worker fails')
    return (cpuOf(pid) - before) / times
  }
  const who = ['floor', 'ours', 'byHand']
  const values: number[][] = who.map(() => [])
  try {
    for (const each of who) await run(each, 6000)
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`)
      for (const i of round % 2 === 0 ? [0, 1, 2] : [2, 1, 0]) {
        values[i]?.push(await run(who[i] ?? '', 2000))
      }
    }
  } finally {
    await miniflare.dispose()
  }
  const [floor = [], ours = [], byHand = []] = values
  return [
    {
      name: 'WebCrypto',
      does: 'two ES256 verifications, import of the holder’s key, all digests; cut and parsed beforehand',
      values: floor,
    },
    { name: 'gerbang', does: 'verifySdJwtVc, warm, as on Node', values: ours },
    {
      name: 'by hand',
      does: 'WebCrypto and JSON.parse: cut, read, signatures and digests; no rule besides',
      values: byHand,
    },
  ]
}

const limit = 250

/** What wrangler would upload. */
function bundle(): Promise<Measured[]> {
  return inFolder(async (folder) => {
    const command = join('node_modules', 'wrangler', 'bin', 'wrangler.js')
    const args = [command, 'deploy', '--dry-run', '--outdir', folder]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    const sizes = readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .map((name) => gzipSync(readFileSync(join(folder, name))).length / 1024)
    const size = sizes.reduce((sum, each) => sum + each, 0)
    return [
      { name: 'limit', does: `${limit} KiB`, values: [limit] },
      { name: 'gerbang', does: 'src/worker.ts as wrangler bundles it, gzipped', values: [size] },
    ]
  })
}

export const workerRows: Row[] = [
  {
    id: 'workerd',
    work: 'verify SD-JWT VC + KB in workerd, warm',
    unit: 'µs',
    goal: { sense: 'speed', goal: 0.8 },
    unavailable: () =>
      existsSync('/proc/self/schedstat') ? undefined : 'only Linux tells the CPU time of workerd',
    measure: inWorkerd,
  },
  {
    id: 'worker-bundle',
    work: 'Worker bundle, gzipped',
    unit: 'KiB',
    goal: { sense: 'cost', goal: 1 },
    measure: bundle,
  },
]
