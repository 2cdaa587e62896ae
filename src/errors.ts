import type { JsonObject } from './credential/json.ts'

type Entry = { status: number; title: string; oauth: string }

/**
 * Every refusal the gateway can utter: what our own API says (status, title), and what the
 * OAuth-shaped protocol endpoints say (`oauth`, an error code of the standard that owns the endpoint).
 * The list is closed: a test walks it and asks that each code is produced by some request.
 */
export const refusals = {
  // The request as such
  malformed_request: { status: 400, title: 'Malformed request', oauth: 'invalid_request' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    oauth: 'invalid_request',
  },
  payload_too_large: { status: 413, title: 'Payload too large', oauth: 'invalid_request' },
  not_found: { status: 404, title: 'Not found', oauth: 'invalid_request' },
  method_not_allowed: { status: 405, title: 'Method not allowed', oauth: 'invalid_request' },
  unauthenticated: { status: 401, title: 'Authentication required', oauth: 'invalid_token' },

  // Issuing: offers and tokens
  persona_unknown: { status: 404, title: 'Persona unknown', oauth: 'invalid_request' },
  offer_not_possible: { status: 400, title: 'Offer not possible', oauth: 'invalid_request' },
  grant_type_unsupported: {
    status: 400,
    title: 'Grant type not supported',
    oauth: 'unsupported_grant_type',
  },
  client_not_attested: { status: 400, title: 'Client not attested', oauth: 'invalid_client' },
  dpop_proof_rejected: { status: 400, title: 'DPoP proof rejected', oauth: 'invalid_dpop_proof' },
  authorization_details_invalid: {
    status: 400,
    title: 'Authorization details invalid',
    oauth: 'invalid_authorization_details',
  },
  code_not_redeemable: { status: 400, title: 'Code not redeemable', oauth: 'invalid_grant' },
  tx_code_missing: { status: 400, title: 'Transaction code missing', oauth: 'invalid_request' },
  tx_code_unexpected: {
    status: 400,
    title: 'Transaction code not asked for',
    oauth: 'invalid_request',
  },
  tx_code_wrong: { status: 400, title: 'Transaction code wrong', oauth: 'invalid_grant' },

  // Issuing: credentials and their status (OpenID4VCI 1.0 8.3.1.2)
  access_proof_rejected: {
    status: 401,
    title: 'DPoP proof rejected',
    oauth: 'invalid_dpop_proof',
  },
  credential_request_malformed: {
    status: 400,
    title: 'Credential request malformed',
    oauth: 'invalid_credential_request',
  },
  credential_configuration_unknown: {
    status: 400,
    title: 'Credential configuration unknown',
    oauth: 'unknown_credential_configuration',
  },
  credential_identifier_unknown: {
    status: 400,
    title: 'Credential identifier unknown',
    oauth: 'unknown_credential_identifier',
  },
  credential_not_granted: {
    status: 400,
    title: 'Credential not granted',
    oauth: 'credential_request_denied',
  },
  encryption_not_supported: {
    status: 400,
    title: 'Encryption not supported',
    oauth: 'invalid_encryption_parameters',
  },
  key_proof_rejected: { status: 400, title: 'Key proof rejected', oauth: 'invalid_proof' },
  nonce_not_fresh: {
    status: 400,
    title: 'Nonce unknown, used or expired',
    oauth: 'invalid_nonce',
  },
  status_final: { status: 409, title: 'Status is final', oauth: 'invalid_request' },
  not_acceptable: { status: 406, title: 'Not acceptable', oauth: 'invalid_request' },
  status_history_not_offered: {
    status: 501,
    title: 'Past status lists not offered',
    oauth: 'invalid_request',
  },

  // Presentations: what relying parties ask
  option_unavailable: { status: 400, title: 'Option not available', oauth: 'invalid_request' },
  purpose_not_registered: { status: 403, title: 'Purpose not registered', oauth: 'access_denied' },
  purpose_exceeded: { status: 403, title: 'Purpose exceeded', oauth: 'access_denied' },
  query_invalid: { status: 400, title: 'Query invalid', oauth: 'invalid_request' },
  transaction_data_invalid: {
    status: 400,
    title: 'Transaction data invalid',
    oauth: 'invalid_transaction_data',
  },
  redirect_uri_not_registered: {
    status: 400,
    title: 'Redirect URI not registered',
    oauth: 'invalid_request',
  },
  response_code_used: { status: 400, title: 'Response code used', oauth: 'invalid_request' },
  response_code_wrong: { status: 400, title: 'Response code wrong', oauth: 'invalid_request' },

  // Presentations: what wallets answer
  transaction_expired: { status: 410, title: 'Transaction expired', oauth: 'invalid_request' },
  already_answered: { status: 409, title: 'Already answered', oauth: 'invalid_request' },
  response_unusable: { status: 400, title: 'Response not usable', oauth: 'invalid_request' },
  presentation_refused: { status: 400, title: 'Presentation refused', oauth: 'invalid_request' },

  // The registry
  registry_unreachable: {
    status: 503,
    title: 'Registry unreachable',
    oauth: 'temporarily_unavailable',
  },
  registry_conflict: { status: 409, title: 'Registry conflict', oauth: 'invalid_request' },
} as const satisfies Record<string, Entry>

export type RefusalCode = keyof typeof refusals

/**
 * `detail` is written for the person who must fix the request: the rule, and the remedy. It never
 * quotes a secret or a claim value. ASCII without quotes, so that it fits an `error_description`.
 */
export type Refusal<C extends RefusalCode = RefusalCode> = {
  code: C
  detail: string
  /** What a program needs to mend the request: extension members (RFC 9457 3.2) of our own API. */
  members?: JsonObject
}
