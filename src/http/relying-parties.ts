import { Hono } from 'hono'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import { type RegisteredPurpose, registeredPurposes } from '../presentation/registration.ts'
import type { RelyingPartyKeyStore } from '../presentation/relying-party-keys.ts'
import type { Result } from '../result.ts'
import { shortId } from '../trust/entity-id.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { authenticate, type RelyingPartyEnv } from './authenticate.ts'
import { crossOrigin } from './cross-origin.ts'
import { problem } from './render.ts'

export type RelyingPartyRoutesDeps = {
  clock: Clock
  relyingPartyKeys: Pick<RelyingPartyKeyStore, 'find'>
  snapshot: () => Promise<Result<Snapshot, Refusal>>
  trustedOrigins: readonly string[]
}

const noStore = { 'cache-control': 'no-store' }

/** `/v1/me`: a relying party's own registration. */
export function relyingPartyRoutes(deps: RelyingPartyRoutesDeps) {
  const allowed = crossOrigin({ origin: [...deps.trustedOrigins], allowHeaders: ['authorization'] })
  return new Hono<RelyingPartyEnv>()
    .use('/v1/me', allowed, authenticate(deps))
    .get('/v1/me', async (c) => {
      const snapshot = await deps.snapshot()
      if (!snapshot.ok) return problem(snapshot.error)
      const now = deps.clock()
      const entity = snapshot.value.relyingParty(c.get('relyingParty'), now)
      if (!entity) {
        return problem({ code: 'not_found', detail: 'You are not in the registry any more.' })
      }
      const { id, name, country, redirectUris = [] } = entity
      const purposes = registeredPurposes(entity, snapshot.value, now).map(purposeEntry)
      const me = { id: shortId(id), name: name.en, country, redirect_uris: redirectUris, purposes }
      return c.json(me, 200, noStore)
    })
}

const purposeEntry = ({ purpose, claims, transferBases }: RegisteredPurpose) => ({
  code: purpose.code,
  claims: Object.fromEntries(
    [...Map.groupBy(claims, ({ credentialType }) => credentialType)].map(([type, each]) => [
      type,
      each.flatMap(({ paths }) => paths),
    ]),
  ),
  min_proofing: purpose.minProofing ?? null,
  min_authn: purpose.minAuthn ?? null,
  transfer_bases: transferBases,
  retention_days: purpose.retentionDays,
})
