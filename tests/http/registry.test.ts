import { beforeEach, describe, expect, it } from 'vitest'
import { registryRoutes } from '../../src/http/registry.ts'
import { currentRegistry } from '../../src/registry/current.ts'
import { frameEntry, type LedgerEntry } from '../../src/registry/entry.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { base, grantsOf, recognition, seconds, status } from '../trust/world.ts'

const now = new Date('2026-06-01T00:00:00Z')
const clock = () => now
let entries: LedgerEntry[]
let app: ReturnType<typeof registryRoutes>

async function append(facts: readonly Fact[]) {
  const entry = { registryId: 'r', position: entries.length, kind: 'k', actor: 'a', facts }
  entries.push(await frameEntry({ ...entry, recordedAt: now }))
}

beforeEach(async () => {
  entries = []
  await append([...base, ...grantsOf(base)])
  const target = { type: 'recognition', id: 'sg-vn' } as const
  await append([status(target, 'suspended', seconds('2026-05-01T00:00:00Z'))])
  const ledger = {
    position: async () => entries.length - 1,
    entriesAfter: async (position: number) => entries.slice(position + 1),
  }
  const registry = currentRegistry({ clock, ledger })
  app = registryRoutes({ clock, registry, note: 'Illustrative.' })
})

type View = {
  at: string
  known: number
  note: string
  recognitions: { id: string; status: string }[]
  matrix: Record<string, Record<string, string[]>>
}
async function view(query = ''): Promise<View> {
  const response = await app.request(`/recognitions${query}`)
  expect(response.status).toBe(200)
  return (await response.json()) as View
}
const statusOf = async (query: string) =>
  (await view(query)).recognitions.find(({ id }) => id === 'sg-vn')?.status

describe('GET /registry/recognitions', () => {
  it('tells everything of a recognition, times in RFC 3339', async () => {
    const { recognitions, ...rest } = await view()
    expect(rest).toEqual({
      at: '2026-06-01T00:00:00Z',
      known: 1,
      note: 'Illustrative.',
      matrix: {
        LA: { SG: [], VN: [] },
        SG: { LA: [], VN: [] },
        VN: { LA: ['vn-la'], SG: [] },
      },
    })
    expect(recognitions[0]).toEqual({
      id: 'sg-vn',
      version: 1,
      recogniser: 'SG',
      recognised: 'VN',
      credential_types: recognition.credentialTypes,
      purposes: recognition.purposes,
      levels: recognition.levels,
      max_proofing: 'high',
      max_authn: 'high',
      transfer_bases: ['consent'],
      legal_basis: 'sandbox',
      agreement: recognition.agreement,
      valid_from: '2026-01-01T00:00:00Z',
      valid_to: '2027-01-01T00:00:00Z',
      status: 'suspended',
      position: 0,
    })
  })

  it.each([
    ['before the suspension', '?at=2026-04-30T23:59:59Z', 'granted'],
    ['from its first second', '?at=2026-05-01T00:00:00Z', 'suspended'],
    ['the same in another time zone', '?at=2026-05-01T06:59:59%2B07:00', 'granted'],
    ['the same in seconds', `?at=${seconds('2026-04-30T23:59:59Z')}`, 'granted'],
    ['before the window', '?at=2025-01-01T00:00:00Z', 'pending'],
    ['as it was known before', '?at=2026-05-01T00:00:00Z&known=0', 'granted'],
    ['after the window, as it was known before', '?at=2027-01-01T00:00:00Z&known=0', 'expired'],
  ])('as of an instant and a position: %s', async (_, query, expected) => {
    expect(await statusOf(query)).toBe(expected)
  })

  it.each([
    '?at=',
    '?at=yesterday',
    '?at=2026-06-01',
    '?at=2026-06-01T00:00:00',
    '?at=2026-02-30T00:00:00Z',
    '?at=2026-13-01T00:00:00Z',
    '?at=2026-06-01T25:00:00Z',
    '?at=2026-06-01T00:00:00+07:00',
    '?at=-1',
    '?at=1e9',
    '?at=9999999999999',
    '?at=999999999999',
    '?at=1&at=2',
    '?known=',
    '?known=-1',
    '?known=1.0',
    '?known=0x1',
    '?known=__proto__',
    '?known=0&known=1',
  ])('%s is malformed', async (query) => {
    const response = await app.request(`/recognitions${query}`)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ code: 'malformed_request' })
  })

  it('does not know a position that is still to come', async () => {
    const response = await app.request('/recognitions?known=2')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'not_found' })
  })

  it('is open to every origin, refusals included', async () => {
    for (const query of ['', '?at=x']) {
      const headers = { origin: 'https://elsewhere.example' }
      const response = await app.request(`/recognitions${query}`, { headers })
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
    }
  })

  it('refuses while the registry cannot be read', async () => {
    const lost = async () => Promise.reject(new Error('lost'))
    const registry = currentRegistry({ clock, ledger: { position: lost, entriesAfter: lost } })
    const response = await registryRoutes({ clock, registry }).request('/recognitions')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'registry_unreachable' })
  })
})

describe('GET /registry/facts', () => {
  it('gives all facts up to a position, a line each, in wire form', async () => {
    const response = await app.request('/facts?known=0')
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = new TextDecoder()
      .decode(await response.arrayBuffer())
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(base.length + grantsOf(base).length)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ position: 0, type: 'jurisdiction' })
    expect(lines.join()).toContain('"valid_from"')
    const all = new TextDecoder().decode(await (await app.request('/facts')).arrayBuffer())
    expect(all.trimEnd().split('\n')).toHaveLength(lines.length + 1)
  })
})
