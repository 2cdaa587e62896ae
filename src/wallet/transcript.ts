import { calculateJwkThumbprint } from 'jose'
import { decodeBase64url, encodeBase64url } from '../credential/base64url.ts'
import { type Encodable, encodeCbor } from '../credential/cbor-encoder.ts'
import { sha256 } from '../credential/digest.ts'
import { dcApiTranscript, redirectTranscript } from '../credential/session-transcript.ts'
import type { Lies } from './lies.ts'
import type { AuthorizationRequest } from './request.ts'

type Session = Parameters<typeof redirectTranscript>[0]

/** What ties an mdoc to this request, and to the key that the response is encrypted to. */
export async function transcriptOf(request: AuthorizationRequest, lies: Lies): Promise<Uint8Array> {
  const { audience, nonce = request.nonce } = lies
  const jwkThumbprint = await thumbprintOf(request.encryption.jwk, lies)
  if ('origin' in request) {
    return dcApiTranscript({ origin: request.origin, nonce, jwkThumbprint })
  }
  const { clientId, responseUri } = request
  const session: Session = {
    clientId: typeof audience === 'function' ? audience(clientId) : (audience ?? clientId),
    nonce,
    responseUri: lies.responseUri ?? responseUri,
    jwkThumbprint,
  }
  return lies.handover ? handovers[lies.handover](session) : redirectTranscript(session)
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
  'iso-18013-7': async ({ clientId, responseUri, nonce }) => {
    const hashes = [clientId, responseUri].map((each) => hashed([each, generatedNonce]))
    return encodeCbor([null, null, [...(await Promise.all(hashes)), nonce]])
  },
  'dc-api': ({ responseUri, ...session }) =>
    dcApiTranscript({ ...session, origin: new URL(responseUri).origin }),
  'dc-api-draft-24': async ({ clientId, responseUri, nonce }) => {
    const info = await hashed([new URL(responseUri).origin, clientId, nonce])
    return encodeCbor([null, null, ['OpenID4VPDCAPIHandover', info]])
  },
}

const hashed = (value: Encodable) => sha256(encodeCbor(value))
