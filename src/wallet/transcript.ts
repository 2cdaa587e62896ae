import { calculateJwkThumbprint } from 'jose'
import { decodeBase64url, encodeBase64url } from '../credential/base64url.ts'
import { type Encodable, encodeCbor } from '../credential/cbor-encoder.ts'
import { sha256 } from '../credential/digest.ts'
import { dcApiTranscript, redirectTranscript } from '../credential/session-transcript.ts'
import type { Lies } from './lies.ts'
import { type AuthorizationRequest, audienceOf } from './request.ts'

/** All that any handover ties an mdoc to. */
type Session = Parameters<typeof redirectTranscript>[0] & Parameters<typeof dcApiTranscript>[0]

/** What ties an mdoc to this request, and to the key that the response is encrypted to. */
export async function transcriptOf(request: AuthorizationRequest, lies: Lies): Promise<Uint8Array> {
  const { audience: lie } = lies
  const audience = audienceOf(request)
  const isPage = 'origin' in request
  const responseUri = lies.responseUri ?? (isPage ? request.origin : request.responseUri)
  const session: Session = {
    clientId: typeof lie === 'function' ? lie(audience) : (lie ?? audience),
    nonce: lies.nonce ?? request.nonce,
    responseUri,
    origin: isPage ? request.origin : new URL(responseUri).origin,
    jwkThumbprint: await thumbprintOf(request.encryption.jwk, lies),
  }
  return handovers[lies.handover ?? (isPage ? 'dc-api' : 'redirect')](session)
}

/** RFC 7638, the 32 bytes themselves. */
async function thumbprintOf(
  jwk: AuthorizationRequest['encryption']['jwk'],
  { jwkThumbprint: lie }: Lies,
): Promise<Uint8Array | null> {
  if (lie === null) return null
  const honest = decodeBase64url(await calculateJwkThumbprint(jwk)) ?? new Uint8Array()
  return lie === 'other' ? sha256(honest) : honest
}

const generatedNonce = encodeBase64url(new Uint8Array(16).fill(7))

const handovers: Record<
  NonNullable<Lies['handover']>,
  (session: Session) => Promise<Uint8Array>
> = {
  redirect: redirectTranscript,
  'dc-api': dcApiTranscript,
  'iso-18013-7': async ({ clientId, responseUri, nonce }) => {
    const hashes = [clientId, responseUri].map((each) => hashed([each, generatedNonce]))
    return encodeCbor([null, null, [...(await Promise.all(hashes)), nonce]])
  },
  'dc-api-draft-24': async ({ clientId, origin, nonce }) => {
    const info = await hashed([origin, clientId, nonce])
    return encodeCbor([null, null, ['OpenID4VPDCAPIHandover', info]])
  },
}

const hashed = (value: Encodable) => sha256(encodeCbor(value))
