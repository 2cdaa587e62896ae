import { openUnder, sealUnder } from '../credential/jwe.ts'

/** Whether a credential is to be good now; the other two exist so that refusals can be shown. */
export type Validity = 'current' | 'expired' | 'not-yet-valid'

/** What may be fetched, and about whom. */
export type Grant = {
  persona: string
  configurationIds: string[]
  validity: Validity
  /** The token response named `credential_identifiers`, so the wallet must use them. */
  byIdentifier?: true
  /** The client that got the token; absent when it was anonymous. */
  clientId?: string
}

const context = 'gerbang grant 1'

/**
 * Locks a grant under the code or token that carries it, so that the database alone does not say for
 * whom something was issued.
 */
export const sealGrant = (secret: string, grant: Grant): Promise<string> =>
  sealUnder(secret, context, JSON.stringify(grant))

/** Throws when the box does not open: it was found by the hash of this very secret. */
export async function openGrant(secret: string, box: string): Promise<Grant> {
  const text = await openUnder(secret, context, box)
  if (text === undefined) throw new Error('a sealed grant does not open under its own secret')
  return JSON.parse(text) as Grant
}

/** The credential identifier (OpenID4VCI 1.0 6.2) of the one dataset there is per configuration. */
export const credentialIdentifier = (configurationId: string): string => `${configurationId}:self`
