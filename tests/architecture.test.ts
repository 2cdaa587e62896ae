import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

type Rule = { rooms: readonly string[]; typesOf?: readonly string[] }

const subjects = [
  ...['credential', 'trust', 'transparency', 'platform', 'purposes', 'providers', 'presentation'],
  ...['issuance', 'registry', 'publication', 'signals', 'oidc', 'wallet', 'store', 'pages', 'http'],
]

/**
 * Which rooms a room may import from, and of which it may import types only. Its own folder,
 * `errors.ts` and `result.ts` are free to all.
 */
const arrows: Record<string, Rule> = {
  credential: { rooms: [] },
  trust: { rooms: [] },
  transparency: { rooms: [] },
  platform: { rooms: [] },
  purposes: { rooms: ['trust'], typesOf: ['platform'] },
  providers: { rooms: ['trust'], typesOf: ['platform'] },
  presentation: { rooms: ['credential', 'trust', 'purposes'], typesOf: ['platform'] },
  issuance: { rooms: ['credential', 'trust', 'providers'], typesOf: ['platform'] },
  registry: {
    rooms: ['trust', 'purposes', 'credential', 'transparency'],
    typesOf: ['platform'],
  },
  publication: {
    rooms: ['registry', 'trust', 'credential', 'transparency'],
    typesOf: ['platform'],
  },
  signals: { rooms: ['registry', 'trust', 'credential', 'transparency'], typesOf: ['platform'] },
  oidc: { rooms: ['presentation', 'purposes', 'providers'], typesOf: ['platform'] },
  wallet: { rooms: ['credential'] },
  store: { rooms: [], typesOf: subjects },
  http: { rooms: subjects },
  pages: { rooms: subjects },
  conformance: { rooms: [] },
  client: { rooms: [] },
}

type Import = { file: string; room: string; target: string; to: string | undefined; types: boolean }

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name))

/** The room of a file: its folder below `src`; none for a root file, nor for the command line's. */
const roomOf = (file: string) => {
  const [room, ...rest] = relative('src', file).split('/')
  return rest.length > 0 && room !== 'cli' ? room : undefined
}

const imports: Import[] = sources.flatMap((file) => {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(/^(?:import|export)\b([^'"]*?)from '([^']+)'|^import '([^']+)'/gm)
  const dynamic = text.matchAll(/\bimport\('([^']+)'\)/g)
  return [
    ...[...found].map((m) => ({ clause: m[1] ?? '', target: m[2] ?? m[3] ?? '' })),
    ...[...dynamic].map((m) => ({ clause: '', target: m[1] ?? '' })),
  ].map(({ clause, target }) => ({
    file,
    room: roomOf(file) ?? '',
    target,
    to: target.startsWith('.') ? join(dirname(file), target) : undefined,
    types: isTypeOnly(clause),
  }))
})

/** `import type …`, or braces in which every name says `type`. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true
  const [, outside = '', inside] = /^([^{]*)\{([^}]*)\}/.exec(clause) ?? []
  const names = (inside ?? '').split(',').map((name) => name.trim())
  const onlyTypes = names.every((name) => name === '' || name.startsWith('type '))
  return inside !== undefined && outside.trim() === '' && onlyTypes
}

it.each([
  [' type { A } ', true],
  [' { type A, type B } ', true],
  [' { type A, b } ', false],
  [' B, { type A } ', false],
  [' B ', false],
  [' * as b ', false],
  ['', false],
])('import%sfrom is of types alone: %s', (clause, expected) => {
  expect(isTypeOnly(clause)).toBe(expected)
})

const inRooms = imports.filter(({ room }) => room !== '')

describe('arrows point one way', () => {
  it.each(inRooms.filter(({ to }) => to !== undefined))(
    '$file may import $target',
    ({ room, to = '', types }) => {
      const target = roomOf(to)
      if (target === room || to === 'src/errors.ts' || to === 'src/result.ts') return
      const rule = arrows[room] ?? { rooms: [] }
      const allowed = [...rule.rooms, ...((types && rule.typesOf) || [])]
      expect(allowed, `${room} → ${target ?? to}`).toContain(target)
    },
  )

  it('every room has a rule', () => {
    const rooms = new Set(inRooms.map(({ room }) => room))
    expect(Object.keys(arrows)).toEqual(expect.arrayContaining([...rooms]))
  })
})

describe('libraries stay in their rooms', () => {
  it.each(inRooms)('$file keeps $target on its side of the house', ({ file, room, target }) => {
    if (/^hono\b|^@hono\//.test(target)) expect(['http', 'pages']).toContain(room)
    if (target.startsWith('drizzle-orm')) expect(room).toBe('store')
    if (target.startsWith('node:')) expect(file).toMatch(/^src\/platform\/.*\.node\.ts$/)
    if (target === 'better-sqlite3') expect(room).toBe('store')
  })

  it('conformance and client import no library of the gateway', () => {
    const apart = inRooms.filter(({ room }) => room === 'conformance' || room === 'client')
    expect(apart.filter(({ target }) => target.startsWith('..'))).toEqual([])
  })
})

describe('the Worker', () => {
  /** Every file that is loaded when a file is: what types alone name is not. */
  function reachable(file: string, seen = new Set<string>()): Set<string> {
    if (seen.has(file)) return seen
    seen.add(file)
    for (const { to, types } of imports.filter((each) => each.file === file)) {
      if (to?.endsWith('.ts') && !types) reachable(to, seen)
    }
    return seen
  }

  it('reaches nothing that needs Node', () => {
    const reached = [...reachable('src/worker.ts')]
    expect(reached.length).toBeGreaterThan(20)
    expect(reached.filter((file) => file.endsWith('.node.ts'))).toEqual([])
    expect(reached).not.toContain('src/store/better-sqlite3.ts')
    const needsNode = imports.filter(
      ({ file, target, types }) => reached.includes(file) && target.startsWith('node:') && !types,
    )
    expect(needsNode).toEqual([])
  })
})

it('sources leave no loose ends', () => {
  const loose = sources.filter((file) =>
    /\b(TODO|FIXME|XXX)\b|@ts-(ignore|nocheck|expect-error)|biome-ignore/.test(
      readFileSync(file, 'utf8'),
    ),
  )
  expect(loose).toEqual([])
})
