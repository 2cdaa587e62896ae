import type { MiddlewareHandler } from 'hono'
import { hashOfApiKey, type RelyingPartyKeyStore } from '../presentation/relying-party-keys.ts'
import { problem } from './render.ts'

/** Who asks, by entity identifier, and with which API key: results open with that one alone. */
export type RelyingPartyEnv = { Variables: { relyingParty: string; apiKey: string } }

type Deps = { relyingPartyKeys: Pick<RelyingPartyKeyStore, 'find'> }

/** Lets relying parties in by `Authorization: Bearer {api_key}` (RFC 6750 2.1), and nobody else. */
export function authenticate({ relyingPartyKeys }: Deps): MiddlewareHandler<RelyingPartyEnv> {
  return async function authenticate(c, next) {
    const [, apiKey = ''] = /^Bearer +([\w-]+)$/i.exec(c.req.header('authorization') ?? '') ?? []
    const keyHash = await hashOfApiKey(apiKey)
    const known = keyHash && (await relyingPartyKeys.find(keyHash))
    if (!known) {
      const detail = 'Send your API key: Authorization: Bearer {api_key}.'
      return problem({ code: 'unauthenticated', detail })
    }
    c.set('relyingParty', known.relyingParty)
    c.set('apiKey', apiKey)
    return next()
  }
}
