import { type Json, type JsonObject, parseJsonObject } from '../credential/json.ts'
import { decryptJwe } from '../credential/jwe.ts'
import type { Refusal } from '../errors.ts'
import type { KeyRing } from '../platform/keys.ts'
import { ok, type Result, refuse } from '../result.ts'
import { responseEncs, responseKeyPair } from './response-encryption.ts'
import type { ByLink, OpenTransaction } from './transaction.ts'

type Keys = Pick<KeyRing, 'mac'>

/** A wallet's answer, tied to its transaction and not yet judged. */
export type WalletAnswer = {
  vpToken: Json | undefined
  /** Of the key that it was encrypted to (RFC 7638, SHA-256), in base64url. */
  jwkThumbprint: string
}
export type WalletError = { error: string }

/** OpenID4VP 1.0 8.5. Others are not repeated, for a wallet could write anything there. */
const walletErrors = [
  ...['access_denied', 'invalid_request', 'invalid_client', 'vp_formats_not_supported'],
  ...['invalid_request_uri_method', 'invalid_transaction_data', 'wallet_unavailable'],
]

const unusable = (detail: string) => refuse({ code: 'response_unusable' as const, detail })

/**
 * Reads the form posted to the response URI (OpenID4VP 1.0 8.3): an encrypted response, or an error in
 * the open. Whatever cannot be tied to the transaction is refused here, and nobody need judge it.
 */
export async function readResponse(
  { keys }: { keys: Keys },
  { encryptionSecret, state }: Pick<Extract<OpenTransaction, ByLink>, 'encryptionSecret' | 'state'>,
  form: ReadonlyMap<string, string>,
): Promise<Result<WalletAnswer | WalletError, Refusal>> {
  const response = form.get('response')
  const openError = form.get('error')
  if (response !== undefined && openError !== undefined) return notBoth
  if (openError !== undefined) {
    return form.get('state') === state ? ok(walletError(openError)) : wrongState
  }
  if (response === undefined) {
    return unusable('Send the encrypted response in the parameter response (direct_post.jwt).')
  }
  const decrypted = await decrypt(keys, encryptionSecret, response)
  if (!decrypted.ok) return decrypted
  const outside = form.get('state') ?? state
  if (decrypted.value.payload.state !== state || outside !== state) return wrongState
  return inside(decrypted.value)
}

/**
 * Reads the `data` that the browser gave to the page (OpenID4VP 1.0 A.4). That it belongs to this
 * transaction is said by the relying party, which brings it; there is no `state`.
 */
export async function readBrowserResponse(
  { keys }: { keys: Keys },
  { encryptionSecret }: Pick<OpenTransaction, 'encryptionSecret'>,
  { response, error }: JsonObject,
): Promise<Result<WalletAnswer | WalletError, Refusal>> {
  if (response !== undefined && error !== undefined) return notBoth
  if (error !== undefined) return ok(walletError(error))
  if (typeof response !== 'string') {
    return unusable('Send data as the browser gave it: with the encrypted response (dc_api.jwt).')
  }
  const decrypted = await decrypt(keys, encryptionSecret, response)
  return decrypted.ok ? inside(decrypted.value) : decrypted
}

type Decrypted = { payload: JsonObject; jwkThumbprint: string }

/** Why something does not decrypt is not told (8.3): it would help only who tries keys. */
async function decrypt(
  keys: Keys,
  encryptionSecret: string,
  response: string,
): Promise<Result<Decrypted, Refusal>> {
  const { publicJwk, privateKey } = await responseKeyPair(keys, encryptionSecret)
  const expected = { kid: publicJwk.kid, encs: responseEncs }
  const plaintext = await decryptJwe(response, privateKey, expected)
  const payload = plaintext && parseJsonObject(plaintext)
  return payload
    ? ok({ payload, jwkThumbprint: publicJwk.kid })
    : unusable('The response is no JSON object encrypted to the key in this request.')
}

function inside({
  payload: { error, vp_token: vpToken },
  jwkThumbprint,
}: Decrypted): Result<WalletAnswer | WalletError, Refusal> {
  if (error === undefined) return ok({ vpToken, jwkThumbprint })
  return vpToken === undefined
    ? ok(walletError(error))
    : unusable('Send a vp_token or an error, not both.')
}

const notBoth = unusable('Send a response or an error, not both.')
const wrongState = unusable('The state is not that of this request. Return it as it was sent.')

const walletError = (error: Json): WalletError => ({
  error: walletErrors.find((known) => known === error) ?? 'an error of its own',
})
