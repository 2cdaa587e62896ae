import { ok, type Result, refuse } from '../result.ts'

/** A QR code holds 2953 bytes; a longer link than this would be none that a camera reads with ease. */
const maxLength = 2000

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
export function authorizationRequest(
  endpoint: string,
  parameters: Record<string, string>,
): Result<string, string> {
  const link = `${endpoint}?${new URLSearchParams(parameters)}`
  return link.length <= maxLength
    ? ok(link)
    : refuse('authorization_endpoint: the link would be too long for a QR code. Shorten it.')
}
