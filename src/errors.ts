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

  // The registry
  registry_unreachable: {
    status: 503,
    title: 'Registry unreachable',
    oauth: 'temporarily_unavailable',
  },
} as const satisfies Record<string, Entry>

export type RefusalCode = keyof typeof refusals

/**
 * `detail` is written for the person who must fix the request: the rule, and the remedy. It never
 * quotes a secret or a claim value. ASCII without quotes, so that it fits an `error_description`.
 */
export type Refusal<C extends RefusalCode = RefusalCode> = { code: C; detail: string }
