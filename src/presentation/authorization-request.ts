import type { JsonObject } from '../credential/json.ts'
import { ok, type Result, refuse } from '../result.ts'

/** A QR code holds 2953 bytes (ISO/IEC 18004), but a camera reads with ease one that is not full. */
const maxByReference = 2000
const maxByValue = 2953

/**
 * Whether a wallet may be called at this endpoint. It becomes a link on a page, so its scheme must be
 * one of wallets: https, one named for what it speaks (`openid4vp`, `haip`, `mdoc-openid4vp`, …), or
 * one of an application's own, which has a dot (RFC 8252 7.1).
 */
export const isAuthorizationEndpoint = (text: string): boolean =>
  text.length <= 500 &&
  /^(https|[a-z0-9+-]*(openid|haip|wallet)[a-z0-9+-]*|[a-z][a-z0-9+-]*\.[a-z0-9+.-]+):\/\/[\x21-\x7e]*$/i.test(
    text,
  ) &&
  !/[?#@"'<>\\]/.test(text)

/**
 * The link by which a wallet is called, with its authorization request by reference (RFC 9101 5.2). It
 * fits a QR code.
 */
export function requestByReference(
  endpoint: string,
  parameters: Record<string, string>,
): Result<string, string> {
  const link = `${endpoint}?${new URLSearchParams(parameters)}`
  return link.length <= maxByReference
    ? ok(link)
    : refuse('authorization_endpoint: the link would be too long for a QR code. Shorten it.')
}

/** The same with the request by value: what is not text is JSON (OpenID4VP 1.0 5, RFC 6749 4.1.1). */
export function requestByValue(endpoint: string, parameters: JsonObject): Result<string, string> {
  const texts = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const link = `${endpoint}?${new URLSearchParams(texts)}`
  return link.length <= maxByValue
    ? ok(link)
    : refuse(
        `client_id_prefix: under redirect_uri the link holds the whole request, and would have ${link.length} bytes where a QR code holds ${maxByValue}. Ask for less, or use x509_hash.`,
      )
}
