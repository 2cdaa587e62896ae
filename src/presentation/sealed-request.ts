import { encodeBase64url } from '../credential/base64url.ts'
import { openUnder, sealUnder } from '../credential/jwe.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Country } from '../trust/facts.ts'
import type { AskedQuery } from './asked-claims.ts'

/** What wallets are asked for, and what their answers are held to. */
export type Asked = AskedQuery & {
  /** The issuing states that will do; absent: all. */
  issuers?: readonly Country[]
  /** What the holder agrees to besides, each base64url-encoded as wallets get it (OpenID4VP 1.0 8.4). */
  transactionData?: readonly string[]
}

/** The same, and the link by which a wallet is called, where one is. */
export type WalletRequest = Asked & { authorizationRequest?: string }

type Keys = Pick<KeyRing, 'mac'>

const context = 'presentation request'

/**
 * A key made of the transaction's own secret and of one of ours, as that for the answer is: the database
 * alone cannot make it, and when the transaction forgets its secret nobody can.
 */
async function keyOf(keys: Keys, encryptionSecret: string): Promise<string> {
  const label = new TextEncoder().encode(`request:${encryptionSecret}`)
  return encodeBase64url(await keys.mac('response-encryption', label))
}

/**
 * Seals a request for as long as it waits for an answer. It may name the very values that are expected
 * of a person (OpenID4VP 1.0 6.3), or what she pays and to whom; with the verdict they would be facts.
 */
export async function sealRequest(
  keys: Keys,
  encryptionSecret: string,
  request: WalletRequest,
): Promise<string> {
  return sealUnder(await keyOf(keys, encryptionSecret), context, JSON.stringify(request))
}

/** Opens what `sealRequest` sealed; undefined where our own secret has been replaced since. */
export async function openRequest(
  keys: Keys,
  { encryptionSecret, sealedRequest }: { encryptionSecret: string; sealedRequest: string },
): Promise<WalletRequest | undefined> {
  const request = await openUnder(await keyOf(keys, encryptionSecret), context, sealedRequest)
  return request === undefined ? undefined : JSON.parse(request)
}
