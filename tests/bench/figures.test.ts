import { describe, expect, it } from 'vitest'
import { isLoss, median, percentile, ratioOf, standingOf } from './figures.ts'

const measured = (...values: number[]) => ({ name: 'x', does: '', values })

describe('a median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
    [[1, 1, 1, 1, 1000], 1],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('of nothing is an error, not a figure', () => {
    expect(() => median([])).toThrow('no figures')
  })
})

it('a percentile lies between the ranks that it falls between', () => {
  const hundred = Array.from({ length: 101 }, (_, i) => i)
  expect(percentile(hundred, 0.99)).toBe(99)
  expect(percentile([0, 10], 0.99)).toBeCloseTo(9.9)
})

describe('a ratio', () => {
  it('of speed is the share of the floor that is reached', () => {
    expect(ratioOf(measured(10, 10, 10), measured(8, 8, 8), 'speed')).toBeCloseTo(0.8)
  })

  it('of cost is how many times the floor is paid', () => {
    expect(ratioOf(measured(10, 10, 10), measured(8, 8, 8), 'cost')).toBeCloseTo(1.25)
  })

  it('compares within each round: a machine that slows down halfway changes nothing', () => {
    const ours = measured(10, 10, 100, 100, 100)
    const floor = measured(8, 8, 80, 80, 80)
    expect(ratioOf(ours, floor, 'speed')).toBeCloseTo(0.8)
  })

  it('needs a floor in each round', () => {
    expect(() => ratioOf(measured(1, 2), measured(1), 'cost')).toThrow('fewer rounds')
  })
})

it.each([
  [0.91, 'speed', 'aim met'],
  [0.8, 'speed', 'goal met'],
  [0.79, 'speed', 'goal not met'],
  [0.5, 'cost', 'aim met'],
  [0.85, 'cost', 'goal not met'],
] as const)('a ratio of %d of %s: %s', (ratio, sense, standing) => {
  const goal = sense === 'speed' ? { goal: 0.8, aim: 0.9 } : { goal: 0.8, aim: 0.6 }
  expect(standingOf(ratio, { sense, ...goal })).toBe(standing)
})

it.each([
  ['a tenth less speed', 0.91, 1, 'speed', false],
  ['more than a tenth less speed', 0.89, 1, 'speed', true],
  ['more speed', 2, 1, 'speed', false],
  ['a tenth more cost', 2.19, 2, 'cost', false],
  ['more than a tenth more cost', 2.21, 2, 'cost', true],
  ['less cost', 1, 2, 'cost', false],
  ['a row nobody accepted yet', 0.1, undefined, 'speed', false],
] as const)('%s: %d after %d of %s is a loss: %s', (_, ratio, accepted, sense, expected) => {
  expect(isLoss(ratio, accepted, sense)).toBe(expected)
})
