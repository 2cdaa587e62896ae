import { newSecret } from '../credential/secret.ts'
import type { Refusal, RefusalCode } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Entity } from '../trust/facts.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { accessKey } from './access-key.ts'
import type { Draft, DraftDeps } from './draft.ts'
import { type PresentationRequest, readQuery, unavailable } from './presentation-request.ts'
import { exceeds, notRegistered } from './purpose.ts'
import { isRegisteredOrigin, isRegisteredRedirectUri } from './redirect-uri.ts'
import type { Asked } from './sealed-request.ts'
import { type StartedByLink, startByLink } from './start-by-link.ts'
import { type StartedInBrowser, startInBrowser } from './start-in-browser.ts'
import { newTransactionId, type TransactionStore } from './transaction.ts'
import { encodeTransactionData } from './transaction-data.ts'

export type StartDeps = DraftDeps & {
  clock: Clock
  snapshot: () => Promise<Result<Snapshot, Refusal>>
  transactions: Pick<TransactionStore, 'add'>
}

export type Started = StartedByLink | StartedInBrowser

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
  const { purpose, origin } = request
  const entity = snapshot.value.relyingParty(relyingParty, now)
  const permitted = snapshot.value.permitted(relyingParty, purpose, now)
  if (!entity || !permitted) return refuse(notRegistered(purpose))
  const asked = readQuery(request, snapshot.value, now)
  if (!asked.ok) return asked
  const missing = unavailable(request, asked.value.query)
  if (missing !== undefined) return no('option_unavailable', missing)
  const beyond = exceeds(purpose, asked.value, permitted)
  if (beyond) return refuse(beyond)
  const nowhere = whereabouts(deps, entity, request)
  if (nowhere) return refuse(nowhere)
  const transactionData = transactionDataOf(request, asked.value, now)
  if (!transactionData.ok) return no('transaction_data_invalid', transactionData.error)
  const whole = { ...asked.value, ...transactionData.value }
  const draft = await draftOf(deps, entity, request, whole, now)
  const started =
    origin === undefined
      ? await startByLink(deps, draft, request)
      : await startInBrowser(deps, draft, { ...request, origin }, entity, snapshot.value)
  if (started.ok) await deps.transactions.add(started.value.transaction)
  return started
}

const no = (code: RefusalCode, detail: string) => refuse<Refusal>({ code, detail })

/** What is wrong with where the request is made, and where the browser is to go. */
function whereabouts(
  { env }: StartDeps,
  entity: Entity,
  { flow, origin, redirectUri }: PresentationRequest,
): Refusal | undefined {
  if (redirectUri !== undefined && !isRegisteredRedirectUri(redirectUri, entity, { env })) {
    const detail = 'Register the redirect_uri, or use one that is.'
    return { code: 'redirect_uri_not_registered', detail }
  }
  if (origin !== undefined && !isRegisteredOrigin(origin, entity, { env })) {
    const detail =
      'origin: must be that of a registered redirect URI, as browsers write it: scheme, host and port.'
    return { code: 'redirect_uri_not_registered', detail }
  }
  if (flow === 'same_device' && redirectUri === undefined) {
    const detail = 'flow: same_device needs a redirect_uri for the browser.'
    return { code: 'malformed_request', detail }
  }
  return flow === 'dc_api' && origin === undefined
    ? { code: 'malformed_request', detail: 'flow: dc_api needs the origin of the page that asks.' }
    : undefined
}

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

async function draftOf(
  { random, keys }: StartDeps,
  { id: relyingParty, name }: Entity,
  { purpose, redirectUri, expiresIn = 300 }: PresentationRequest,
  asked: Asked,
  now: Date,
): Promise<Draft> {
  const agreed = {
    id: newTransactionId(random),
    relyingParty,
    purpose,
    clientName: name.en,
    nonce: newSecret(random),
    encryptionSecret: newSecret(random),
    ...(redirectUri !== undefined && { redirectUri }),
    createdAt: now,
    expiresAt: new Date(now.getTime() + expiresIn * 1000),
  }
  return { agreed, asked, access: await accessKey(keys, relyingParty) }
}
