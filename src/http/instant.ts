import { latestNumericDate } from '../credential/numeric-date.ts'

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/**
 * An instant as the interface writes it: RFC 3339, or whole seconds since the epoch. Undefined for
 * anything else, and for a date that no calendar has.
 */
export function readInstant(text: string): Date | undefined {
  if (/^\d{1,12}$/.test(text)) {
    return Number(text) <= latestNumericDate ? new Date(Number(text) * 1000) : undefined
  }
  const [, year, month, day] = rfc3339.exec(text) ?? []
  if (!year || Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month)))
    return undefined
  // `Date` takes upper-case letters only, and refuses what is left: month 13, hour 25, second 60.
  const instant = new Date(text.toUpperCase())
  return Number.isNaN(instant.getTime()) || instant.getTime() < 0 ? undefined : instant
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** Seconds since the epoch as RFC 3339. */
export const toInstant = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
