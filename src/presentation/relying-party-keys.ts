import type { JWK } from 'jose'
import { decodeBase64url, encodeBase64url } from '../credential/base64url.ts'
import { digestText } from '../credential/digest.ts'
import { keyPairFromSeed } from '../credential/jwe.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'

/**
 * What we keep of an API key. Neither gives the key away: the hash finds whose it is, and results are
 * encrypted to the public key, so that what lies in the database can be read with the API key alone.
 */
export type RelyingPartyKey = {
  keyHash: string
  /** Entity identifier. */
  relyingParty: string
  publicJwk: JWK
  createdAt: Date
}

export type RelyingPartyKeyStore = {
  /** Leaves one that is there already as it is. */
  add(key: RelyingPartyKey): Promise<void>
  /** Only among those that are not revoked. */
  find(keyHash: string): Promise<RelyingPartyKey | undefined>
  active(relyingParty: string): Promise<RelyingPartyKey[]>
}

/** 256 random bits in base64url: anything else was never an API key. */
const seedOf = (apiKey: string) => (apiKey.length === 43 ? decodeBase64url(apiKey) : undefined)

/** The hash under which we know an API key; undefined for what cannot be one. */
export async function hashOfApiKey(apiKey: string): Promise<string | undefined> {
  return seedOf(apiKey) && digestText(apiKey)
}

/** The key that opens what was encrypted to its owner: only who has the API key can make it. */
export async function keyPairOfApiKey(apiKey: string) {
  const seed = seedOf(apiKey)
  if (!seed) throw new Error('not an API key')
  return keyPairFromSeed(seed)
}

const utf8 = new TextEncoder()

/** The API key of a sandbox relying party. It is made of our own secret whenever it is needed. */
export async function sandboxApiKey(keys: Pick<KeyRing, 'mac'>, id: string): Promise<string> {
  return encodeBase64url(await keys.mac('secrets', utf8.encode(`sandbox-api-key:${id}`)))
}

/** Lets relying parties of the sandbox, by their entity identifiers, in with their keys. */
export async function ensureRelyingPartyKeys(
  deps: { clock: Clock; keys: Pick<KeyRing, 'mac'>; relyingPartyKeys: RelyingPartyKeyStore },
  relyingParties: readonly { id: string }[],
): Promise<void> {
  for (const { id: relyingParty } of relyingParties) {
    const apiKey = await sandboxApiKey(deps.keys, shortId(relyingParty))
    await deps.relyingPartyKeys.add({
      keyHash: await digestText(apiKey),
      relyingParty,
      publicJwk: (await keyPairOfApiKey(apiKey)).publicJwk,
      createdAt: deps.clock(),
    })
  }
}

/** The last segment of a relying party's entity identifier: what people and our keys call it. */
export const shortId = (entityId: string): string => entityId.slice(entityId.lastIndexOf('/') + 1)
