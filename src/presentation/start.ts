import { newSecret } from '../credential/secret.ts'
import type { Refusal, RefusalCode } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Entity } from '../trust/facts.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { accessKey } from './access-key.ts'
import { requestByReference, requestByValue } from './authorization-request.ts'
import { clientIdOf, isSigned } from './client-id.ts'
import { requestUri, responseUri } from './endpoints.ts'
import { type PresentationRequest, readQuery, unavailable } from './presentation-request.ts'
import { exceeds, notRegistered } from './purpose.ts'
import { isRegisteredRedirectUri } from './redirect-uri.ts'
import { type RequestTerms, requestParameters } from './request-parameters.ts'
import { type Asked, sealRequest } from './sealed-request.ts'
import {
  newRequestHandle,
  newTransactionId,
  type Requested,
  type TransactionStore,
} from './transaction.ts'
import { encodeTransactionData } from './transaction-data.ts'

export type StartDeps = {
  clock: Clock
  random: Random
  keys: Pick<KeyRing, 'publicKeys' | 'mac'>
  origin: string
  env: 'sandbox' | 'production'
  snapshot: () => Promise<Result<Snapshot, Refusal>>
  transactions: Pick<TransactionStore, 'add'>
}

/** A transaction, and the link by which a wallet is called. */
export type Started = { transaction: Requested; authorizationRequest: string }

/**
 * Starts a transaction for a relying party (entity identifier).
 *
 * The purpose comes first: what the registry does not permit this relying party to ask for this
 * purpose never reaches a wallet, so that nobody can be talked into showing it.
 */
export async function startPresentation(
  deps: StartDeps,
  relyingParty: string,
  request: PresentationRequest,
): Promise<Result<Started, Refusal>> {
  const snapshot = await deps.snapshot()
  if (!snapshot.ok) return snapshot
  const now = deps.clock()
  const { purpose, redirectUri } = request
  const entity = snapshot.value.relyingParty(relyingParty, now)
  const permitted = snapshot.value.permitted(relyingParty, purpose, now)
  if (!entity || !permitted) return refuse(notRegistered(purpose))
  const asked = readQuery(request, snapshot.value, now)
  if (!asked.ok) return asked
  const missing = unavailable(request, asked.value.query)
  if (missing !== undefined) return no('option_unavailable', missing)
  const beyond = exceeds(purpose, asked.value.query, permitted)
  if (beyond) return refuse(beyond)
  if (redirectUri !== undefined && !isRegisteredRedirectUri(redirectUri, entity, deps)) {
    return no('redirect_uri_not_registered', 'Register the redirect_uri, or use one that is.')
  }
  if (request.flow === 'same_device' && redirectUri === undefined) {
    return no('malformed_request', 'flow: same_device needs a redirect_uri for the browser.')
  }
  const transactionData = transactionDataOf(request, asked.value, now)
  if (!transactionData.ok) return no('transaction_data_invalid', transactionData.error)
  const whole = { ...asked.value, ...transactionData.value }
  const started = await newTransaction(deps, entity, request, whole, now)
  if (started.ok) await deps.transactions.add(started.value.transaction)
  return started
}

const no = (code: RefusalCode, detail: string) => refuse<Refusal>({ code, detail })

/** The transactions that the holder is asked to authorise, as wallets get them. */
function transactionDataOf(
  { transactionData }: PresentationRequest,
  { query }: Asked,
  now: Date,
): Result<Pick<Asked, 'transactionData'>, string> {
  if (transactionData === undefined) return ok({})
  const encoded = encodeTransactionData(transactionData, query, now)
  return encoded.ok ? ok({ transactionData: encoded.value }) : encoded
}

async function newTransaction(
  deps: StartDeps,
  { id: relyingParty, name }: Entity,
  request: PresentationRequest,
  asked: Asked,
  now: Date,
): Promise<Result<Started, Refusal>> {
  const { random, origin, keys, env } = deps
  const { purpose, redirectUri, expiresIn = 300 } = request
  const handle = newRequestHandle(random)
  const access = await accessKey(keys, relyingParty)
  const clientId = clientIdOf(request.clientIdPrefix ?? 'x509_hash', {
    ...{ access, origin, env },
    responseUri: responseUri(origin, handle),
  })
  if (!clientId.ok) return no('option_unavailable', clientId.error)
  const encryptionSecret = newSecret(random)
  const terms = {
    id: newTransactionId(random),
    handle,
    relyingParty,
    purpose,
    flow: request.flow === 'same_device' ? ('same_device' as const) : ('cross_device' as const),
    clientName: name.en,
    clientId: clientId.value,
    nonce: newSecret(random),
    state: newSecret(random),
    ...(redirectUri !== undefined && { redirectUri }),
    createdAt: now,
    expiresAt: new Date(now.getTime() + expiresIn * 1000),
  }
  const link = await linkOf(deps, { ...terms, ...asked, encryptionSecret }, request)
  if (!link.ok) return link
  const authorizationRequest = link.value
  const walletRequest = { ...asked, authorizationRequest }
  const sealedRequest = await sealRequest(keys, encryptionSecret, walletRequest)
  const transaction = { ...terms, status: 'requested' as const, encryptionSecret, sealedRequest }
  return ok({ transaction, authorizationRequest })
}

/** The link for the wallet: by reference where the request can be signed, else by value. */
async function linkOf(
  deps: StartDeps,
  asking: RequestTerms,
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
