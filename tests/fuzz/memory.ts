/** In bytes, after garbage was collected. */
export type Memory = { heapUsed: number; rss: number }

/** How much the heap may grow from the first third of a run to the last: caches fill, and then stop. */
const maxGrowth = 1.25
const allowance = 8 * 2 ** 20

/**
 * What is wrong with the memory of a run, measured at regular times; undefined when it stayed flat, or
 * was measured too seldom to tell. The medians of the first and last third are compared.
 */
export function memoryFault(memory: readonly Memory[]): string | undefined {
  const third = Math.floor(memory.length / 3)
  if (third < 3) return undefined
  const heap = memory.map(({ heapUsed }) => heapUsed)
  const before = median(heap.slice(0, third))
  const after = median(heap.slice(-third))
  if (after <= before * maxGrowth + allowance) return undefined
  const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
  return `The heap grew from ${mebibytes(before)} to ${mebibytes(after)}: something is kept for ever.`
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
