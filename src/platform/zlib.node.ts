import { inflateSync } from 'node:zlib'

/** What is unpacked is about so many times as long as what is packed, and goes into one piece of memory. */
const usualRatio = 9
const leastChunk = 1024

/**
 * Unpacks a whole ZLIB stream (RFC 1950) at once; undefined when it is none, when something follows it,
 * or when it would make more than `maxBytes`: no more than that is ever made.
 */
export function inflateAtOnce(
  bytes: Uint8Array,
  maxBytes: number,
): Uint8Array<ArrayBuffer> | undefined {
  try {
    const chunkSize = Math.max(leastChunk, Math.min(usualRatio * bytes.length, maxBytes))
    const options = { maxOutputLength: maxBytes, chunkSize, info: true }
    const { buffer, engine } = inflateSync(bytes, options) as unknown as Unpacked
    if (engine.bytesWritten < bytes.length) return undefined
    // Small pieces lie in memory that all small Buffers share, and that nobody can take away. Of any other,
    // what is shorter than its chunk must not keep the chunk.
    const isShared = buffer.buffer.byteLength === Buffer.poolSize
    return isShared
      ? Uint8Array.from(buffer)
      : new Uint8Array(buffer.buffer.transfer(buffer.length))
  } catch {
    return undefined
  }
}

/** With `info` Node tells how much of the bytes was used; its types do not know of it. */
type Unpacked = { buffer: Buffer<ArrayBuffer>; engine: { bytesWritten: number } }
