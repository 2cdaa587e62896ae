import { inflateSync } from 'node:zlib'

/** Of what is unpacked at a time. */
const chunkSize = 64 * 1024

/**
 * Unpacks a whole ZLIB stream (RFC 1950) at once; undefined when it is none, when something follows it,
 * or when it would make more than `maxBytes`: no more than that is ever made.
 */
export function inflateAtOnce(
  bytes: Uint8Array,
  maxBytes: number,
): Uint8Array<ArrayBuffer> | undefined {
  try {
    const options = { maxOutputLength: maxBytes, chunkSize, info: true }
    const { buffer, engine } = inflateSync(bytes, options) as unknown as Unpacked
    if (engine.bytesWritten < bytes.length) return undefined
    // What is shorter than a chunk must not keep the chunk.
    const isWhole = buffer.byteLength === buffer.buffer.byteLength
    return isWhole ? new Uint8Array(buffer.buffer) : Uint8Array.from(buffer)
  } catch {
    return undefined
  }
}

/** With `info` Node tells how much of the bytes was used; its types do not know of it. */
type Unpacked = { buffer: Buffer<ArrayBuffer>; engine: { bytesWritten: number } }
