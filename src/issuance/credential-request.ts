import { isJsonObject, type Json } from '../credential/json.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type CredentialConfiguration, findConfiguration } from './credential-configurations.ts'
import type { RememberProof } from './freshness.ts'
import { credentialIdentifier, type Grant } from './grant.ts'
import { type IssueDeps, issueCredential } from './issue.ts'
import type { Issuer } from './issuer.ts'
import { type KeyProof, verifyKeyProof } from './key-proof.ts'
import { spendNonce } from './nonce.ts'

/** A credential request (OpenID4VCI 1.0 8.2), of which only the shape of the ids was checked. */
export type CredentialRequest = {
  credentialConfigurationId?: string | undefined
  credentialIdentifier?: string | undefined
  proofs?: unknown
  credentialResponseEncryption?: unknown
}

export type CredentialRequestDeps = IssueDeps & { clock: Clock; rememberProof: RememberProof }

type CredentialRefusal = Refusal<
  | 'credential_request_malformed'
  | 'credential_configuration_unknown'
  | 'credential_identifier_unknown'
  | 'credential_not_granted'
  | 'encryption_not_supported'
  | 'key_proof_rejected'
  | 'nonce_not_fresh'
>

/**
 * The credential endpoint (OpenID4VCI 1.0 8): one proven key, one credential bound to it.
 *
 * The nonce is spent after all that can be refused was checked, and before anything is made.
 */
export async function requestCredential(
  deps: CredentialRequestDeps,
  issuer: Issuer,
  grant: Grant,
  request: CredentialRequest,
): Promise<Result<string, CredentialRefusal>> {
  const configuration = chosen(request, grant)
  if (!configuration.ok) return configuration
  const persona = issuer.state.personas.find(({ id }) => id === grant.persona)
  if (!persona) {
    return refuse({
      code: 'credential_not_granted',
      detail: 'This person is no longer known here.',
    })
  }
  if (request.credentialResponseEncryption !== undefined) {
    const detail = 'Encrypted responses are not supported, as the metadata says.'
    return refuse({ code: 'encryption_not_supported', detail })
  }
  const at = deps.clock()
  const proof = await provenKey(request.proofs, issuer, grant, at)
  if (!proof.ok) return refuse({ code: 'key_proof_rejected', detail: proof.error })
  const { holderKey, nonce } = proof.value
  if (!(await spendNonce(deps, issuer.id, nonce, at))) {
    const detail = 'The nonce is unknown here, used, or expired. Get one at the nonce endpoint.'
    return refuse({ code: 'nonce_not_fresh', detail })
  }
  const { validity } = grant
  const about = { issuer, configuration: configuration.value, persona, validity, holderKey }
  return ok(await issueCredential(deps, about, at))
}

/** Exactly one of the two ids, the one that the token response called for (8.2). */
function chosen(
  { credentialConfigurationId, credentialIdentifier: identifier }: CredentialRequest,
  { configurationIds, byIdentifier }: Grant,
): Result<CredentialConfiguration, CredentialRefusal> {
  if ((credentialConfigurationId === undefined) === (identifier === undefined)) {
    return malformed('Send exactly one of credential_configuration_id and credential_identifier.')
  }
  if (identifier !== undefined) {
    const id = byIdentifier && configurationIds.find((c) => credentialIdentifier(c) === identifier)
    const configuration = id && findConfiguration(id)
    if (configuration) return ok(configuration)
    const detail = 'The token response did not name this credential_identifier.'
    return refuse({ code: 'credential_identifier_unknown', detail })
  }
  const configuration = findConfiguration(credentialConfigurationId ?? '')
  if (!configuration) {
    const detail = 'The metadata have no such credential_configuration_id.'
    return refuse({ code: 'credential_configuration_unknown', detail })
  }
  if (byIdentifier) {
    return malformed('The token response named credential identifiers. Send one of them.')
  }
  if (configurationIds.includes(configuration.id)) return ok(configuration)
  const detail = 'The access token is for other credentials.'
  return refuse({ code: 'credential_not_granted', detail })
}

/** `proofs` with one proof of type `jwt`, which is good. There are no batches yet. */
async function provenKey(
  proofs: unknown,
  issuer: Issuer,
  { clientId }: Grant,
  at: Date,
): Promise<Result<KeyProof, string>> {
  const [[type, values] = [], another] = isJsonObject(proofs) ? Object.entries(proofs) : []
  if (type !== 'jwt' || another) return refuse('Send proofs with a proof of the type jwt alone.')
  const [jwt, ...more]: Json[] = Array.isArray(values) ? values : []
  if (typeof jwt !== 'string' || more.length > 0) {
    return refuse('proofs.jwt must be an array with exactly one JWT.')
  }
  return verifyKeyProof(jwt, { issuer: issuer.id, clientId, at })
}

const malformed = (detail: string) =>
  refuse({ code: 'credential_request_malformed' as const, detail })
