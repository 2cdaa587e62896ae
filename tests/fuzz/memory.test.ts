import { expect, it } from 'vitest'
import { memoryFault } from './memory.ts'

const mebibyte = 2 ** 20
const run = (heap: number[]) => heap.map((mib) => ({ heapUsed: mib * mebibyte, rss: 0 }))

it.each<[string, number[], boolean]>([
  ['a heap that stays', Array(30).fill(100), false],
  ['a heap that fills its caches, and then stays', [60, 70, 80, ...Array(27).fill(82)], false],
  ['a heap with one peak', Array(30).fill(100).with(29, 300), false],
  ['a heap that grows all the time', Array.from({ length: 30 }, (_, i) => 100 + 5 * i), true],
  ['too few figures to tell', [100, 200, 300], false],
])('of %s it is told whether it grew', (_, heap, grew) => {
  expect(memoryFault(run(heap)) !== undefined).toBe(grew)
})
