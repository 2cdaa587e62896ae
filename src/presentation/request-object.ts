import { signJws } from '../credential/jws.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import { ok, type Result, refuse } from '../result.ts'
import { shortId } from '../trust/entity-id.ts'
import { responseUri } from './endpoints.ts'
import { findOpen } from './find-open.ts'
import { responseEncs, responseKeyPair } from './response-encryption.ts'
import { type OpenTransaction, retrieve, type TransactionStore } from './transaction.ts'

export type RequestObjectDeps = {
  clock: Clock
  keys: KeyRing
  origin: string
  transactions: Pick<TransactionStore, 'findByHandle' | 'retrieve'>
}

/** Wallets choose it; ours to repeat, within reason. */
const maxWalletNonce = 1024

/**
 * Gives a wallet the signed request object (OpenID4VP 1.0 5, RFC 9101), as often as it likes until it
 * has answered. What is asked, nonce and key stay the same; each is signed anew, with the
 * `wallet_nonce` of this fetch.
 */
export async function fetchRequestObject(
  deps: RequestObjectDeps,
  handle: string,
  walletNonce?: string,
): Promise<Result<string, Refusal>> {
  if (walletNonce === '' || (walletNonce?.length ?? 0) > maxWalletNonce) {
    const detail = `wallet_nonce must have 1 to ${maxWalletNonce} characters.`
    return refuse({ code: 'malformed_request', detail })
  }
  const now = deps.clock()
  const found = await findOpen(deps, handle, now)
  if (!found.ok) return found
  const transaction = found.value
  // Of two fetches at once one makes the move; both are served.
  if (transaction.status === 'requested')
    await deps.transactions.retrieve(retrieve(transaction), now)
  return ok(await signRequestObject(deps, transaction, now, walletNonce))
}

async function signRequestObject(
  { keys, origin }: RequestObjectDeps,
  transaction: OpenTransaction,
  now: Date,
  walletNonce: string | undefined,
): Promise<string> {
  const { handle, relyingParty, clientId, nonce, state, query, expiresAt } = transaction
  const purpose = `access:${shortId(relyingParty)}`
  const [{ x5c = [] }] = keys.publicKeys(purpose)
  const { publicJwk } = await responseKeyPair(keys, transaction.encryptionSecret)
  const payload = {
    iss: clientId,
    aud: 'https://self-issued.me/v2',
    iat: toNumericDate(now),
    exp: toNumericDate(expiresAt),
    client_id: clientId,
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    response_uri: responseUri(origin, handle),
    nonce,
    state,
    dcql_query: query,
    client_metadata: {
      client_name: transaction.clientName,
      jwks: { keys: [publicJwk] },
      encrypted_response_enc_values_supported: responseEncs,
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
    ...(walletNonce !== undefined && { wallet_nonce: walletNonce }),
  }
  return signJws({ typ: 'oauth-authz-req+jwt', x5c }, JSON.stringify(payload), (bytes) =>
    keys.sign(purpose, bytes),
  )
}
