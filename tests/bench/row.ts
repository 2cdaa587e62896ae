import type { Goal, Measured } from './figures.ts'

/** How much of everything: given on the command line. */
export type Extent = {
  rounds: number
  /** CPU time of one contender in one round, in milliseconds. */
  ms: number
  /** Whether to measure what takes many minutes, too. */
  long: boolean
  progress(text: string): void
}

/** One line of the table: a work, who does it, and what is asked of us. */
export type Row = {
  id: string
  work: string
  unit: 'µs' | 'ms' | 'MiB' | 'KiB'
  goal: Goal
  /** Why it cannot be measured here, or not now. */
  unavailable?(extent: Extent): string | undefined
  /** The floor first, then ours, then whoever else there is. */
  measure(extent: Extent): Promise<Measured[]>
}
