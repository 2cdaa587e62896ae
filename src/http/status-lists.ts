import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { type StatusDeps, type StatusListForm, statusListTokens } from '../issuance/status.ts'
import { crossOrigin } from './cross-origin.ts'
import { problem } from './render.ts'

/** `/status-lists/{id}`: the Status List Tokens of our issuers (Token Status List 8). */
export function statusListRoutes(deps: StatusDeps) {
  const statusListToken = statusListTokens(deps)
  return new Hono()
    .use('/status-lists/*', crossOrigin({ origin: '*' }), etag())
    .get('/status-lists/:id', async (c) => {
      if (c.req.query('time') !== undefined) {
        const detail = 'Past status lists are not offered, to protect holders. Ask without time.'
        return problem({ code: 'status_history_not_offered', detail })
      }
      const form = preferred(c.req.header('Accept'))
      if (!form) {
        const detail = `There are only ${Object.values(mediaTypes).join(' and ')} here.`
        return problem({ code: 'not_acceptable', detail })
      }
      const token = await statusListToken(c.req.param('id'), form)
      if (!token) return problem({ code: 'not_found', detail: 'There is no such status list.' })
      return c.body(token, 200, {
        'Content-Type': mediaTypes[form],
        // A copy on the way must ask whether it is still the newest: its age would add to the ttl.
        'Cache-Control': 'no-cache',
        Vary: 'Accept',
      })
    })
}

const mediaTypes = {
  jwt: 'application/statuslist+jwt',
  cwt: 'application/statuslist+cwt',
} as const

/** Which form an Accept header (RFC 9110 12.5.1) prefers; without one, or to whom both are equal, JWT. */
function preferred(header = '*/*'): StatusListForm | undefined {
  const ranges = header.toLowerCase().split(',').map(parseRange)
  // Some wallets ask everybody for JSON, whatever they want.
  const jwt = quality(ranges, [mediaTypes.jwt, 'application/json', 'application/*', '*/*'])
  const cwt = quality(ranges, [mediaTypes.cwt, 'application/*', '*/*'])
  if (jwt === 0 && cwt === 0) return undefined
  return cwt > jwt ? 'cwt' : 'jwt'
}

/** A weight that is none counts as none: it was written by somebody who wants an answer. */
function parseRange(range: string) {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
  const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2))
  return { type, q: weight >= 0 && weight <= 1 ? weight : 1 }
}

/** The weight of the most specific range that takes it: `types` are those that do, in that order. */
function quality(ranges: readonly { type: string; q: number }[], types: readonly string[]): number {
  const taking = types.map((type) => ranges.find((range) => range.type === type))
  return taking.find((range) => range !== undefined)?.q ?? 0
}
