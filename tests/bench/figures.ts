/** What one contender cost, round by round, in the unit of its row. */
export type Measured = {
  name: string
  /** What it does, so that a reader can see whether the comparison is fair. */
  does: string
  values: readonly number[]
}

/**
 * What a ratio says. `speed`: how much of the floor's speed is reached (floor ÷ ours, more is better).
 * `cost`: how many times the floor is paid (ours ÷ floor, less is better).
 */
export type Sense = 'speed' | 'cost'

export type Goal = { sense: Sense; goal: number; aim?: number }

/** The share of an accepted ratio that may be lost before the benchmark fails. */
const tolerance = 0.1

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** Between two ranks it is interpolated. Throws where there is nothing to rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]]
  if (low === undefined || high === undefined) throw new RangeError('no figures')
  return low + (high - low) * (rank - Math.floor(rank))
}

/**
 * The ratio of two contenders: the median of the ratios of each round. What slows the machine down for
 * a while slows both of a round, so a round compares what a whole run could not.
 */
export function ratioOf(ours: Measured, floor: Measured, sense: Sense): number {
  const rounds = ours.values.map((value, round) => {
    const other = floor.values[round]
    if (other === undefined) throw new RangeError(`${floor.name} has fewer rounds`)
    return sense === 'speed' ? other / value : value / other
  })
  return median(rounds)
}

export type Standing = 'aim met' | 'goal met' | 'goal not met'

export function standingOf(ratio: number, { sense, goal, aim }: Goal): Standing {
  const reaches = (mark: number) => (sense === 'speed' ? ratio >= mark : ratio <= mark)
  if (aim !== undefined && reaches(aim)) return 'aim met'
  return reaches(goal) ? 'goal met' : 'goal not met'
}

/** Whether more than a tenth was lost against the ratio that was accepted; what is new loses nothing. */
export function isLoss(ratio: number, accepted: number | undefined, sense: Sense): boolean {
  if (accepted === undefined) return false
  return sense === 'speed' ? ratio < accepted * (1 - tolerance) : ratio > accepted * (1 + tolerance)
}
