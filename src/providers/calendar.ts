/** The number of days of a Gregorian month; `month` counts from 1. */
export const daysIn = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate()

export const isDay = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)

/**
 * Whether a day exists in a year of which only two digits are known. The 20th and 21st century
 * have the same leap years, but for 1900 and 2000, so what exists in either exists in 20YY.
 */
export const isDayOfSomeCentury = (yy: number, month: number, day: number): boolean =>
  isDay(2000 + yy, month, day)
