import { Hono } from 'hono'
import type { Deps } from './deps.ts'
import { notFound, onlyByName, requestLog, securityHeaders, unexpected } from './http/edge.ts'
import { healthRoutes } from './http/health.ts'
import { issuerRoutes } from './http/issuers.ts'
import { jwksRoutes } from './http/jwks.ts'
import { openid4vpRoutes } from './http/openid4vp.ts'
import { presentationRoutes } from './http/presentations.ts'
import { registryRoutes } from './http/registry.ts'
import { relyingPartyRoutes } from './http/relying-parties.ts'
import { sandboxRoutes } from './http/sandbox.ts'
import { sandboxRelyingPartyRoutes } from './http/sandbox-relying-parties.ts'
import { statusListRoutes } from './http/status-lists.ts'
import { verifyRoutes } from './http/verify.ts'
import { webRoutes } from './http/web.ts'

const illustrative = 'Illustrative: no government has said that it recognises anything here.'

/** The whole gateway as one web application, for either runtime. */
export function createApp(deps: Deps): Hono {
  const { log, env } = deps
  const app = new Hono()
  app.use(requestLog(log), securityHeaders(deps.origin), onlyByName(deps.origin))
  app.route('/', healthRoutes(deps))
  app.route('/', webRoutes(deps))
  app.route(
    '/registry',
    registryRoutes({ ...deps, ...(env === 'sandbox' && { note: illustrative }) }),
  )
  app.route('/', issuerRoutes(deps))
  app.route('/', statusListRoutes(deps))
  app.route('/', openid4vpRoutes(deps))
  app.route('/', presentationRoutes(deps))
  app.route('/', verifyRoutes(deps))
  app.route('/', relyingPartyRoutes(deps))
  app.route('/', jwksRoutes(deps))
  app.route('/', sandboxRoutes(deps))
  app.route('/', sandboxRelyingPartyRoutes(deps))
  app.notFound(notFound(app))
  app.onError(unexpected(log))
  deps.answerOwnBy(app.fetch)
  return app
}
