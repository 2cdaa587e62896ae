import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'kept')

/** An input worth keeping: one that was taken wrongly once, or one that nothing else is like. */
export type Kept = { target: string; input: string; why: string }

/** All that was kept: each is tried again by the tests, and the fuzzer begins from them. */
export const readKept = (): Kept[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Kept)

/** Keeps an input under the name of its content, so that nothing is kept twice; says where. */
export function keep(kept: Kept): string {
  const hash = createHash('sha256').update(kept.input).digest('hex').slice(0, 12)
  const file = join(folder, `${kept.target}-${hash}.json`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`)
  return file
}
