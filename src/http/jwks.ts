import { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { KeyRing } from '../platform/keys.ts'
import { receiptJwks } from '../presentation/receipt.ts'

export type JwksRoutesDeps = { keys: Pick<KeyRing, 'publicKeys'> }

/** `/.well-known/jwks.json`: the keys of the gateway itself, with which anyone can verify receipts. */
export function jwksRoutes({ keys }: JwksRoutesDeps) {
  return new Hono().get('/.well-known/jwks.json', cors({ origin: '*' }), (c) =>
    c.json(receiptJwks(keys)),
  )
}
