import { ok, type Result, refuse } from '../result.ts'
import type { AccessKey } from './access-key.ts'

export type ClientIdTerms = {
  access: AccessKey
  origin: string
  /** Where the wallet posts its answer to us. */
  responseUri?: string
  env: 'sandbox' | 'production'
}

/**
 * How a relying party says who it is, under one of the prefixes of OpenID4VP 1.0 5.9.3: by the hash of
 * its access certificate, by a host name in it, or by nothing but where the answer goes, which nobody
 * signs. A refusal says why it cannot be had.
 */
export function clientIdOf(
  prefix: string,
  { access, origin, responseUri, env }: ClientIdTerms,
): Result<string, string> {
  const { hostname } = new URL(origin)
  switch (prefix) {
    case 'x509_hash':
      return ok(`x509_hash:${access.hash}`)
    case 'x509_san_dns':
      return access.hosts.includes(hostname) ? ok(`x509_san_dns:${hostname}`) : refuse(nameless)
    case 'redirect_uri':
      return env === 'sandbox' && responseUri !== undefined
        ? ok(`redirect_uri:${responseUri}`)
        : refuse(unsigned)
    default:
      return refuse('client_id_prefix: x509_hash, x509_san_dns or redirect_uri. Use one of them.')
  }
}

const nameless =
  'client_id_prefix: the access certificate does not have our host name. Have one made that does (npm run keys), or use x509_hash.'
const unsigned = 'client_id_prefix: under redirect_uri nothing can be signed. Use x509_hash.'

/** Whether the request of this client is signed, and so travels as a request object. */
export const isSigned = (clientId: string): boolean => !clientId.startsWith('redirect_uri:')

/**
 * Whether an access key may sign as this client: a wallet would refuse the request otherwise, and
 * keys are replaced while transactions wait.
 */
export function speaksFor({ hash, hosts }: AccessKey, clientId: string): boolean {
  const names = [`x509_hash:${hash}`, ...hosts.map((host) => `x509_san_dns:${host}`)]
  return names.includes(clientId)
}
