import { type JsonObject, parseJsonObject } from '../credential/json.ts'
import { decryptJwe, encryptJwe } from '../credential/jwe.ts'
import { hashOfApiKey, keyPairOfApiKey, type RelyingPartyKey } from './relying-party-keys.ts'

/** A result that only one API key opens (JWE, ECDH-ES on P-256, A256GCM). */
export type SealedResult = { keyHash: string; jwe: string }

const enc = 'A256GCM'

/** Seals a result for its relying party: once for each of its API keys, and to nobody else. */
export async function sealResult(
  result: JsonObject,
  keys: readonly RelyingPartyKey[],
): Promise<SealedResult[]> {
  const plaintext = JSON.stringify(result)
  return Promise.all(
    keys.map(async ({ keyHash, publicJwk }) => ({
      keyHash,
      jwe: await encryptJwe(plaintext, publicJwk, enc),
    })),
  )
}

/** Opens a result with an API key; undefined where it was not sealed to that one. */
export async function openResult(
  sealed: readonly SealedResult[],
  apiKey: string,
): Promise<JsonObject | undefined> {
  const keyHash = await hashOfApiKey(apiKey)
  const mine = sealed.find((each) => each.keyHash === keyHash)
  if (!mine) return undefined
  const { privateKey } = await keyPairOfApiKey(apiKey)
  const plaintext = await decryptJwe(mine.jwe, privateKey, { encs: [enc] })
  return plaintext && parseJsonObject(plaintext)
}
