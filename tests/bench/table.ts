import { styleText } from 'node:util'
import {
  type Goal,
  isLoss,
  type Measured,
  median,
  ratioOf,
  type Standing,
  standingOf,
} from './figures.ts'
import type { Row } from './row.ts'

/** A row with its figures, as it is printed and written to JSON. */
export type Outcome = {
  id: string
  work: string
  unit: string
  contenders: {
    name: string
    does: string
    median: number
    values: readonly number[]
    ratio: number
  }[]
  /** Ours against the floor. */
  ratio: number
  goal: Goal
  standing: Standing
  accepted?: number
  isLoss: boolean
}

/** Holds what was measured to the goal, and to the ratio that was accepted before. */
export function outcomeOf(
  { id, work, unit, goal }: Row,
  measured: readonly Measured[],
  accepted: number | undefined,
): Outcome {
  const [floor, ours] = measured
  if (!floor || !ours) throw new Error(`${id} needs a floor and us`)
  const ratio = ratioOf(ours, floor, goal.sense)
  return {
    ...{ id, work, unit, ratio, goal },
    contenders: measured.map((each) => ({
      ...each,
      median: median(each.values),
      ratio: ratioOf(each, floor, goal.sense),
    })),
    standing: standingOf(ratio, goal),
    ...(accepted !== undefined && { accepted }),
    isLoss: isLoss(ratio, accepted, goal.sense),
  }
}

/** One row of the table: what was asked and came of it, then everybody's figures, and what each does. */
export function printed(outcome: Outcome): string {
  const { work, unit, contenders, ratio, goal, standing, accepted } = outcome
  const mark = (value: number) => (goal.sense === 'speed' ? `≥ ${value}` : `≤ ${value} ×`)
  const wanted = mark(goal.goal) + (goal.aim === undefined ? '' : ` (aim ${mark(goal.aim)})`)
  const colour = standing === 'goal not met' ? 'red' : 'green'
  const before = accepted === undefined ? '' : `, accepted ${figure(accepted)}`
  const lost = outcome.isLoss ? styleText('red', '  LOST MORE THAN A TENTH') : ''
  const head = `${styleText('bold', work)}\n  ${styleText(colour, `${figure(ratio)}  ${standing}`)}  ${wanted}${before}${lost}`
  const width = Math.max(...contenders.map(({ name }) => name.length))
  const lines = contenders.map(({ name, does, median: value, ratio }) => {
    const cost = `${figure(value)} ${unit}`.padStart(12)
    return `  ${name.padEnd(width)} ${cost} ${figure(ratio).padStart(7)}  ${styleText('gray', does)}`
  })
  return [head, ...lines].join('\n')
}

/** Three digits that count. */
function figure(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value.toFixed(value >= 10 ? 1 : 2)
}
