import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { KnownFact } from '../trust/facts.ts'
import { compileSnapshot, type Snapshot } from '../trust/snapshot.ts'
import { alteration, isAlteration, readEntry } from './entry.ts'
import type { Ledger } from './ledger.ts'

/** How long the position may go unread while we judge. */
const askAgainMs = 1000
/** How long we judge without being able to read it: after that a suspension may have passed us by. */
const tooOldMs = 5000

type CurrentDeps = {
  clock: Clock
  ledger: Pick<Ledger, 'position' | 'entriesAfter'>
  /** Told of every reading that failed, and why. */
  onUnreadable?(error: unknown): void
}

export type CurrentRegistry = {
  /** The registry as it is now, at most a second late, or a refusal where that cannot be known. */
  snapshot(): Promise<Result<Snapshot, Refusal<'registry_unreachable'>>>
  /** All facts behind the newest snapshot, in the order in which they were learnt. */
  facts(): readonly KnownFact[]
  /** Reads the ledger now. After a change of our own, so that it is in force at once. */
  refresh(): Promise<void>
}

type Held = { snapshot: Snapshot; facts: readonly KnownFact[] }

/**
 * Keeps the compiled registry in memory and in step with the ledger.
 *
 * Each caller reads for itself: on Workers a promise belongs to the request that made it, so one is
 * never shared. While one reads, the others go on with what is not yet too old.
 */
export function currentRegistry({ clock, ledger, onUnreadable }: CurrentDeps): CurrentRegistry {
  /** That the ledger was found altered, until it is found whole again. */
  let altered = false
  let held: Held | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let confirmedAt = Number.NEGATIVE_INFINITY

  /** Whether less than so many milliseconds have passed; a clock that was set back says no. */
  const within = (since: number, ms: number) => {
    const passed = clock().getTime() - since
    return passed >= 0 && passed < ms
  }

  async function read(): Promise<void> {
    const now = clock().getTime()
    askedAt = now
    const known = held?.snapshot.position ?? -1
    if (!held || (await ledger.position()) > known) {
      const facts = [...(held?.facts ?? [])]
      let position = known
      for (const entry of await ledger.entriesAfter(known)) {
        if (entry.position !== position + 1) throw alteration('the ledger has a gap')
        facts.push(...(await readEntry(entry)))
        position = entry.position
      }
      // Another may have read further in the meantime; what is known is never forgotten.
      if (position >= (held?.snapshot.position ?? -1)) {
        held = { facts, snapshot: compileSnapshot(facts, position) }
      }
    }
    confirmedAt = now
  }

  async function refresh(): Promise<void> {
    try {
      await read()
      altered = false
    } catch (error) {
      altered ||= isAlteration(error)
      onUnreadable?.(error)
      throw error
    }
  }

  return {
    async snapshot() {
      const fresh = held && within(askedAt, askAgainMs) && within(confirmedAt, tooOldMs)
      if (!fresh) await refresh().catch(() => undefined)
      if (altered) return unreadable('is not as it was written', restore)
      if (held && within(confirmedAt, tooOldMs)) return ok(held.snapshot)
      return unreadable('cannot be read', 'Try again shortly.')
    },
    facts: () => held?.facts ?? [],
    refresh,
  }
}

const restore = 'Its operator must stop serving, and restore a backup.'

const unreadable = (how: string, remedy: string) =>
  refuse({
    code: 'registry_unreachable' as const,
    detail: `The registry ${how}, so nobody can be trusted now. ${remedy}`,
  })
