import type { JsonObject } from '../credential/json.ts'
import type { KeyRing } from '../platform/keys.ts'
import { responseUri } from './endpoints.ts'
import { responseEncs, responseKeyPair } from './response-encryption.ts'
import type { Asked } from './sealed-request.ts'
import type { OpenTransaction } from './transaction.ts'

/** A transaction, as far as its parameters go: there need be no link to it yet. */
export type RequestTerms = Omit<OpenTransaction, 'sealedRequest' | 'status'> & Asked

/**
 * The parameters of an authorization request (OpenID4VP 1.0 5.1), the same in a request object and in
 * a link. The key for the answer is made once for each transaction (HAIP 1.0 5).
 */
export async function requestParameters(
  { keys, origin }: { keys: Pick<KeyRing, 'mac'>; origin: string },
  transaction: RequestTerms,
): Promise<JsonObject> {
  const { handle, clientId, nonce, state, query, transactionData } = transaction
  const { publicJwk } = await responseKeyPair(keys, transaction.encryptionSecret)
  return {
    client_id: clientId,
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    response_uri: responseUri(origin, handle),
    nonce,
    state,
    dcql_query: query as JsonObject,
    ...(transactionData && { transaction_data: [...transactionData] }),
    client_metadata: {
      client_name: transaction.clientName,
      jwks: { keys: [publicJwk as JsonObject] },
      encrypted_response_enc_values_supported: [...responseEncs],
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
  }
}
