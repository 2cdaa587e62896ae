import type { FetchGuard } from './fetch.ts'

/**
 * Opens a connection from a Worker, whose network reaches public addresses only. What may be kept, and
 * for how long, those who asked decide: never a cache on the way.
 */
export const connectWorker: FetchGuard['connect'] = (url, { signal, accept }) =>
  fetch(url, { headers: { accept }, redirect: 'manual', cache: 'no-store', signal })
