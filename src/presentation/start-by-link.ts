import { newSecret } from '../credential/secret.ts'
import type { Refusal, RefusalCode } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import { requestByReference, requestByValue } from './authorization-request.ts'
import { clientIdOf, isSigned } from './client-id.ts'
import type { Draft, DraftDeps } from './draft.ts'
import { requestUri, responseUri } from './endpoints.ts'
import type { PresentationRequest } from './presentation-request.ts'
import { type LinkTerms, requestParameters } from './request-parameters.ts'
import { sealRequest } from './sealed-request.ts'
import { type ByLink, newRequestHandle, type Requested } from './transaction.ts'

/** A transaction, and the link by which a wallet is called. */
export type StartedByLink = {
  transaction: Extract<Requested, ByLink>
  authorizationRequest: string
}

/** Starts a transaction whose wallet is called by a link or a QR code. */
export async function startByLink(
  deps: DraftDeps,
  { agreed, asked, access }: Draft,
  request: PresentationRequest,
): Promise<Result<StartedByLink, Refusal>> {
  const { random, keys, origin, env } = deps
  const handle = newRequestHandle(random)
  const clientId = clientIdOf(request.clientIdPrefix ?? 'x509_hash', {
    ...{ access, origin, env },
    responseUri: responseUri(origin, handle),
  })
  if (!clientId.ok) return no('option_unavailable', clientId.error)
  const terms = {
    ...agreed,
    flow: request.flow === 'same_device' ? ('same_device' as const) : ('cross_device' as const),
    handle,
    clientId: clientId.value,
    state: newSecret(random),
  }
  const link = await linkOf(deps, { ...terms, ...asked }, request)
  if (!link.ok) return link
  const authorizationRequest = link.value
  const walletRequest = { ...asked, authorizationRequest }
  const sealedRequest = await sealRequest(keys, agreed.encryptionSecret, walletRequest)
  return ok({ transaction: { ...terms, status: 'requested', sealedRequest }, authorizationRequest })
}

const no = (code: RefusalCode, detail: string) => refuse<Refusal>({ code, detail })

/** The link for the wallet: by reference where the request can be signed, else by value. */
async function linkOf(
  deps: DraftDeps,
  asking: LinkTerms,
  { authorizationEndpoint = 'openid4vp://', requestUriMethod }: PresentationRequest,
): Promise<Result<string, Refusal>> {
  const { clientId, handle } = asking
  if (!isSigned(clientId)) {
    const parameters = await requestParameters(deps, asking)
    const link = requestByValue(authorizationEndpoint, parameters)
    return link.ok ? link : no('option_unavailable', link.error)
  }
  const link = requestByReference(authorizationEndpoint, {
    client_id: clientId,
    request_uri: requestUri(deps.origin, handle),
    ...(requestUriMethod === 'post' && { request_uri_method: 'post' }),
  })
  return link.ok ? link : no('malformed_request', link.error)
}
