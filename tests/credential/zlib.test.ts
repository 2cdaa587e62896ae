import { expect, it } from 'vitest'
import { deflate, inflate } from '../../src/credential/zlib.ts'
import { byEachDriver } from '../support/drivers.ts'

const maxBytes = 2 ** 20
const noise = (length: number) => crypto.getRandomValues(new Uint8Array(length))

byEachDriver(() => {
  it.each([
    ['nothing', new Uint8Array()],
    ['a byte', Uint8Array.of(7)],
    ['what does not compress', noise(3000)],
    ['what is packed a thousand times', new Uint8Array(500_000)],
    ['as much as the bound', noise(65_536)],
  ])('undoes what was done to %s', async (_, bytes) => {
    expect(await inflate(await deflate(bytes), Math.max(bytes.length, 1))).toEqual(bytes)
  })

  it('undoes it again and again, wherever in the memory of the runtime it comes to lie', async () => {
    for (const bytes of [new Uint8Array(300).fill(7), noise(3000)]) {
      const packed = await deflate(bytes)
      for (let i = 0; i < 300; i++) {
        const unpacked = await inflate(packed, maxBytes)
        expect(unpacked && Buffer.compare(unpacked, bytes)).toBe(0)
      }
    }
  })

  it('keeps no more memory than a short list takes', async () => {
    const unpacked = await inflate(await deflate(noise(3000)), maxBytes)
    expect(unpacked?.buffer.byteLength).toBe(3000)
  })

  it.each<[string, (packed: Uint8Array) => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['it without its last byte', (packed) => packed.subarray(0, -1)],
    ['it without its checksum', (packed) => packed.subarray(0, -4)],
    ['it with another checksum', (packed) => packed.with(-1, (packed.at(-1) ?? 0) ^ 1)],
    ['it and a byte', (packed) => Uint8Array.of(...packed, 0)],
    ['it and much more', (packed) => Uint8Array.of(...packed, ...noise(9000))],
    ['it twice', (packed) => Uint8Array.of(...packed, ...packed)],
  ])('refuses %s', async (_, change) => {
    const packed = await deflate(Uint8Array.from({ length: 1000 }, (_, i) => i % 7))
    expect(await inflate(packed, maxBytes)).toHaveLength(1000)
    expect(await inflate(change(packed), maxBytes)).toBeUndefined()
  })

  it('refuses what would unpack to more than the bound', async () => {
    expect(await inflate(await deflate(new Uint8Array(1001)), 1000)).toBeUndefined()
    expect(await inflate(await deflate(new Uint8Array(50_000_000)), 1000)).toBeUndefined()
  })
})
