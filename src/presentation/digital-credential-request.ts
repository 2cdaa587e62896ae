import type { JsonObject } from '../credential/json.ts'
import { signJws } from '../credential/jws.ts'
import { signJwsJson } from '../credential/jws-json.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { AccessKey } from './access-key.ts'
import { browserParameters, type RequestTerms } from './request-parameters.ts'
import { signedClaims, signedHeader, verifierInfo } from './signed-request.ts'
import type { InBrowser } from './transaction.ts'

/** The exchange protocols (OpenID4VP 1.0 A.1). */
export const protocols = {
  signed: 'openid4vp-v1-signed',
  multisigned: 'openid4vp-v1-multisigned',
  unsigned: 'openid4vp-v1-unsigned',
} as const

/** What a page gives to `navigator.credentials.get` as it stands (W3C Digital Credentials API). */
export type DigitalCredentialRequest = {
  digital: { requests: { protocol: string; data: JsonObject }[] }
}

/** As whom a relying party signs. */
export type Signer = {
  access: AccessKey
  clientId: string
  /** What it is known by besides. */
  otherClientIds: readonly string[]
  /** The certificate of its registration. */
  registration: string
}

/**
 * The request in each of its three forms (OpenID4VP 1.0 A.3), of which browser and wallet take the first
 * that they know: signed, signed under each name that the relying party has, and not signed, for wallets
 * that go by the origin alone. All ask the same with one nonce and one key, so that whichever is answered
 * it is this transaction. Who signs says from which origin it asks, or the request could be replayed.
 */
export async function digitalCredentialRequest(
  { keys }: { keys: KeyRing },
  transaction: RequestTerms & Pick<InBrowser, 'origin'>,
  { access, clientId, otherClientIds, registration }: Signer,
  now: Date,
): Promise<DigitalCredentialRequest> {
  const parameters = await browserParameters(keys, transaction)
  const signed = {
    ...signedClaims(transaction, now),
    expected_origins: [transaction.origin],
    ...parameters,
  }
  const identityOf = (clientId: string) => ({
    client_id: clientId,
    verifier_info: verifierInfo(registration),
  })
  const header = signedHeader(access)
  const compact = { iss: clientId, ...identityOf(clientId), ...signed }
  const headers = [clientId, ...otherClientIds].map((each) => ({ ...header, ...identityOf(each) }))
  const sign = (bytes: Uint8Array) => keys.sign(access.purpose, bytes)
  const requests = [
    { protocol: protocols.signed, data: { request: await signJws(header, compact, sign) } },
    {
      protocol: protocols.multisigned,
      data: { request: await signJwsJson(headers, signed, sign) },
    },
    { protocol: protocols.unsigned, data: parameters },
  ]
  return { digital: { requests } }
}
