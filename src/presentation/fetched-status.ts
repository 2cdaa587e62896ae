import { credentialStatuses } from '../credential/credential-status.ts'
import { readStatus, verifyStatusListToken } from '../credential/status-list.ts'
import type { TrustedCertificate } from '../credential/x509.ts'
import type { GuardedFetch } from '../platform/fetch.ts'
import { ok, refuse } from '../result.ts'
import type { StatusOf } from './status.ts'

type Deps = {
  fetch: GuardedFetch
  /** The anchors below which that issuer's status lists must be signed. */
  anchorsOf(issuer: string, at: Date): Promise<readonly TrustedCertificate[]>
}

const wanted = { mediaTypes: ['application/statuslist+jwt'], maxBytes: 8 * 1024 * 1024 }

/**
 * The status of a credential that another gateway's issuer issued: its list is fetched, and must be
 * signed below an anchor of that issuer's own state (Token Status List 8.3). No answer, no trust.
 */
export function fetchedStatus({ fetch, anchorsOf }: Deps): StatusOf {
  return async ({ uri, idx }, issuer, at) => {
    const fetched = await fetch(uri, wanted)
    if (!fetched.ok) return refuse(`The status list cannot be fetched. ${fetched.error}`)
    const token = new TextDecoder().decode(fetched.value)
    const list = await verifyStatusListToken(token, {
      uri,
      at,
      anchors: await anchorsOf(issuer, at),
    })
    if (!list.ok) return refuse(list.error)
    const value = readStatus(list.value.list, list.value.bits, idx)
    if (value === undefined) return refuse('The status list has no entry at this index.')
    // What is reserved, or of the application, is not valid for us.
    const status = credentialStatuses[value]
    return status ? ok(status) : refuse('The status list says a status that is unknown here.')
  }
}
