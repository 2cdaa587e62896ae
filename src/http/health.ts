import { Hono } from 'hono'

type Deps = {
  /** What keeps us from serving, a sentence each: a lost database, a missing trigger, no registry. */
  faults: () => Promise<readonly string[]>
}

/** `/healthz`: the process answers. `/readyz`: it can do its work, or says what it lacks. */
export function healthRoutes({ faults }: Deps) {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const found = await faults()
      return found.length === 0
        ? c.json({ status: 'ready' })
        : c.json({ status: 'not ready', faults: found }, 503)
    })
}
