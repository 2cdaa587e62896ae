import { Hono } from 'hono'
import type { KeyRing } from '../platform/keys.ts'
import { receiptJwks } from '../presentation/receipt.ts'
import { crossOrigin } from './cross-origin.ts'

export type JwksRoutesDeps = { keys: Pick<KeyRing, 'publicKeys'> }

/** `/.well-known/jwks.json`: the keys of the gateway itself, with which anyone can verify receipts. */
export function jwksRoutes({ keys }: JwksRoutesDeps) {
  return new Hono().get('/.well-known/jwks.json', crossOrigin({ origin: '*' }), (c) =>
    c.json(receiptJwks(keys)),
  )
}
