/** Compresses to DEFLATE in the ZLIB format (RFC 1950). */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const stream = streamOf(bytes).pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

type Bytes = Uint8Array<ArrayBuffer>
type Inflate = (
  bytes: Uint8Array,
  maxBytes: number,
) => Bytes | undefined | Promise<Bytes | undefined>

let driver: Inflate = inflateByStream

/** Says who undoes it from now on, where an entry knows somebody faster; the answers are the same. */
export function useInflate(faster: Inflate): void {
  driver = faster
}

/**
 * Undoes it; undefined when the bytes are no whole ZLIB stream and nothing else, or would unpack to more
 * than `maxBytes`: a bomb costs little more than the bound.
 */
export async function inflate(bytes: Uint8Array, maxBytes: number): Promise<Bytes | undefined> {
  return driver(bytes, maxBytes)
}

/**
 * By the streams that every runtime has. What is packed goes in by small steps, since a runtime may unpack
 * all of what it was given at once, and reading stops at the bound.
 */
export async function inflateByStream(
  bytes: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // It grows in place, so that a long list is held once.
  const whole = new ArrayBuffer(0, { maxByteLength: maxBytes })
  try {
    for await (const chunk of streamOf(bytes).pipeThrough(new DecompressionStream('deflate'))) {
      const { byteLength } = whole
      if (byteLength + chunk.length > maxBytes) return undefined
      whole.resize(byteLength + chunk.length)
      new Uint8Array(whole, byteLength).set(chunk)
    }
  } catch {
    return undefined
  }
  const unpacked = new Uint8Array(whole)
  // A short list need not keep the addresses that the longest might take.
  return unpacked.length < maxBytes / 2 ? unpacked.slice() : unpacked
}

/** Deflate makes at most 1032 bytes of one: 4 MiB of a step. */
const step = 4096

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let offset = 0
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close()
      // A copy, for a stream may take over what it is given.
      controller.enqueue(bytes.slice(offset, offset + step))
      offset += step
    },
  })
}
