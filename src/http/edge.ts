import type { Context, Hono, MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { type Log, trace } from '../platform/log.ts'
import { internalError, oauthError, problem } from './render.ts'

/** Endpoints whose standard owns the shape of an error; everything else is our own API. */
const protocolPaths =
  /^\/(issuers|presentations|\.well-known\/(openid-credential-issuer|oauth-authorization-server|jwt-vc-issuer))\//

/**
 * What every answer carries: no sniffing, no framing, no referrer (a URL of ours may be a secret),
 * and nothing that a page could load from elsewhere.
 */
export function securityHeaders(publicUrl: string): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    strictTransportSecurity:
      publicUrl.startsWith('https:') && 'max-age=63072000; includeSubDomains',
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    crossOriginResourcePolicy: 'cross-origin',
    xXssProtection: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
  })
}

/** One line a request: the route and not the path, since ids in a path may open something. */
export function requestLog(log: Log): MiddlewareHandler {
  return async function requestLog(c, next) {
    const start = performance.now()
    await next()
    const request = c.res.headers.get('x-request-id') ?? crypto.randomUUID()
    // Not by `c.header`, which makes an answer that is finished a second time.
    c.res.headers.set('x-request-id', request)
    const route = c.req.routePath
    const ms = Math.round((performance.now() - start) * 10) / 10
    log.debug('request', { request, method: c.req.method, route, status: c.res.status, ms })
  }
}

/** `http://127.0.0.1` is sent to `http://localhost`: passkeys and cookies are bound to a name. */
export function onlyByName(publicUrl: string): MiddlewareHandler {
  const { hostname, origin } = new URL(publicUrl)
  return async function onlyByName(c, next) {
    if (hostname !== 'localhost' || !/^https?:\/\/127\.0\.0\.1[:/]/.test(c.req.url)) return next()
    const url = new URL(c.req.url)
    if (url.pathname === '/healthz' || url.pathname === '/readyz') return next()
    return c.redirect(`${origin}${url.pathname}${url.search}`, 308)
  }
}

/**
 * Turns HEAD away where GET does more than tell: it would move a transaction, or follow one for
 * nobody to hear.
 */
export function noHead(allow: string): MiddlewareHandler {
  return async function noHead(c, next) {
    if (c.req.method !== 'HEAD') return next()
    return c.body(null, 405, { allow })
  }
}

/** Says whether the path is unknown, or known with another method. */
export function notFound(app: Hono) {
  return (c: Context): Response => {
    const render = protocolPaths.test(c.req.path) ? oauthError : problem
    const allowed = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method),
    )
    if (allowed.length === 0) {
      return render({ code: 'not_found', detail: 'There is nothing at this path.' })
    }
    const detail = `This path does not take ${c.req.method}. Use ${allowed.join(' or ')}.`
    const response = render({ code: 'method_not_allowed', detail })
    response.headers.set('allow', allowed.join(', '))
    return response
  }
}

/** A bug, or a lost database: logged by where it happened, answered opaquely, under one request id. */
export function unexpected(log: Log) {
  return (error: Error, c: Context): Response => {
    const request = crypto.randomUUID()
    log.error('unexpected', { request, route: c.req.routePath, error: trace(error) })
    return internalError(request, protocolPaths.test(c.req.path))
  }
}
