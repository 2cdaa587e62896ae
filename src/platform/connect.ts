import type { FetchGuard } from './fetch.ts'

/** Opens a connection from a Worker, whose network reaches public addresses only. */
export const connectWorker: FetchGuard['connect'] = (url, signal) =>
  fetch(url, { redirect: 'manual', signal })
