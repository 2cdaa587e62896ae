import { parseCertificate } from '../credential/certificate.ts'
import { x509Hash } from '../credential/x509.ts'
import type { Refusal, RefusalCode } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Country, Entity } from '../trust/facts.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { type Ask, compileAsk } from './ask.ts'
import { formats, isFormat } from './credential-types.ts'
import { type DcqlQuery, parseDcql } from './dcql.ts'
import { surplusNames } from './purpose.ts'
import { isRegisteredRedirectUri } from './redirect-uri.ts'
import { shortId } from './relying-party-keys.ts'
import {
  newRequestHandle,
  newSecret,
  newTransactionId,
  type Requested,
  type TransactionStore,
} from './transaction.ts'

/** What a relying party wants to be presented, and how. */
export type PresentationRequest = {
  purpose: string
  /** One of the two. */
  dcqlQuery?: unknown
  ask?: Ask | undefined
  /** With `ask`: the issuing states that will do, and the formats. */
  issuers?: readonly string[] | undefined
  formats?: readonly string[] | undefined
  flow?: string | undefined
  transactionData?: unknown
  redirectUri?: string | undefined
  requestUriMethod?: 'get' | 'post' | undefined
  authorizationEndpoint?: string | undefined
  clientIdPrefix?: string | undefined
  /** Seconds. */
  expiresIn?: number | undefined
}

export type StartDeps = {
  clock: Clock
  random: Random
  keys: Pick<KeyRing, 'publicKeys'>
  origin: string
  env: 'sandbox' | 'production'
  snapshot: () => Promise<Result<Snapshot, Refusal>>
  transactions: Pick<TransactionStore, 'add'>
}

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
): Promise<Result<Requested, Refusal>> {
  const snapshot = await deps.snapshot()
  if (!snapshot.ok) return snapshot
  const now = deps.clock()
  const { purpose, redirectUri } = request
  const entity = snapshot.value.relyingParty(relyingParty)
  const permitted = snapshot.value.permitted(relyingParty, purpose, now)
  if (!entity || !permitted) {
    const detail = `This relying party is not registered for ${purpose}. GET /v1/me lists what it is.`
    return no('purpose_not_registered', detail)
  }
  const asked = readQuery(request, snapshot.value, now)
  if (!asked.ok) return asked
  const beyond = surplusNames(asked.value.query, permitted)
  if (beyond !== undefined) {
    return no('purpose_exceeded', `${purpose} does not permit ${beyond}. Leave it out.`)
  }
  const missing = unavailable(request, asked.value.query)
  if (missing !== undefined) return no('option_unavailable', missing)
  if (redirectUri !== undefined && !isRegisteredRedirectUri(redirectUri, entity, deps)) {
    return no('redirect_uri_not_registered', 'Register the redirect_uri, or use one that is.')
  }
  const transaction = await newTransaction(deps, entity, request, asked.value, now)
  await deps.transactions.add(transaction)
  return ok(transaction)
}

const no = (code: RefusalCode, detail: string) => refuse<Refusal>({ code, detail })

type Asked = { query: DcqlQuery; issuers?: readonly Country[] }

function readQuery(
  request: PresentationRequest,
  snapshot: Snapshot,
  at: Date,
): Result<Asked, Refusal> {
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
  const unknown = states?.find((state) => keyIdsOf(state, snapshot, at).length === 0)
  if (unknown !== undefined) {
    return no('query_invalid', 'issuers: one of these states has no anchor in force here.')
  }
  const wanted = (request.formats ?? formats).filter(isFormat)
  if (wanted.length === 0) {
    return no('option_unavailable', `Of formats only ${formats.join(', ')} can be had.`)
  }
  const query = compileAsk(ask, {
    formats: wanted,
    ...(states && { authorityKeyIds: states.flatMap((state) => keyIdsOf(state, snapshot, at)) }),
  })
  if (!query.ok) return no('query_invalid', query.error)
  return ok({ query: query.value, ...(states && { issuers: states }) })
}

/** The key identifiers of a state's anchors: what the chains of its issuers all lead to. */
function keyIdsOf(country: Country, snapshot: Snapshot, at: Date): string[] {
  return snapshot
    .anchors('issuer_ca', at)
    .filter(({ entity }) => snapshot.entity(entity)?.country === country)
    .flatMap(({ certificate }) => parseCertificate(certificate)?.keyId ?? [])
}

/** What OpenID4VP 1.0 knows and we do not offer (yet); what cannot be enforced must not be asked. */
function unavailable(
  { flow, transactionData, clientIdPrefix }: PresentationRequest,
  { credentials }: DcqlQuery,
): string | undefined {
  if (flow !== undefined && flow !== 'cross_device') {
    return 'flow: only cross_device can be had for now. Leave it out.'
  }
  if (transactionData !== undefined) {
    return 'transaction_data cannot be had for now. Leave it out.'
  }
  if (clientIdPrefix !== undefined && clientIdPrefix !== 'x509_hash') {
    return 'client_id_prefix: only x509_hash can be had for now. Leave it out.'
  }
  if (!credentials.every(({ format }) => isFormat(format))) {
    return `Of formats only ${formats.join(', ')} can be had for now.`
  }
  if (credentials.some((query) => query.require_cryptographic_holder_binding === false)) {
    return 'Holder binding is always required. Leave require_cryptographic_holder_binding out.'
  }
  const authorities = credentials.flatMap((query) => query.trusted_authorities ?? [])
  return authorities.every(({ type }) => type === 'aki')
    ? undefined
    : 'trusted_authorities: only those of type aki can be enforced.'
}

async function newTransaction(
  { random, keys, origin }: StartDeps,
  { id: relyingParty, name }: Entity,
  request: PresentationRequest,
  asked: Asked,
  now: Date,
): Promise<Requested> {
  const { purpose, redirectUri, expiresIn = 300 } = request
  const [{ x5c: [leaf] = [] }] = keys.publicKeys(`access:${shortId(relyingParty)}`)
  if (leaf === undefined) throw new Error(`${relyingParty} has no access certificate`)
  const clientId = `x509_hash:${await x509Hash(leaf)}`
  const handle = newRequestHandle(random)
  const link = new URLSearchParams({
    client_id: clientId,
    request_uri: requestUri(origin, handle),
    ...(request.requestUriMethod === 'post' && { request_uri_method: 'post' }),
  })
  return {
    status: 'requested',
    id: newTransactionId(random),
    handle,
    relyingParty,
    purpose,
    ...asked,
    clientName: name.en,
    clientId,
    authorizationRequest: `${request.authorizationEndpoint ?? 'openid4vp://'}?${link}`,
    nonce: newSecret(random),
    state: newSecret(random),
    encryptionSecret: newSecret(random),
    ...(redirectUri !== undefined && { redirectUri }),
    createdAt: now,
    expiresAt: new Date(now.getTime() + expiresIn * 1000),
  }
}

/** The addresses of a transaction on the wallet's side; a wallet is told them and guesses none. */
const addressOf = (leaf: string) => (origin: string, handle: string) =>
  `${origin}/presentations/${handle}/${leaf}`
export const requestUri = addressOf('request')
export const responseUri = addressOf('response')
export const qrSvgUrl = addressOf('qr.svg')
