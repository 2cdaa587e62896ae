import { ownStatus } from './issuance/status.ts'
import { type StatusListStore, statusListUri } from './issuance/status-list.ts'
import type { GuardedFetch } from './platform/fetch.ts'
import { fetchedStatus } from './presentation/fetched-status.ts'
import type { StatusOf } from './presentation/status.ts'
import { ok, refuse } from './result.ts'
import type { TrustAnchor } from './trust/facts.ts'
import type { Snapshot } from './trust/snapshot.ts'

type Deps = {
  origin: string
  statusLists: StatusListStore
  fetch: GuardedFetch
  /** Throws where the registry cannot be read. */
  snapshot: () => Promise<Snapshot>
}

/**
 * The status of a credential, for the verifier. Our own issuers' are known here, at once and as of any
 * instant; everybody else's by their lists, signed below an anchor of the issuer's own state.
 */
export function statusOf({ origin, statusLists, fetch, snapshot }: Deps): StatusOf {
  const others = fetchedStatus({
    fetch,
    async anchorsOf(issuer, at) {
      const known = await snapshot()
      const country = known.entity(issuer)?.country
      const ofState = (anchor: TrustAnchor) => known.entity(anchor.entity)?.country === country
      return known.anchors('issuer_ca', at).filter(ofState)
    },
  })
  return async (reference, issuer, at) => {
    const status = await ownStatus({ origin, statusLists }, reference, issuer, at)
    if (status) return ok(status)
    const isOurs = reference.uri.startsWith(statusListUri({ origin }, ''))
    return isOurs
      ? refuse('The status list has no such entry of this issuer.')
      : others(reference, issuer, at)
  }
}
