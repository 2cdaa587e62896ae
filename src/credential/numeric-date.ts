/** The last second of the year 9999: what lies beyond is no date that people or programs can write. */
export const latestNumericDate = 253_402_300_799

/** Whether a claim is a time that can be told, in seconds since the epoch, fractions allowed. */
export const isNumericDate = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= latestNumericDate

/** A time as JWTs tell it: whole seconds since the epoch (RFC 7519 2, NumericDate). */
export const toNumericDate = (date: Date): number => Math.floor(date.getTime() / 1000)
