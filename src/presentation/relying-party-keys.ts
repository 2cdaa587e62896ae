import type { JWK } from 'jose'
import { decodeBase64url } from '../credential/base64url.ts'
import { digestText } from '../credential/digest.ts'
import { keyPairFromSeed } from '../credential/jwe.ts'

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
