import { signJws } from '../credential/jws.ts'
import type { Refusal, RefusalCode } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { type AccessKey, accessKey } from './access-key.ts'
import { isSigned, speaksFor } from './client-id.ts'
import { type Asking, findOpen } from './find-open.ts'
import { exceeds } from './purpose.ts'
import { registrationCertificate } from './registration-certificate.ts'
import { requestParameters } from './request-parameters.ts'
import { signedClaims, signedHeader, verifierInfo } from './signed-request.ts'
import { retrieve, type TransactionStore } from './transaction.ts'

export type RequestObjectDeps = {
  clock: Clock
  keys: KeyRing
  origin: string
  env: 'sandbox' | 'production'
  snapshot: () => Promise<Result<Snapshot, Refusal>>
  transactions: Pick<TransactionStore, 'findByHandle' | 'retrieve'>
}

/** Wallets choose it; ours to repeat, within reason. */
const maxWalletNonce = 1024

/**
 * Gives a wallet the signed request object (OpenID4VP 1.0 5, RFC 9101), as often as it likes until it
 * has answered. What is asked, nonce and key stay the same; each is signed anew, with the
 * `wallet_nonce` of this fetch, and with what the relying party is registered for now.
 */
export async function fetchRequestObject(
  deps: RequestObjectDeps,
  handle: string,
  walletNonce?: string,
): Promise<Result<string, Refusal>> {
  if (walletNonce === '' || (walletNonce?.length ?? 0) > maxWalletNonce) {
    return no('malformed_request', `wallet_nonce must have 1 to ${maxWalletNonce} characters.`)
  }
  const now = deps.clock()
  const found = await findOpen(deps, handle, now)
  if (!found.ok) return found
  const transaction = found.value
  if (!isSigned(transaction.clientId)) {
    return no('not_found', 'This request has no request object: the link itself says it all.')
  }
  const access = await accessKey(deps.keys, transaction.relyingParty)
  if (!speaksFor(access, transaction.clientId)) {
    return no(
      'transaction_expired',
      'The access certificate was replaced. Start a new transaction.',
    )
  }
  const registration = await registrationOf(deps, transaction, access, now)
  if (!registration.ok) return registration
  // Of two fetches at once one makes the move; both are served.
  if (transaction.status === 'requested')
    await deps.transactions.retrieve(retrieve(transaction), now)
  const payload = {
    iss: transaction.clientId,
    ...signedClaims(transaction, now),
    ...(await requestParameters(deps, transaction)),
    verifier_info: verifierInfo(registration.value),
    ...(walletNonce !== undefined && { wallet_nonce: walletNonce }),
  }
  const sign = (bytes: Uint8Array) => deps.keys.sign(access.purpose, bytes)
  return ok(await signJws(signedHeader(access), JSON.stringify(payload), sign))
}

const no = (code: RefusalCode, detail: string) => refuse<Refusal>({ code, detail })

/** What the relying party is registered for now, which must still be what it asks. */
async function registrationOf(
  deps: RequestObjectDeps,
  asking: Asking,
  { hash: accessHash }: AccessKey,
  now: Date,
): Promise<Result<string, Refusal>> {
  const { relyingParty, purpose } = asking
  const snapshot = await deps.snapshot()
  if (!snapshot.ok) return snapshot
  // What was permitted at the start may not be any more.
  const permitted = snapshot.value.permitted(relyingParty, purpose, now)
  const beyond = permitted && exceeds(purpose, asking, permitted)
  if (beyond) return refuse(beyond)
  const entity = snapshot.value.relyingParty(relyingParty, now)
  const registered = entity && { entity, purpose, accessHash }
  const certificate =
    registered && (await registrationCertificate(deps, registered, snapshot.value, now))
  return certificate === undefined
    ? no('purpose_not_registered', `The relying party is no longer registered for ${purpose}.`)
    : ok(certificate)
}
