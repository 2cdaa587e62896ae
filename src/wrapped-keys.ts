import { openUnder, sealUnder } from './credential/jwe.ts'
import type { PurposeJwk } from './platform/jwk-key-ring.ts'

/** A private key at rest on Workers: a JWE that the secret `KEYS_KEK` opens. */
export type WrappedKey = { kid: string; box: string }

/** The name of the key is part of what is sealed: a box cannot be put under another name. */
const contextOf = (kid: string) => `gateway-key:${kid}`

export const wrapKey = async (kek: string, key: PurposeJwk): Promise<WrappedKey> => ({
  kid: key.kid,
  box: await sealUnder(kek, contextOf(key.kid), JSON.stringify(key)),
})

/** The JWK Set as `KEYS_JWKS` would hold it. Throws when a box does not open: another `KEYS_KEK`. */
export async function unwrapKeys(kek: string, wrapped: readonly WrappedKey[]): Promise<string> {
  const keys = await Promise.all(
    wrapped.map(async ({ kid, box }) => {
      const opened = await openUnder(kek, contextOf(kid), box)
      if (opened === undefined) throw new Error(`KEYS_KEK does not open the key ${kid}`)
      return opened
    }),
  )
  return `{"keys":[${keys.join(',')}]}`
}
