import { describe, expect, it } from 'vitest'
import type { StatusEvent } from '../../src/trust/facts.ts'
import { type KnownEvent, standingAt, statusAt } from '../../src/trust/standing.ts'

const event = (
  position: number,
  effectiveFrom: number,
  status: StatusEvent['status'],
): KnownEvent => ({
  type: 'status',
  target: { type: 'entity', id: 'x' },
  status,
  effectiveFrom,
  reason: 'routine',
  position,
})
const second = (n: number) => new Date(n * 1000)

describe('statusAt', () => {
  it.each<[string, KnownEvent[], number, StatusEvent['status']]>([
    ['nothing told', [], 10, 'pending'],
    ['told for later only', [event(0, 20, 'granted')], 10, 'pending'],
    ['granted', [event(0, 5, 'granted')], 5, 'granted'],
    ['suspended later', [event(0, 5, 'granted'), event(1, 8, 'suspended')], 10, 'suspended'],
    [
      'suspended and lifted',
      [event(0, 5, 'granted'), event(1, 8, 'suspended'), event(2, 9, 'granted')],
      10,
      'granted',
    ],
    [
      'suspended into the past: the earlier grant does not undo it',
      [event(0, 5, 'granted'), event(1, 3, 'suspended')],
      10,
      'suspended',
    ],
    [
      'a suspension planned before the grant was told',
      [event(0, 8, 'suspended'), event(1, 5, 'granted')],
      10,
      'suspended',
    ],
    [
      'withdrawn into the past',
      [event(0, 5, 'granted'), event(1, 3, 'withdrawn')],
      10,
      'withdrawn',
    ],
    [
      'withdrawn, whatever is told afterwards',
      [event(0, 5, 'withdrawn'), event(1, 8, 'granted')],
      10,
      'withdrawn',
    ],
    [
      'granted and suspended at once',
      [event(0, 5, 'granted'), event(0, 5, 'suspended')],
      10,
      'suspended',
    ],
    ['before the withdrawal', [event(0, 5, 'granted'), event(1, 12, 'withdrawn')], 10, 'granted'],
  ])('%s', (_, history, at, expected) => {
    expect(statusAt(history, second(at))).toBe(expected)
    expect(statusAt(history.toReversed(), second(at))).toBe(expected)
  })
})

describe('standingAt', () => {
  const granted = [event(0, 0, 'granted')]

  it.each([
    [4.999, 'not_yet_valid'],
    [5, 'granted'],
    [9.999, 'granted'],
    [10, 'expired'],
  ])('a window from 5 to 10, at %d: %s', (at, expected) => {
    expect(standingAt({ validFrom: 5, validTo: 10 }, granted, second(at))).toBe(expected)
  })

  it('a window without end does not end', () => {
    expect(standingAt({ validFrom: 5 }, granted, second(1e10))).toBe('granted')
  })

  it('the status goes before the window', () => {
    const suspended = [...granted, event(1, 1, 'suspended')]
    expect(standingAt({ validFrom: 5, validTo: 10 }, suspended, second(20))).toBe('suspended')
  })
})
