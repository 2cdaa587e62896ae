import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deflate, inflate } from '../../src/credential/zlib.ts'
import { byEachDriver } from '../support/drivers.ts'

byEachDriver(() => {
  it('what was packed is unpacked, up to the bound and not a byte further', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const packed = await deflate(bytes)
        expect(await inflate(packed, bytes.length + 1)).toEqual(bytes)
        expect(await inflate(packed, Math.max(bytes.length, 1))).toEqual(bytes)
        if (bytes.length > 1) expect(await inflate(packed, bytes.length - 1)).toBeUndefined()
      }),
      { numRuns: 30 },
    )
  })

  it.each<[string, (packed: Uint8Array) => Uint8Array]>([
    ['cut short', (packed) => packed.slice(0, -5)],
    ['without its checksum', (packed) => packed.slice(0, -4)],
    ['with another checksum', (packed) => packed.with(-1, (packed.at(-1) ?? 0) ^ 1)],
    ['with a byte behind it', (packed) => Uint8Array.of(...packed, 0)],
    ['twice', (packed) => Uint8Array.of(...packed, ...packed)],
    ['without its head', (packed) => packed.slice(2)],
    ['that is none', () => new TextEncoder().encode('no stream at all')],
    ['of no bytes', () => new Uint8Array()],
  ])('a stream %s is refused', async (_, spoilt) => {
    const packed = await deflate(new TextEncoder().encode('a list of statuses '.repeat(50)))
    expect(await inflate(spoilt(packed), 10_000)).toBeUndefined()
  })

  it('what is unpacked keeps no more memory than it needs', async () => {
    const short = await inflate(await deflate(new Uint8Array(100)), 1 << 24)
    expect(short?.buffer.byteLength).toBe(100)
  })
})
