import type { StateProfile } from '../providers/profile.ts'

/** A state's Credential Issuer, which is its own authorization server too. */
export type Issuer = {
  /** ISO 3166-1 alpha-2, lower case. */
  cc: string
  /** The Credential Issuer Identifier, and the `issuer` of the authorization server. */
  id: string
  state: StateProfile
}

export type IssuerDeps = { origin: string; states: ReadonlyMap<string, StateProfile> }

export function findIssuer({ origin, states }: IssuerDeps, cc: string): Issuer | undefined {
  const state = states.get(cc)
  return state && { cc, id: issuerId({ origin }, cc), state }
}

/** The entity identifier of a state's issuer. */
export const issuerId = ({ origin }: Pick<IssuerDeps, 'origin'>, cc: string): string =>
  `${origin}/issuers/${cc}`

/** Where an issuer's endpoints are. Wallets find them in the metadata. */
export const endpoints = (issuer: Pick<Issuer, 'id'>) => ({
  token: `${issuer.id}/token`,
  nonce: `${issuer.id}/nonce`,
  credential: `${issuer.id}/credential`,
})
