/** The time, as a door: tests freeze it. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()
