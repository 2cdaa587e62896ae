import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import { isDenied } from '../purposes/minimise.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Fact } from '../trust/facts.ts'
import { frameEntry, type LedgerEntry } from './entry.ts'
import { factFromWire, factToWire } from './wire.ts'

/** What the registry needs of the database. */
export type Ledger = {
  /** The newest position; -1 while the ledger is empty. */
  position(): Promise<number>
  /** Everything after a position, oldest first. */
  entriesAfter(position: number): Promise<LedgerEntry[]>
  /** Writes the entry and its facts, all or nothing. */
  append(entry: LedgerEntry, facts: readonly Fact[]): Promise<Appended>
}
/** `contradiction`: a fact cannot be true beside what the registry holds; it says why. */
export type Appended = 'appended' | 'position_taken' | { contradiction: string }

export type AppendDeps = {
  clock: Clock
  ledger: Ledger
  registryId: string
  /** Told once the entry is written, so that this process acts on it at once. */
  onAppended?(position: number): Promise<void>
}

type Change = {
  kind: string
  actor: string
  facts: readonly Fact[]
  /** Where the entry must land, for a change that holds only there; else the next free position. */
  position?: number
}

const attempts = 5

/**
 * The one way into the registry: an entry and its facts, in one atomic batch.
 *
 * The position is the lock. Whoever comes second finds it taken and, unless the change was bound to
 * that position, tries the next. Nothing is read inside the write; what must hold, the database's
 * constraints hold.
 */
export async function appendEntry(
  { clock, ledger, registryId, onAppended }: AppendDeps,
  { kind, actor, facts, position: wanted }: Change,
): Promise<Result<{ position: number; leafHash: string }, Refusal<'registry_conflict'>>> {
  const fault = facts.map(faultOf).find((each) => each !== undefined)
  if (fault) return conflict(fault)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const position = wanted ?? (await ledger.position()) + 1
    const draft = { registryId, position, kind, actor, recordedAt: clock(), facts }
    const entry = await frameEntry(draft)
    const outcome = await ledger.append(entry, facts)
    if (outcome === 'appended') {
      await onAppended?.(position)
      return ok({ position, leafHash: entry.leafHash })
    }
    if (outcome !== 'position_taken')
      return conflict(`The registry refuses: ${outcome.contradiction}.`)
    if (wanted !== undefined) break
  }
  return conflict('Others changed the registry at the same time. Look at it and try again.')
}

/** What is wrong with a fact by itself: we accept what our own reader accepts, and no denied claim. */
function faultOf(fact: Fact): string | undefined {
  if (!factFromWire(factToWire(fact))) return `A fact of type ${fact.type} is not well formed.`
  const claims = 'claims' in fact ? (fact.claims ?? []) : []
  return claims.some(({ paths }) => paths.some(isDenied))
    ? 'A purpose or permission names a claim that nobody may ask for. Leave it out.'
    : undefined
}

const conflict = (detail: string) => refuse({ code: 'registry_conflict' as const, detail })
