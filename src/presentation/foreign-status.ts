import { credentialStatuses } from '../credential/credential-status.ts'
import { readStatus, type StatusList, verifyStatusListToken } from '../credential/status-list.ts'
import { verifyStatusListCwt } from '../credential/status-list-cwt.ts'
import { type TrustedCertificate, verifyChain } from '../credential/x509.ts'
import type { Clock } from '../platform/clock.ts'
import type { GuardedFetch } from '../platform/fetch.ts'
import type { SingleFlight } from '../platform/single-flight.ts'
import { ok, type Result, refuse } from '../result.ts'
import { keptLists, longestKept } from './kept-lists.ts'
import type { StatusOf } from './status.ts'

type FetchedList = Result<StatusList, string>

type Deps = {
  clock: Clock
  fetch: GuardedFetch
  once: SingleFlight<FetchedList>
  /** Below which anybody's status lists may be signed now. */
  anchors(): Promise<readonly TrustedCertificate[]>
  /** Below which that issuer's status lists must be signed now. */
  anchorsOf(issuer: string): Promise<readonly TrustedCertificate[]>
  kept?: ReturnType<typeof keptLists>
}

const cwt = 'application/statuslist+cwt'
const wanted = {
  mediaTypes: ['application/statuslist+jwt', cwt],
  maxBytes: 8 * 1024 * 1024,
}

/** How far two clocks may differ (ms): within it, nobody can say which of two came first. */
const leeway = 60_000

/**
 * The status of a credential that another gateway's issuer issued. Its list is fetched once, by whoever
 * asks first, and kept for as long as it allows within our bounds; past that it is fetched anew, and
 * when that fails the answer is a refusal (Token Status List 8.3). No answer, no trust.
 *
 * A list is kept for all who may refer to it, and so each look-up follows its signer's certificates
 * again, to the anchors of the asking issuer's own state as they are now (11.3): one state's list is no
 * word on another's credentials, and an anchor that is suspended vouches for nothing from then on.
 */
export function foreignStatus(deps: Deps): StatusOf {
  const { clock, once, anchorsOf, kept = keptLists() } = deps

  async function listAt(uri: string): Promise<FetchedList> {
    const known = kept.find(uri, clock())
    if (known) return ok(known)
    const fetched = await once(uri, async () => {
      const askedAt = clock()
      const list = await fetchList(deps, uri)
      if (list.ok) kept.keep(uri, list.value, askedAt)
      return list
    })
    return fetched ?? refuse('The status list is being fetched, and takes too long. Try again.')
  }

  return async ({ uri, idx }, issuer, at) => {
    if (clock().getTime() - at.getTime() > longestKept) return ok(undefined)
    const list = await listAt(uri)
    if (!list.ok) return list
    const { x5c } = list.value
    const chain = await verifyChain(x5c, await anchorsOf(issuer), clock(), 'status-list')
    if (!chain.ok) return chain
    const tells = tellsOf(list.value, at, clock())
    if (!tells.ok) return tells
    return tells.value ? statusIn(list.value, idx) : ok(undefined)
  }
}

async function fetchList({ clock, fetch, anchors }: Deps, uri: string): Promise<FetchedList> {
  const fetched = await fetch(uri, wanted)
  if (!fetched.ok) return refuse(`The status list cannot be fetched. ${fetched.error}`)
  const { mediaType, bytes } = fetched.value
  const policy = { uri, at: clock(), anchors: await anchors() }
  return mediaType === cwt
    ? verifyStatusListCwt(bytes, policy)
    : verifyStatusListToken(new TextDecoder().decode(bytes), policy)
}

/**
 * Whether a list tells of an instant, which must lie between its `iat` and its `exp` (Token Status List
 * 8.4). Of what was before it was issued it knows nothing, except where that is the present.
 */
function tellsOf(
  { issuedAt, expiresAt }: StatusList,
  at: Date,
  now: Date,
): Result<boolean, string> {
  if (expiresAt && at >= expiresAt) return refuse('The status list expires before that instant.')
  const isPresent = now.getTime() - at.getTime() <= leeway
  return ok(isPresent || issuedAt <= at)
}

function statusIn({ list, bits }: StatusList, idx: number): Awaited<ReturnType<StatusOf>> {
  const value = readStatus(list, bits, idx)
  if (value === undefined) return refuse('The status list has no entry at this index.')
  // What is reserved, or of the application, is not valid for us.
  const status = credentialStatuses[value]
  return status ? ok(status) : refuse('The status list says a status that is unknown here.')
}
