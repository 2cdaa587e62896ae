import { Hono } from 'hono'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import { registeredPurposes } from '../presentation/registration.ts'
import { sandboxApiKey } from '../presentation/sandbox-api-keys.ts'
import type { Result } from '../result.ts'
import { shortId } from '../trust/entity-id.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { problem } from './render.ts'

export type SandboxRelyingPartyRoutesDeps = {
  clock: Clock
  env: 'sandbox' | 'production'
  keys: Pick<KeyRing, 'mac'>
  snapshot: () => Promise<Result<Snapshot, Refusal>>
}

/**
 * `/sandbox/relying-parties`: all of them with their API keys, so that everybody can be any of them.
 * In production there is no such path.
 */
export function sandboxRelyingPartyRoutes(deps: SandboxRelyingPartyRoutesDeps) {
  const routes = new Hono()
  if (deps.env !== 'sandbox') return routes
  return routes.get('/sandbox/relying-parties', async (c) => {
    const snapshot = await deps.snapshot()
    if (!snapshot.ok) return problem(snapshot.error)
    const now = deps.clock()
    const relyingParties = snapshot.value.relyingParties(now).map(async (entity) => ({
      id: shortId(entity.id),
      name: entity.name.en,
      country: entity.country,
      purposes: registeredPurposes(entity, snapshot.value, now).map(({ purpose }) => purpose.code),
      api_key: await sandboxApiKey(deps.keys, shortId(entity.id)),
    }))
    const body = { relying_parties: await Promise.all(relyingParties) }
    return c.json(body, 200, { 'cache-control': 'no-store' })
  })
}
