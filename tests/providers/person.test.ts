import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ageOver, born } from '../../src/providers/person.ts'

const at = (instant: string) => new Date(instant.includes('T') ? instant : `${instant}T12:00:00Z`)

describe('ageOver', () => {
  it.each<[string, string, number, string, boolean | undefined]>([
    ['the day before the birthday', '2008-06-15', 18, '2026-06-14', false],
    ['the birthday', '2008-06-15', 18, '2026-06-15', true],
    ['the last instant before it, in UTC', '2008-06-15', 18, '2026-06-14T23:59:59.999Z', false],
    ['years later', '1960-01-01', 21, '2026-06-15', true],
    ['not yet born', '2030-01-01', 18, '2026-06-15', false],
    ['born on a leap day: 28 February', '2008-02-29', 18, '2026-02-28', false],
    ['born on a leap day: 1 March', '2008-02-29', 18, '2026-03-01', true],
    ['born on a leap day: a leap year', '2008-02-29', 20, '2028-02-29', true],
    ['year only: the year before', '2008', 18, '2025-12-31', false],
    [
      'year only: 1 January, which one possible birth has reached',
      '2008',
      18,
      '2026-01-01',
      undefined,
    ],
    ['year only: 30 December', '2008', 18, '2026-12-30', undefined],
    ['year only: 31 December, which all have reached', '2008', 18, '2026-12-31', true],
    ['month only: the month before', '2008-06', 18, '2026-05-31', false],
    ['month only: its first day', '2008-06', 18, '2026-06-01', undefined],
    ['month only: its last day but one', '2008-06', 18, '2026-06-29', undefined],
    ['month only: its last day', '2008-06', 18, '2026-06-30', true],
    ['month only: a February with a leap day, on the 28th', '2008-02', 18, '2026-02-28', undefined],
    ['month only: a February with a leap day, on 1 March', '2008-02', 18, '2026-03-01', true],
    ['month only: a February without, on the 28th', '2007-02', 18, '2025-02-28', true],
    ['elder of a known year', '1948', 21, '2026-06-15', true],
  ])('%s', (_, birthdate, threshold, instant, expected) => {
    expect(ageOver(birthdate, threshold, at(instant))).toBe(expected)
  })

  it.each([
    '',
    '2008-13-01',
    '2008-00',
    '2007-02-29',
    '2008-06-31',
    '0000-06-15',
    '2008-6-15',
    '2008-06-15T00:00:00Z',
    '２００８-06-15',
    '__proto__',
    '2'.repeat(10_000),
  ])('proves nothing from %j', (birthdate) => {
    expect(ageOver(birthdate, 18, at('2026-06-15'))).toBeUndefined()
  })

  it('claims of a partial date only what holds of the whole one', () => {
    const dates = fc.date({ min: at('1930-01-01'), max: at('2020-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(
        dates,
        fc.constantFrom(4, 7),
        fc.constantFrom(18, 20, 21),
        (date, length, age) => {
          const whole = date.toISOString().slice(0, 10)
          const partial = ageOver(whole.slice(0, length), age, at('2026-06-15'))
          return partial === undefined || partial === ageOver(whole, age, at('2026-06-15'))
        },
      ),
    )
  })
})

describe('born', () => {
  it.each([
    ['1965', 'year'],
    ['1951-08', 'month'],
    ['2000-02-29', 'day'],
  ])('knows of %s that its precision is the %s', (birthdate, birthdate_precision) => {
    expect(born(birthdate)).toEqual({ birthdate, birthdate_precision })
  })

  it.each(['', '65', '1951-13', '1900-02-29', '1965-1-1'])('throws for %j', (birthdate) => {
    expect(() => born(birthdate)).toThrow('Not a birth date')
  })
})
