import { parseCertificate } from '../credential/certificate.ts'
import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Country } from '../trust/facts.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { type Ask, compileAsk } from './ask.ts'
import { type Format, formats, isFormat } from './credential-types.ts'
import { type DcqlQuery, parseDcql } from './dcql.ts'
import type { Asked } from './sealed-request.ts'
import type { Flow } from './transaction.ts'

/** What a relying party wants to be presented, and how. */
export type PresentationRequest = {
  purpose: string
  /** One of the two. */
  dcqlQuery?: unknown
  ask?: Ask | undefined
  /** With `ask`: the issuing states that will do, and the formats. */
  issuers?: readonly string[] | undefined
  formats?: readonly string[] | undefined
  flow?: Flow | undefined
  /** With the flow `dc_api`: that of the page. */
  origin?: string | undefined
  transactionData?: unknown
  redirectUri?: string | undefined
  requestUriMethod?: 'get' | 'post' | undefined
  authorizationEndpoint?: string | undefined
  clientIdPrefix?: string | undefined
  /** Seconds. */
  expiresIn?: number | undefined
}

/** Reads the query of a request, or compiles its `ask`. */
export function readQuery(
  request: PresentationRequest,
  snapshot: Snapshot,
  at: Date,
): Result<Asked, Refusal<'query_invalid' | 'option_unavailable'>> {
  const { dcqlQuery, ask, issuers } = request
  if ((dcqlQuery === undefined) === (ask === undefined)) {
    return no('query_invalid', 'Send one of dcql_query and ask.')
  }
  if (ask === undefined) {
    if (issuers ?? request.formats) {
      return no('query_invalid', 'issuers and formats go with ask; dcql_query says them itself.')
    }
    const query = parseDcql(dcqlQuery)
    return query.ok ? ok({ query: query.value }) : no('query_invalid', query.error)
  }
  const states = issuers && [...new Set(issuers.map((state) => state.toUpperCase()))]
  const keyIds = states?.map((state) => keyIdsOf(state, snapshot, at))
  if (keyIds?.some((ids) => ids.length === 0)) {
    return no('query_invalid', 'issuers: one of these states has no anchor in force here.')
  }
  const wanted = request.formats ?? defaultFormats(request)
  if (!wanted.every(isFormat)) return no('option_unavailable', onlyOurFormats)
  const query = compileAsk(ask, {
    formats: wanted,
    ...(keyIds && { authorityKeyIds: keyIds.flat() }),
  })
  if (!query.ok) return no('query_invalid', query.error)
  return ok({ ...query.value, ...(states && { issuers: states }) })
}

/** The key identifiers of a state's anchors: what the chains of its issuers all lead to. */
function keyIdsOf(country: Country, snapshot: Snapshot, at: Date): string[] {
  return snapshot
    .anchors('issuer_ca', at)
    .filter(({ entity }) => snapshot.entity(entity)?.country === country)
    .flatMap(({ certificate }) => parseCertificate(certificate)?.keyId ?? [])
}

/** An mdoc authorises no transaction of ours: where there is one, only the other format can answer. */
const defaultFormats = ({ transactionData }: PresentationRequest): readonly Format[] =>
  transactionData === undefined ? formats : ['dc+sd-jwt']

const onlyOurFormats = `Of formats only ${formats.join(' and ')} can be had.`

/** What OpenID4VP 1.0 knows and we do not offer (yet); what cannot be enforced must not be asked. */
export function unavailable(
  request: PresentationRequest,
  { credentials }: DcqlQuery,
): string | undefined {
  const misplaced = outOfPlace(request)
  if (misplaced !== undefined) return misplaced
  if (!credentials.every(({ format }) => isFormat(format))) {
    return onlyOurFormats
  }
  if (credentials.some((query) => query.require_cryptographic_holder_binding === false)) {
    return 'Holder binding is always required. Leave require_cryptographic_holder_binding out.'
  }
  const authorities = credentials.flatMap((query) => query.trusted_authorities ?? [])
  return authorities.every(({ type }) => type === 'aki')
    ? undefined
    : 'trusted_authorities: only those of type aki can be enforced.'
}

/** What has no meaning in the flow, or under the prefix, that was chosen. */
function outOfPlace({ flow, ...request }: PresentationRequest): string | undefined {
  const { origin, clientIdPrefix, requestUriMethod, authorizationEndpoint } = request
  if (flow !== 'dc_api') {
    if (origin !== undefined) return 'origin goes with the flow dc_api alone. Leave it out.'
    return clientIdPrefix === 'redirect_uri' && requestUriMethod !== undefined
      ? 'request_uri_method: under the prefix redirect_uri there is no request_uri. Leave it out.'
      : undefined
  }
  if (requestUriMethod !== undefined) {
    return 'request_uri_method: in the flow dc_api there is no request_uri. Leave it out.'
  }
  return authorizationEndpoint === undefined
    ? undefined
    : 'authorization_endpoint: in the flow dc_api the browser calls the wallet. Leave it out.'
}

const no = <C extends 'query_invalid' | 'option_unavailable'>(code: C, detail: string) =>
  refuse({ code, detail })
