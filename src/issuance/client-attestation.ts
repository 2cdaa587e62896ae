import { calculateJwkThumbprint } from 'jose'
import { isJsonObject, type JsonObject, parseJsonObject } from '../credential/json.ts'
import { ecPublicJwk } from '../credential/jwk.ts'
import { type Jws, parseJws, verifyJws } from '../credential/jws.ts'
import { type TrustedCertificate, verifyChain } from '../credential/x509.ts'
import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type ProofId, staleness } from './freshness.ts'

/** The headers `OAuth-Client-Attestation` and `OAuth-Client-Attestation-PoP`. */
export type ClientAttestation = { attestation: string | undefined; pop: string | undefined }

export type ClientAttestationDeps = {
  /** The certificates that a chain may end in, as the registry has them at that instant. */
  trustAnchors(
    use: 'issuer_ca' | 'wallet_provider_ca',
    at: Date,
  ): Promise<readonly TrustedCertificate[]>
}

/** Who a wallet is by the word of its provider, and the proof by which it said so. */
export type AttestedClient = { clientId: string; pop: ProofId }

/**
 * Authenticates a wallet by the attestation of its provider
 * (draft-ietf-oauth-attestation-based-client-auth-07), all but whether the PoP was used before: it
 * still has to be spent.
 */
export async function authenticateClient(
  deps: ClientAttestationDeps,
  { attestation, pop }: ClientAttestation,
  authorizationServer: string,
  at: Date,
): Promise<Result<AttestedClient, Refusal<'client_not_attested'>>> {
  const attested = await verifyAttestation(deps, attestation ?? '', at)
  if (!attested.ok) return rejected('attestation', attested.error)
  const proven = await verifyPop(pop ?? '', attested.value, authorizationServer, at)
  if (!proven.ok) return rejected('attestation PoP', proven.error)
  return ok({ clientId: attested.value.clientId, pop: proven.value })
}

const rejected = (what: string, why: string) =>
  refuse({ code: 'client_not_attested' as const, detail: `The client ${what} is no good: ${why}` })

/** What is said of a PoP that was spent before. */
export const popSpent = rejected('attestation PoP', 'it was used before. Make a new one each time.')

type Attested = { clientId: string; key: NonNullable<ReturnType<typeof ecPublicJwk>> }

async function verifyAttestation(
  deps: ClientAttestationDeps,
  attestation: string,
  at: Date,
): Promise<Result<Attested, string>> {
  const jwt = parseJwt(attestation, 'oauth-client-attestation+jwt')
  if (!jwt) return refuse('it is missing, or not a JWT of typ oauth-client-attestation+jwt.')
  const anchors = await deps.trustAnchors('wallet_provider_ca', at)
  const chain = await verifyChain(jwt.header.x5c, anchors, at, 'wallet-attestation')
  if (!chain.ok) return refuse(`${chain.error} Its x5c must lead to a known wallet provider.`)
  if (!(await verifyJws(jwt, chain.value.leafKey))) return refuse('the signature does not verify.')
  const { sub, exp, nbf, cnf } = jwt.claims
  if (typeof sub !== 'string' || sub === '') return refuse('sub is missing.')
  const now = at.getTime() / 1000
  if (typeof exp !== 'number' || exp <= now) return refuse('exp is missing or has passed.')
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + 60)) {
    return refuse('nbf is not reached.')
  }
  const key = ecPublicJwk(isJsonObject(cnf) ? cnf.jwk : undefined)
  return key ? ok({ clientId: sub, key }) : refuse('cnf.jwk is not a public P-256 key.')
}

/** The proof that the wallet holds the attested key. */
async function verifyPop(
  pop: string,
  { clientId, key }: Attested,
  audience: string,
  at: Date,
): Promise<Result<ProofId, string>> {
  const jwt = parseJwt(pop, 'oauth-client-attestation-pop+jwt')
  if (!jwt) return refuse('it is missing, or not a JWT of typ oauth-client-attestation-pop+jwt.')
  if (!(await verifyJws(jwt, key))) return refuse('it is not signed with the attested key.')
  const { iss, aud, jti } = jwt.claims
  if (iss !== undefined && iss !== clientId) return refuse('iss is not the attested sub.')
  if (!(Array.isArray(aud) ? aud : [aud]).includes(audience)) {
    return refuse(`aud must be ${audience}`)
  }
  const stale = staleness(jwt.claims, at)
  if (stale) return refuse(stale)
  if (typeof jti !== 'string' || jti === '') return refuse('jti is missing.')
  return ok({ key: await calculateJwkThumbprint(key), jti })
}

function parseJwt(compact: string, typ: string): (Jws & { claims: JsonObject }) | undefined {
  const jws = parseJws(compact)
  const claims = jws && parseJsonObject(jws.payload)
  return jws && claims && jws.header.typ === typ ? { ...jws, claims } : undefined
}
