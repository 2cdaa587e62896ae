import type { JsonObject } from '../credential/json.ts'
import type { KeyRing } from '../platform/keys.ts'
import { responseUri } from './endpoints.ts'
import { responseEncs, responseKeyPair } from './response-encryption.ts'
import type { Asked } from './sealed-request.ts'
import type { ByLink, OpenTransaction } from './transaction.ts'

/** A transaction, as far as its parameters go: nobody need have been asked yet. */
export type RequestTerms = Asked &
  Pick<OpenTransaction, 'nonce' | 'clientName' | 'encryptionSecret' | 'expiresAt'>

export type LinkTerms = RequestTerms & Pick<ByLink, 'clientId' | 'handle' | 'state'>

type Keys = Pick<KeyRing, 'mac'>

/** ES256 as COSE numbers it: of any curve, and with P-256 alone (RFC 9053 2.1, RFC 9864 2.1). */
const es256 = [-7, -9]

/**
 * The parameters of an authorization request whose answer comes to us (OpenID4VP 1.0 5.1), the same in
 * a request object and in a link.
 */
export async function requestParameters(
  { keys, origin }: { keys: Keys; origin: string },
  transaction: LinkTerms,
): Promise<JsonObject> {
  const { handle, clientId, state } = transaction
  return {
    client_id: clientId,
    response_mode: 'direct_post.jwt',
    response_uri: responseUri(origin, handle),
    state,
    ...(await commonParameters(keys, transaction)),
  }
}

/** The parameters of one whose answer the browser takes back to the page that asked (A.2). */
export async function browserParameters(
  keys: Keys,
  transaction: RequestTerms,
): Promise<JsonObject> {
  return { response_mode: 'dc_api.jwt', ...(await commonParameters(keys, transaction)) }
}

/** The key for the answer is made once for each transaction (HAIP 1.0 5). */
async function commonParameters(
  keys: Keys,
  { nonce, query, transactionData, clientName, encryptionSecret }: RequestTerms,
): Promise<JsonObject> {
  const { publicJwk } = await responseKeyPair(keys, encryptionSecret)
  return {
    response_type: 'vp_token',
    nonce,
    dcql_query: query as JsonObject,
    ...(transactionData && { transaction_data: [...transactionData] }),
    client_metadata: {
      client_name: clientName,
      jwks: { keys: [publicJwk as JsonObject] },
      encrypted_response_enc_values_supported: [...responseEncs],
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        mso_mdoc: { issuerauth_alg_values: es256, deviceauth_alg_values: es256 },
      },
    },
  }
}
