import { ok, type Result, refuse } from '../result.ts'
import { orAborted } from './or-aborted.ts'

/** What we are ready to receive: anything else is refused, unread where possible. */
export type Wanted = { mediaTypes: readonly string[]; maxBytes: number }

/**
 * A GET of something that an outsider named, as a door: tests script it, and an unknown URL throws
 * there. A refusal is a sentence; nothing of what came back is in it.
 */
export type GuardedFetch = (url: string, wanted: Wanted) => Promise<Result<Fetched, string>>

/** What was received: `mediaType` is the one of those wanted, without parameters. */
export type Fetched = { mediaType: string; bytes: Uint8Array<ArrayBuffer> }

export type FetchGuard = {
  /** Opens the connection. On Node it goes to the very address that was checked. */
  connect: (url: URL, init: { signal: AbortSignal; accept: string }) => Promise<Response>
  /** What lies under our own origin is answered in process: a Worker cannot fetch its own zone. */
  own: { origin: string; fetch: (request: Request) => Response | Promise<Response> }
  /** Sandbox: origins on loopback that may be fetched by http all the same. */
  loopbackOrigins?: readonly string[]
  timeoutMs?: number
}

/**
 * Fetches for people we do not know: https to a DNS name only, no credentials in the URL, 5 seconds
 * in all, the media type and the size that were asked for, always from the source.
 *
 * Redirects are refused. Each would have to be judged anew (SD-JWT VC 7.1), and Token Status List 8.2
 * only recommends them: who signs a URL into a credential can as well sign the one where things lie.
 */
export function guardedFetch(guard: FetchGuard): GuardedFetch {
  const { connect, own, loopbackOrigins = [], timeoutMs = 5000 } = guard
  return async (text, wanted) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!url) return refuse('The URL is malformed.')
    const inProcess = url.origin === own.origin
    if (!inProcess && !loopbackOrigins.includes(url.origin)) {
      const fault = addressFault(url)
      if (fault) return refuse(fault)
    }
    const signal = AbortSignal.timeout(timeoutMs)
    const accept = wanted.mediaTypes.join(', ')
    const receive = async () => {
      const response = inProcess
        ? await own.fetch(new Request(url, { headers: { accept }, redirect: 'manual' }))
        : await connect(url, { signal, accept })
      return readWanted(response, wanted, signal)
    }
    try {
      return (await orAborted(receive(), signal)) ?? late
    } catch {
      return late
    }
  }
}

const late = refuse('The server did not answer in time, or its address is not public.')

function addressFault({ protocol, username, password, hostname }: URL): string | undefined {
  if (protocol !== 'https:') return 'The URL is not https.'
  if (username || password) return 'The URL carries credentials.'
  // An address literal is never needed by a real party, and often by a forger.
  if (/^[\d.]+$|^\[/.test(hostname) || !hostname.includes('.')) {
    return 'The URL names an address or a local host, not a public DNS name.'
  }
  return undefined
}

async function readWanted(
  response: Response,
  { mediaTypes, maxBytes }: Wanted,
  signal: AbortSignal,
): Promise<Result<Fetched, string>> {
  const mediaType = mediaTypeOf(response)
  const fault = headFault(response.status, mediaType, mediaTypes)
  if (fault) {
    // Nobody will read it: the connection need not stay open for it.
    response.body?.cancel().catch(() => undefined)
    return refuse(fault)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    signal.throwIfAborted()
    size += chunk.byteLength
    if (size > maxBytes) return refuse(`The answer is larger than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer())
  return ok({ mediaType, bytes })
}

const mediaTypeOf = ({ headers }: Response): string =>
  headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''

function headFault(status: number, mediaType: string, wanted: readonly string[]) {
  if (status !== 200) return `The server answered ${status}, not 200.`
  return wanted.includes(mediaType) ? undefined : `The media type is not ${wanted.join(' or ')}.`
}
