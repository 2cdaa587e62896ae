import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { vectorsFolder } from '../support/vectors.ts'

// The checklists lie beside the vectors, and are as little copied in as those.

const specs = join(vectorsFolder, '../specs')
const read = (name: string) => readFileSync(join(specs, name), 'utf8')
const hasSpecs = existsSync(join(specs, 'checklist.md'))

/** The lines of a document that stand under a heading which begins so. */
function under(document: string, heading: string): string {
  const start = document.indexOf(`\n${heading}`)
  const level = /^#+/.exec(heading)?.[0] ?? ''
  const rest = document.slice(start + 1 + heading.length)
  const end = rest.search(new RegExp(`\n#{1,${level.length}} `))
  return end < 0 ? rest : rest.slice(0, end)
}

/** The ids in the tests below a folder, where their names are made; comments do not count. */
function idsIn(folder: string): Set<string> {
  const root = join(import.meta.dirname, '..', folder)
  const texts = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.includes('coverage'))
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .map((text) => text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, ''))
  return new Set(texts.flatMap((text) => text.match(/[A-Z]+-[NV]?\d\d(?!\d)/g) ?? []))
}

/** What is attacked elsewhere: in which folder, and why. */
const elsewhere: Record<string, string> = {
  // The issuer's: a wallet attacks the token endpoint, not the verifier. PAR comes with the code flow.
  'HAIP-N06': 'http',
}

describe.skipIf(!hasSpecs)('every negative line of the checklist is attacked', () => {
  const checklist = hasSpecs ? read('checklist.md') : ''
  const ids = ['## 1.', '## 2.', '## 3.', '## 5.', '## 6.', '## 7.'].flatMap((section) =>
    [...under(checklist, section).matchAll(/^- ([A-Z]+-N\d\d) /gm)].map(([, id = '']) => id),
  )
  const attacked = idsIn('attacks')

  it('all of them are known', () => {
    expect(ids.length).toBeGreaterThanOrEqual(63)
    expect(Object.keys(elsewhere).filter((id) => !ids.includes(id))).toEqual([])
  })

  it.each(ids)('%s', (id) => {
    const folder = elsewhere[id]
    expect((folder === undefined ? attacked : idsIn(folder)).has(id)).toBe(true)
  })
})

describe.skipIf(!hasSpecs)('every row of the verifier’s conformance has a test', () => {
  const rows = hasSpecs ? under(read('conformance.md'), '## 3.2 Verifier') : ''
  const ids = [...rows.matchAll(/^\| (VER-\d\d) /gm)].map(([, id = '']) => id)
  const tested = new Set(['attacks', 'http', 'flows', 'presentation'].flatMap((f) => [...idsIn(f)]))

  it('all of them are known', () => {
    expect(ids).toHaveLength(25)
  })

  it.each(ids)('%s', (id) => {
    expect(tested.has(id)).toBe(true)
  })
})
