import { encodeBase64url } from '../credential/base64url.ts'
import { sha256 } from '../credential/digest.ts'
import { type Jws, verifyJws } from '../credential/jws.ts'
import {
  commonName,
  dnsNames,
  type TrustedCertificate,
  verifyChain,
  verifyPath,
} from '../credential/x509.ts'
import { insist, insistUrl } from './rule.ts'

export type VerifierDeps = {
  now: () => Date
  /** Roots of access certificates. Without any, a verifier is only known by the hash of its own. */
  readerAnchors?: readonly TrustedCertificate[]
}

/** Who signed a request: the common name in the access certificate, or the client_id, and base64url SHA-256 of it. */
export type Verifier = { name: string; accessHash: string }

/**
 * OpenID4VP 1.0 5.9.3 and HAIP 1.0 5: a request object is signed by the key of its certificate, which
 * is neither self-signed nor followed by its trust anchor, and the client_id is the hash of that
 * certificate or a host name in it.
 */
export async function insistSignedBy(
  clientId: string,
  jws: Jws,
  deps: VerifierDeps,
): Promise<Verifier> {
  const { header } = jws
  insist(
    header.typ === 'oauth-authz-req+jwt',
    'The request object is not of typ oauth-authz-req+jwt (OpenID4VP 1.0 5)',
  )
  insist(
    /^x509_(hash|san_dns):/.test(clientId),
    'The client_id of a signed request has neither the prefix x509_hash nor x509_san_dns',
  )
  const path = await pathOf(header.x5c, 'access', deps)
  insist(path.ok, `The access certificate is not accepted: ${path.ok || path.error}`)
  const { leaf, leafKey } = path.value
  const accessHash = encodeBase64url(await sha256(leaf.der))
  const names = dnsNames(leaf).map((host) => `x509_san_dns:${host}`)
  insist(
    [`x509_hash:${accessHash}`, ...names].includes(clientId),
    'The client_id is not the hash of the certificate in x5c, nor a name in it (OpenID4VP 1.0 5.9.3)',
  )
  insist(
    await verifyJws(jws, leafKey),
    'The request object is not signed with ES256 by the certificate in x5c',
  )
  return { name: commonName(leaf) ?? clientId, accessHash }
}

/** A certificate path to one of the readers' anchors, or, where none is known, a path at all. */
export const pathOf = (
  x5c: unknown,
  purpose: 'access' | 'registration',
  { now, readerAnchors = [] }: VerifierDeps,
) =>
  readerAnchors.length > 0
    ? verifyChain(x5c, readerAnchors, now(), purpose)
    : verifyPath(x5c, now(), purpose)

/** OpenID4VP 1.0 5.9.3: an answer goes only to where the client_id allows. */
export function insistResponseUri(clientId: string, responseUri: string): URL {
  const url = insistUrl(responseUri, 'The response_uri')
  const [prefix, ...rest] = clientId.split(':')
  const name = rest.join(':')
  insist(
    prefix !== 'redirect_uri' || name === responseUri,
    'The client_id is not the response_uri, as the prefix redirect_uri has it (OpenID4VP 1.0 5.9.3)',
  )
  insist(
    prefix !== 'x509_san_dns' || name === url.hostname,
    'The response_uri is not on the host that the client_id names (OpenID4VP 1.0 5.9.3)',
  )
  return url
}
