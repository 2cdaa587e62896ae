import { type Refusal, refusals } from '../errors.ts'

/**
 * A refusal as RFC 9457 problem details, for the endpoints that are our own API. `instance` names
 * this one answer, and is the request id under which the log knows it.
 */
export function problem({ code, detail, members }: Refusal): Response {
  const { status, title } = refusals[code]
  const requestId = crypto.randomUUID()
  const body = {
    // First, so that none of them takes the place of what every problem has.
    ...members,
    type: `urn:gerbang:problem:${code}`,
    title,
    status,
    detail,
    instance: `urn:uuid:${requestId}`,
    code,
  }
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  }
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (status === 503) headers['retry-after'] = '5'
  return Response.json(body, { status, headers })
}

/** Statuses that mean the same on a protocol endpoint; every other refusal is a 400 there. */
const protocolStatuses = new Set([401, 404, 405, 413, 415, 503])

/**
 * The same refusal as an OAuth 2.0 error response (RFC 6749 5.2; RFC 6750 3.1 for a 401), for
 * protocol endpoints. Never encrypted, never cached.
 */
export function oauthError({ code, detail }: Refusal, scheme?: 'Bearer' | 'DPoP'): Response {
  const { status, oauth } = refusals[code]
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  if (status === 401) headers['www-authenticate'] = challenge(oauth, scheme)
  return Response.json(
    { error: oauth, error_description: describe(detail) },
    { status: protocolStatuses.has(status) ? status : 400, headers },
  )
}

/** RFC 6750 3.1: who brought no token learns what there is; who did, what was wrong (RFC 9449 7.1). */
function challenge(error: string, scheme: 'Bearer' | 'DPoP' | undefined): string {
  const algs = 'algs="ES256"'
  if (scheme === undefined) return `Bearer, DPoP ${algs}`
  return `${scheme} error="${error}"${scheme === 'DPoP' ? `, ${algs}` : ''}`
}

/** RFC 6749 5.2 allows printable ASCII without `"` and `\` in an `error_description`. */
function describe(detail: string): string {
  return detail.replaceAll('"', "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, '?')
}

/** A fault of ours: it says nothing but the id under which the log knows it. */
export function internalError(requestId: string, protocol: boolean): Response {
  const headers = { 'cache-control': 'no-store', 'x-request-id': requestId }
  if (protocol) {
    const body = { error: 'server_error', error_description: `Unexpected. Request ${requestId}.` }
    return Response.json(body, { status: 500, headers })
  }
  const body = {
    type: 'urn:gerbang:problem:internal_error',
    title: 'Internal error',
    status: 500,
    detail: 'Something went wrong on our side. Try again; tell the operator the instance.',
    instance: `urn:uuid:${requestId}`,
    code: 'internal_error',
  }
  return Response.json(body, {
    status: 500,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  })
}
