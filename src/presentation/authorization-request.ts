import { ok, type Result, refuse } from '../result.ts'

/** A QR code holds 2953 bytes; a longer link than this would be none that a camera reads with ease. */
const maxLength = 2000

/**
 * Whether a wallet may be called at this endpoint: https, or a scheme of its own. It becomes a link on
 * a page, so it must be none that a browser would run or read a file by.
 */
export const isAuthorizationEndpoint = (text: string): boolean =>
  text.length <= 500 &&
  /^[a-z][a-z0-9+.-]*:\/\/[\x21-\x7e]*$/i.test(text) &&
  !/[?#"'<>\\]/.test(text) &&
  !/^(javascript|data|vbscript|blob|file|http):/i.test(text)

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
