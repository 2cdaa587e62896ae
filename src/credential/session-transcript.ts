import { type Encodable, encodeCbor } from './cbor-encoder.ts'
import { cryptography } from './crypto.ts'

/** What ties an mdoc to one request: parts of it, and of how it was sent. */
type RedirectSession = {
  /** With its prefix, as it stands in the request. */
  clientId: string
  nonce: string
  /** SHA-256 (RFC 7638) of the key that the response is encrypted to, 32 bytes; null: it is not. */
  jwkThumbprint: Uint8Array | null
  responseUri: string
}

/** The SessionTranscript of a presentation by redirects (OpenID4VP 1.0 B.2.6.1), in CBOR. */
export const redirectTranscript = (session: RedirectSession): Promise<Uint8Array<ArrayBuffer>> => {
  const { clientId, nonce, jwkThumbprint, responseUri } = session
  return transcript('OpenID4VPHandover', [clientId, nonce, jwkThumbprint, responseUri])
}

type DcApiSession = Pick<RedirectSession, 'nonce' | 'jwkThumbprint'> & {
  /** Where the page is that asks, without the prefix `origin:`. */
  origin: string
}

/** The SessionTranscript of a presentation by the Digital Credentials API (OpenID4VP 1.0 B.2.6.2). */
export const dcApiTranscript = (session: DcApiSession): Promise<Uint8Array<ArrayBuffer>> => {
  const { origin, nonce, jwkThumbprint } = session
  return transcript('OpenID4VPDCAPIHandover', [origin, nonce, jwkThumbprint])
}

async function transcript(handover: string, info: Encodable): Promise<Uint8Array<ArrayBuffer>> {
  const hash = await cryptography().sha256(encodeCbor(info))
  return encodeCbor([null, null, [handover, hash]])
}
