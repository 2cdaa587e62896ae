import { encodeBase64url } from '../credential/base64url.ts'
import { digestText } from '../credential/digest.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import { shortId } from '../trust/entity-id.ts'
import { keyPairOfApiKey, type RelyingPartyKeyStore } from './relying-party-keys.ts'

/** The API key of a sandbox relying party. It is made of our own secret whenever it is needed. */
export async function sandboxApiKey(keys: Pick<KeyRing, 'mac'>, id: string): Promise<string> {
  const label = new TextEncoder().encode(`sandbox-api-key:${id}`)
  return encodeBase64url(await keys.mac('sandbox', label))
}

/** Lets relying parties of the sandbox, by their entity identifiers, in with their keys. */
export async function ensureSandboxApiKeys(
  deps: {
    clock: Clock
    keys: Pick<KeyRing, 'mac'>
    relyingPartyKeys: Pick<RelyingPartyKeyStore, 'add'>
  },
  relyingParties: readonly string[],
): Promise<void> {
  for (const relyingParty of relyingParties) {
    const apiKey = await sandboxApiKey(deps.keys, shortId(relyingParty))
    await deps.relyingPartyKeys.add({
      keyHash: await digestText(apiKey),
      relyingParty,
      publicJwk: (await keyPairOfApiKey(apiKey)).publicJwk,
      createdAt: deps.clock(),
    })
  }
}
