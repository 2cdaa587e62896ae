import type { StatusList } from '../credential/status-list.ts'

/** A list, and until when it may be used without asking again. */
type KeptList = { list: StatusList; fetchedAt: Date; freshUntil: Date }

type Bounds = {
  /** Of all lists together, unpacked. */
  maxBytes: number
  maxCount: number
}

const defaultBounds = { maxBytes: 64 * 1024 * 1024, maxCount: 1000 }

/** Seconds. A copy may be kept for longer, or must go sooner, than an issuer may ask of us. */
const ttlBounds = { least: 10, absent: 300, most: 3600 }

/** The longest that any copy is kept (ms). */
export const longestKept = ttlBounds.most * 1000

/**
 * Until when a copy may be used: `ttl` after it was asked for, within bounds, and never beyond `exp`
 * (Token Status List 8.3, 11.5, 13.7). What HTTP says of caching plays no part.
 */
export function freshUntil({ ttl = ttlBounds.absent, expiresAt }: StatusList, askedAt: Date): Date {
  const seconds = Math.min(Math.max(ttl, ttlBounds.least), ttlBounds.most)
  const byTtl = askedAt.getTime() + seconds * 1000
  return new Date(Math.min(byTtl, expiresAt?.getTime() ?? byTtl))
}

/**
 * Status lists in memory, as bytes in which one looks up in place. There are never more than the bounds
 * say: what was not used for longest goes first.
 */
export function keptLists({ maxBytes, maxCount }: Bounds = defaultBounds) {
  /** By URI; a map keeps the order, and what is used is put in anew. */
  const kept = new Map<string, KeptList>()
  let bytes = 0

  function drop(uri: string): void {
    bytes -= kept.get(uri)?.list.list.byteLength ?? 0
    kept.delete(uri)
  }

  return {
    /** A list that is still fresh; one that is not goes at once, so that nobody falls back on it. */
    find(uri: string, now: Date): StatusList | undefined {
      const found = kept.get(uri)
      if (!found) return undefined
      if (now < found.fetchedAt || now >= found.freshUntil) {
        drop(uri)
        return undefined
      }
      kept.delete(uri)
      kept.set(uri, found)
      return found.list
    },

    keep(uri: string, list: StatusList, fetchedAt: Date): void {
      drop(uri)
      kept.set(uri, { list, fetchedAt, freshUntil: freshUntil(list, fetchedAt) })
      bytes += list.list.byteLength
      for (const oldest of kept.keys()) {
        if (bytes <= maxBytes && kept.size <= maxCount) break
        drop(oldest)
      }
    },
  }
}
