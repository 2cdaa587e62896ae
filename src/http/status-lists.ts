import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { etag, RETAINED_304_HEADERS } from 'hono/etag'
import { type StatusDeps, statusListTokens } from '../issuance/status.ts'
import { problem } from './render.ts'

const mediaType = 'application/statuslist+jwt'
/** JSON too, since some wallets ask everybody for it, whatever they want. */
const taken: ReadonlySet<string> = new Set([mediaType, 'application/*', '*/*', 'application/json'])

/** A page of another origin may read a 304 too. */
const retainedHeaders = [...RETAINED_304_HEADERS, 'access-control-allow-origin']

/** `/status-lists/{id}`: the Status List Tokens of our issuers (Token Status List 8). */
export function statusListRoutes(deps: StatusDeps) {
  const statusListToken = statusListTokens(deps)
  return new Hono()
    .use('/status-lists/*', cors({ origin: '*' }), etag({ retainedHeaders }))
    .get('/status-lists/:id', async (c) => {
      if (c.req.query('time') !== undefined) {
        const detail = 'Past status lists are not offered, to protect holders. Ask without time.'
        return problem({ code: 'status_history_not_offered', detail })
      }
      if (!accepts(c.req.header('Accept'))) {
        return problem({ code: 'not_acceptable', detail: `There is only ${mediaType} here.` })
      }
      const token = await statusListToken(c.req.param('id'))
      if (!token) return problem({ code: 'not_found', detail: 'There is no such status list.' })
      return c.body(token, 200, {
        'Content-Type': mediaType,
        // A copy on the way must ask whether it is still the newest: its age would add to the ttl.
        'Cache-Control': 'no-cache',
        Vary: 'Accept',
      })
    })
}

/** Whether an Accept header (RFC 9110 12.5.1) takes what we have; none takes everything. */
function accepts(header: string | undefined): boolean {
  const ranges = (header ?? '*/*').toLowerCase().split(',')
  return ranges.some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    return taken.has(type) && !parameters.some((p) => /^q=0(\.0*)?$/.test(p))
  })
}
