import { ownStatus } from './issuance/status.ts'
import { type StatusListStore, statusListId } from './issuance/status-list.ts'
import type { Clock } from './platform/clock.ts'
import type { GuardedFetch } from './platform/fetch.ts'
import { singleFlight } from './platform/single-flight.ts'
import { foreignStatus } from './presentation/foreign-status.ts'
import type { StatusOf } from './presentation/status.ts'
import { ok, refuse } from './result.ts'
import type { TrustAnchor } from './trust/facts.ts'
import type { Snapshot } from './trust/snapshot.ts'

type Deps = {
  origin: string
  clock: Clock
  statusLists: Pick<StatusListStore, 'statusAt'>
  fetch: GuardedFetch
  /** Throws where the registry cannot be read. */
  snapshot: () => Promise<Snapshot>
}

/** How long one waits for a list that another is fetching: the fetch, and time to read what came. */
const maxFlightMs = 6000

/**
 * The status of a credential, for the verifier. Our own issuers' are known here, at once and as of any
 * instant; everybody else's by their lists, signed below an anchor of the issuer's own state.
 */
export function statusOf({ origin, clock, statusLists, fetch, snapshot }: Deps): StatusOf {
  const others = foreignStatus({
    clock,
    fetch,
    once: singleFlight({ clock, maxMs: maxFlightMs }),
    anchors: async () => (await snapshot()).anchors('issuer_ca', clock()),
    async anchorsOf(issuer) {
      const known = await snapshot()
      const country = known.entity(issuer)?.country
      const ofState = (anchor: TrustAnchor) => known.entity(anchor.entity)?.country === country
      return country ? known.anchors('issuer_ca', clock()).filter(ofState) : []
    },
  })
  return async (reference, issuer, at) => {
    const status = await ownStatus({ origin, statusLists }, reference, issuer, at)
    if (status) return ok(status)
    return statusListId({ origin }, reference.uri) !== undefined
      ? refuse('The status list has no such entry of this issuer.')
      : others(reference, issuer, at)
  }
}
