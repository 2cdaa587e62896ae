import { describe, expect, it } from 'vitest'
import type { StatusList } from '../../src/credential/status-list.ts'
import { freshUntil, keptLists } from '../../src/presentation/kept-lists.ts'

const now = new Date('2026-11-24T08:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const listOf = (bytes: number, more: Partial<StatusList> = {}): StatusList => ({
  bits: 2,
  list: new Uint8Array(bytes),
  x5c: [],
  issuedAt: now,
  ...more,
})

describe('TSL-V03: a copy may be used', () => {
  it.each<[string, Partial<StatusList>, number]>([
    ['for its ttl', { ttl: 60 }, 60],
    ['for five minutes without ttl', {}, 300],
    ['for ten seconds by a tiny ttl', { ttl: 0.001 }, 10],
    ['for an hour by a huge ttl', { ttl: 1e12 }, 3600],
    ['for an hour by an endless ttl', { ttl: Number.POSITIVE_INFINITY }, 3600],
    ['until its exp, before its ttl ends', { ttl: 60, expiresAt: later(30) }, 30],
    ['until its exp, before the least we keep', { ttl: 1, expiresAt: later(3) }, 3],
    ['until its exp, without ttl', { expiresAt: later(200) }, 200],
    ['for its ttl, before its exp', { ttl: 60, expiresAt: later(1e6) }, 60],
  ])('%s', (_, more, seconds) => {
    expect(freshUntil(listOf(1, more), now)).toEqual(later(seconds))
  })

  it('up to that instant, and not at it', () => {
    const kept = keptLists()
    kept.keep('a', listOf(1, { ttl: 60 }), now)
    expect(kept.find('a', later(59.999))).toBeDefined()
    expect(kept.find('a', later(60))).toBeUndefined()
  })

  it('never again once it was too old, not even when the clock is set back', () => {
    const kept = keptLists()
    kept.keep('a', listOf(1, { ttl: 60 }), now)
    expect(kept.find('a', later(60))).toBeUndefined()
    expect(kept.find('a', now)).toBeUndefined()
    kept.keep('a', listOf(1, { ttl: 60 }), now)
    expect(kept.find('a', later(-1))).toBeUndefined()
  })
})

describe('the memory for lists is bounded', () => {
  const held = (kept: ReturnType<typeof keptLists>, uris: string) =>
    [...uris].filter((uri) => kept.find(uri, now)).join('')

  it('in bytes: what was not used for longest goes first', () => {
    const kept = keptLists({ maxBytes: 100, maxCount: 10 })
    for (const uri of 'abc') kept.keep(uri, listOf(30), now)
    expect(kept.find('a', now)).toBeDefined()
    kept.keep('d', listOf(30), now)
    expect(held(kept, 'abcd')).toBe('acd')
    kept.keep('e', listOf(100), now)
    expect(held(kept, 'abcde')).toBe('e')
  })

  it('in number', () => {
    const kept = keptLists({ maxBytes: 100, maxCount: 2 })
    for (const uri of 'abc') kept.keep(uri, listOf(0), now)
    expect(held(kept, 'abc')).toBe('bc')
  })

  it('counting each list once, however often it was fetched anew or dropped', () => {
    const kept = keptLists({ maxBytes: 100, maxCount: 10 })
    for (let i = 0; i < 50; i++) kept.keep('a', listOf(40, { ttl: 60 }), now)
    kept.find('a', later(60))
    kept.keep('a', listOf(40), now)
    kept.keep('b', listOf(60), now)
    expect(held(kept, 'ab')).toBe('ab')
    kept.keep('b', listOf(61), now)
    expect(held(kept, 'ab')).toBe('b')
  })

  it('a list that is larger than all of it is not kept', () => {
    const kept = keptLists({ maxBytes: 100, maxCount: 10 })
    kept.keep('a', listOf(101), now)
    expect(held(kept, 'a')).toBe('')
  })
})
