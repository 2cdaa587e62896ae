import type { Entity } from '../trust/facts.ts'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a browser may be sent back there. Registered URIs are compared as strings (RFC 9700 2.1);
 * in the sandbox any on loopback will do, so that nobody has to register a laptop.
 */
export function isRegisteredRedirectUri(
  uri: string,
  { redirectUris = [] }: Pick<Entity, 'redirectUris'>,
  { env }: { env: 'sandbox' | 'production' },
): boolean {
  if (redirectUris.includes(uri)) return true
  if (env !== 'sandbox' || !URL.canParse(uri)) return false
  const { protocol, hostname, hash } = new URL(uri)
  return /^https?:$/.test(protocol) && loopbackHosts.has(hostname) && hash === ''
}

/**
 * Whether a page of this origin may ask (OpenID4VP 1.0 A.2): as the browser writes it, since wallets
 * compare it as a string. http is for loopback in the sandbox alone.
 */
export function isRegisteredOrigin(
  origin: string,
  { redirectUris = [] }: Pick<Entity, 'redirectUris'>,
  { env }: { env: 'sandbox' | 'production' },
): boolean {
  if (originOf(origin) !== origin) return false
  const { protocol, hostname } = new URL(origin)
  if (env === 'sandbox' && /^https?:$/.test(protocol) && loopbackHosts.has(hostname)) return true
  return protocol === 'https:' && redirectUris.some((uri) => originOf(uri) === origin)
}

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : undefined)

/**
 * Where a wallet sends the browser, with the response code in its query: fresh for each answer
 * (OpenID4VP 1.0 8.2), so that who arrives with it has seen the answer go.
 */
export function withResponseCode(uri: string, responseCode: string): string {
  const url = new URL(uri)
  url.searchParams.set('response_code', responseCode)
  return url.href
}
