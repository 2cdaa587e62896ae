/** A time as JWTs tell it: whole seconds since the epoch (RFC 7519 2, NumericDate). */
export const toNumericDate = (date: Date): number => Math.floor(date.getTime() / 1000)
