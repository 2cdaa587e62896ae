import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'

type Allowed = {
  origin: '*' | readonly string[]
  allowHeaders?: string[]
  exposeHeaders?: string[]
}

/**
 * Lets pages of other origins call us (Fetch, CORS protocol), as Hono's `cors` does. But that one writes
 * its headers before there is an answer, so that each answer is made a second time, around a stream: on
 * Node that costs as much as all else of HTTP. Here they are written on the answer that is there.
 */
export function crossOrigin({ origin, allowHeaders, exposeHeaders }: Allowed): MiddlewareHandler {
  const preflight = cors({
    origin: origin === '*' ? '*' : [...origin],
    ...(allowHeaders && { allowHeaders }),
    ...(exposeHeaders && { exposeHeaders }),
  })
  const exposed = exposeHeaders?.join(',')
  return async function crossOrigin(c, next) {
    if (c.req.method === 'OPTIONS') return preflight(c, next)
    await next()
    const { headers } = c.res
    const from = c.req.header('origin') ?? ''
    if (origin === '*' || origin.includes(from)) {
      headers.set('access-control-allow-origin', origin === '*' ? '*' : from)
    }
    if (exposed !== undefined) headers.set('access-control-expose-headers', exposed)
    if (origin !== '*') headers.append('vary', 'Origin')
  }
}
