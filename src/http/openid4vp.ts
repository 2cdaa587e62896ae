import { type Context, Hono } from 'hono'
import { renderSVG } from 'uqr'
import type { Refusal } from '../errors.ts'
import { findOpen } from '../presentation/find-open.ts'
import { type ReceiveDeps, receiveResponse } from '../presentation/receive-response.ts'
import { fetchRequestObject, type RequestObjectDeps } from '../presentation/request-object.ts'
import type { TransactionStore } from '../presentation/transaction.ts'
import type { Result } from '../result.ts'
import { readForm } from './body.ts'
import { crossOrigin } from './cross-origin.ts'
import { noHead } from './edge.ts'
import { oauthError } from './render.ts'

export type Openid4vpRoutesDeps = RequestObjectDeps &
  ReceiveDeps & { transactions: TransactionStore }

/** `/presentations/{handle}`: what a wallet sees of us, OpenID4VP 1.0 by reference and direct_post.jwt. */
export function openid4vpRoutes(deps: Openid4vpRoutesDeps) {
  return new Hono()
    .use('/presentations/:handle/*', crossOrigin({ origin: '*' }))
    .get('/presentations/:handle/request', noHead('GET, POST'), async (c) =>
      requestObject(c, await fetchRequestObject(deps, c.req.param('handle'))),
    )
    .post('/presentations/:handle/request', async (c) => {
      const form = await readForm(c)
      if (!form.ok) return oauthError(form.error)
      const walletNonce = form.value.get('wallet_nonce')
      return requestObject(c, await fetchRequestObject(deps, c.req.param('handle'), walletNonce))
    })
    .post('/presentations/:handle/response', async (c) => {
      const form = await readForm(c)
      if (!form.ok) return oauthError(form.error)
      const received = await receiveResponse(deps, c.req.param('handle'), form.value)
      if (!received.ok) return oauthError(received.error)
      return c.json({ redirect_uri: received.value.redirectUri }, 200, noStore)
    })
    .get('/presentations/:handle/qr.svg', async (c) => {
      const found = await findOpen(deps, c.req.param('handle'), deps.clock())
      if (!found.ok) return oauthError(found.error)
      const svg = renderSVG(found.value.authorizationRequest)
      return c.body(svg, 200, { ...noStore, 'content-type': 'image/svg+xml' })
    })
}

const noStore = { 'cache-control': 'no-store' }

const requestObject = (c: Context, signed: Result<string, Refusal>) =>
  signed.ok
    ? c.body(signed.value, 200, {
        ...noStore,
        'content-type': 'application/oauth-authz-req+jwt',
      })
    : oauthError(signed.error)
