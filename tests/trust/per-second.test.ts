import { describe, expect, it, vi } from 'vitest'
import { perSecond } from '../../src/trust/per-second.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms)
const counting = () => {
  const find = vi.fn((at: Date, ...names: (string | undefined)[]) => ({ at, names }))
  return { find, ask: perSecond(find) }
}

describe('an answer', () => {
  it('is found once in a second, for each question', () => {
    const { find, ask } = counting()
    const first = ask(at(0), 'a', 'b')
    expect(ask(at(999), 'a', 'b')).toBe(first)
    expect(find).toHaveBeenCalledTimes(1)
    expect(ask(at(999), 'b', 'a').names).toEqual(['b', 'a'])
    expect(find).toHaveBeenCalledTimes(2)
  })

  it('is found anew in another second, a later or an earlier one', () => {
    const { find, ask } = counting()
    for (const ms of [0, 1000, 0, 1999, 1000]) expect(ask(at(ms), 'a').names).toEqual(['a'])
    expect(find).toHaveBeenCalledTimes(4)
  })

  it('that is undefined is an answer', () => {
    const find = vi.fn(() => undefined)
    const ask = perSecond(find)
    expect([ask(at(0)), ask(at(0))]).toEqual([undefined, undefined])
    expect(find).toHaveBeenCalledTimes(1)
  })

  it.each([
    [['a', 'b'], ['a,b']],
    [
      ['a"', 'b'],
      ['a', '"b'],
    ],
    [
      [undefined, 'b'],
      ['', 'b'],
    ],
    [
      [undefined, 'b'],
      ['null', 'b'],
    ],
    [['a'], ['a', '']],
  ])('to %j is none to %j', (one, other) => {
    const { ask } = counting()
    ask(at(0), ...one)
    expect(ask(at(0), ...other).names).toEqual(other)
  })

  it('is given, too, where more is asked in a second than is kept', () => {
    const { find, ask } = counting()
    for (let i = 0; i < 1500; i++) ask(at(0), `${i}`)
    expect(ask(at(0), '0').names).toEqual(['0'])
    expect(find).toHaveBeenCalledTimes(1500)
    expect(ask(at(0), '1499').names).toEqual(['1499'])
    expect(find).toHaveBeenCalledTimes(1501)
  })
})
