/** Fresh random bytes, as a door: tests count instead. At most 65,536 bytes a call. */
export type Random = (size: number) => Uint8Array<ArrayBuffer>

export const systemRandom: Random = (size) => crypto.getRandomValues(new Uint8Array(size))
