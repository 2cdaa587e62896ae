import { encodeBase64url } from '../credential/base64url.ts'
import { sha256 } from '../credential/digest.ts'
import { parseJsonObject } from '../credential/json.ts'
import { signJws } from '../credential/jws.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import { freshHolderKey } from './holder-key.ts'
import { type Fetch, type HttpAnswer, type HttpRequest, send } from './http.ts'

/** Sends a request to a token or resource endpoint, in the latter case with the access token. */
export type TokenSender = {
  tokenType: 'Bearer' | 'DPoP'
  send(url: string, request: HttpRequest, accessToken?: string): Promise<HttpAnswer>
}

type Deps = { fetch: Fetch; now: () => Date; random: (size: number) => Uint8Array }

/** RFC 6750: who has the token may use it. */
export function bearerSender({ fetch }: Pick<Deps, 'fetch'>): TokenSender {
  return {
    tokenType: 'Bearer',
    send: (url, request, accessToken) =>
      send(fetch, url, withHeaders(request, accessToken && `Bearer ${accessToken}`)),
  }
}

/**
 * RFC 9449: every request proves possession of one fresh key. A nonce that a server gives is used
 * from then on at that server, and at once where it asks for it (8, 9).
 */
export async function dpopSender({ fetch, now, random }: Deps): Promise<TokenSender> {
  const key = await freshHolderKey()
  const nonces = new Map<string, string>()

  async function attempt(url: string, request: HttpRequest, accessToken?: string) {
    const { origin, pathname } = new URL(url)
    const nonce = nonces.get(origin)
    const proof = await signJws(
      { typ: 'dpop+jwt', jwk: key.publicJwk },
      {
        jti: encodeBase64url(random(16)),
        htm: request.method ?? 'GET',
        htu: origin + pathname,
        iat: toNumericDate(now()),
        ...(accessToken && { ath: encodeBase64url(await sha256(accessToken)) }),
        ...(nonce && { nonce }),
      },
      key.sign,
    )
    const withProof = withHeaders(request, accessToken && `DPoP ${accessToken}`, proof)
    const answer = await send(fetch, url, withProof)
    const given = answer.headers.get('dpop-nonce')
    if (given) nonces.set(origin, given)
    return answer
  }

  return {
    tokenType: 'DPoP',
    async send(url, request, accessToken) {
      const answer = await attempt(url, request, accessToken)
      return wantsNonce(answer) ? attempt(url, request, accessToken) : answer
    },
  }
}

/** Whether a server turned a request away for want of its nonce (RFC 9449 8 and 9), and gave one. */
function wantsNonce({ status, headers, text }: HttpAnswer): boolean {
  if (!headers.has('dpop-nonce')) return false
  if (status === 401) return headers.get('www-authenticate')?.includes('use_dpop_nonce') ?? false
  return status === 400 && parseJsonObject(text)?.error === 'use_dpop_nonce'
}

function withHeaders(
  request: HttpRequest,
  authorization: string | undefined,
  dpop?: string,
): HttpRequest {
  const added = { ...(authorization && { authorization }), ...(dpop && { dpop }) }
  return { ...request, headers: { ...request.headers, ...added } }
}
