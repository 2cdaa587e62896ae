import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type AccessTokenDeps, createAccessToken, tokenLifetime } from './access-token.ts'
import { grantFor, parseAuthorizationDetails } from './authorization-details.ts'
import {
  type AttestedClient,
  authenticateClient,
  type ClientAttestation,
  type ClientAttestationDeps,
  popSpent,
} from './client-attestation.ts'
import { preAuthorizedCodeGrant } from './credential-offer.ts'
import { proofSpent, verifyDpopProof } from './dpop.ts'
import { type ProofId, spendProof } from './freshness.ts'
import { credentialIdentifier, type Grant } from './grant.ts'
import { endpoints, type Issuer } from './issuer.ts'
import { type CodeStore, type PresentedCode, readCode, redeemCode } from './pre-authorized-code.ts'

export type TokenDeps = AccessTokenDeps & ClientAttestationDeps & { offers: CodeStore }

export type TokenRequest = {
  parameters: ReadonlyMap<string, string>
  dpop: string | undefined
  clientAttestation: ClientAttestation
}

/** A token response as wallets read it (OpenID4VCI 1.0 6.2). */
export type TokenResponse = {
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  expires_in: number
  authorization_details?: {
    type: 'openid_credential'
    credential_configuration_id: string
    credential_identifiers: string[]
  }[]
}

type TokenRefusal = Refusal<
  | 'malformed_request'
  | 'grant_type_unsupported'
  | 'client_not_attested'
  | 'dpop_proof_rejected'
  | 'authorization_details_invalid'
  | 'code_not_redeemable'
  | 'tx_code_missing'
  | 'tx_code_unexpected'
  | 'tx_code_wrong'
>

/**
 * The token endpoint (OpenID4VCI 1.0 6), for the pre-authorized code.
 *
 * Nothing is written before every check of the request has passed, so that one that is refused can be
 * mended and sent again, and one without a code leaves no trace. Then its proofs are spent, and the
 * code last: a wrong transaction code costs a guess and the proofs.
 */
export async function requestToken(
  deps: TokenDeps,
  issuer: Issuer,
  request: TokenRequest,
): Promise<Result<TokenResponse, TokenRefusal>> {
  const at = deps.clock()
  const code = codeIn(request.parameters)
  if (!code.ok) return code
  const client = await clientOf(deps, issuer, request, at)
  if (!client.ok) return client
  const details = parseAuthorizationDetails(request.parameters.get('authorization_details'))
  if (!details.ok) return details
  const dpop = await dpopProofOf(issuer, request.dpop, at)
  if (!dpop.ok) return dpop
  const offered = await readCode(deps, issuer, code.value, at)
  if (!offered.ok) return offered
  const grant = grantFor(offered.value, details.value, client.value.clientId)
  if (!grant.ok) return grant

  const spent = await spendProofs(deps, client.value.pop, dpop.value, at)
  if (!spent.ok) return spent
  const redeemed = await redeemCode(deps, issuer, code.value, at)
  if (!redeemed.ok) return redeemed
  const jkt = dpop.value?.key
  return ok(
    tokenResponse(await createAccessToken(deps, issuer, grant.value, jkt), jkt, grant.value),
  )
}

function tokenResponse(accessToken: string, jkt: string | undefined, grant: Grant): TokenResponse {
  return {
    access_token: accessToken,
    token_type: jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: tokenLifetime,
    ...(grant.byIdentifier && {
      authorization_details: grant.configurationIds.map((id) => ({
        type: 'openid_credential' as const,
        credential_configuration_id: id,
        credential_identifiers: [credentialIdentifier(id)],
      })),
    }),
  }
}

function codeIn(
  parameters: ReadonlyMap<string, string>,
): Result<PresentedCode, Refusal<'malformed_request' | 'grant_type_unsupported'>> {
  const grantType = parameters.get('grant_type')
  if (grantType === undefined) return malformed('grant_type is missing.')
  if (grantType !== preAuthorizedCodeGrant) {
    const detail = `The only grant type here is ${preAuthorizedCodeGrant}.`
    return refuse({ code: 'grant_type_unsupported', detail })
  }
  const code = parameters.get('pre-authorized_code')
  if (code === undefined) return malformed('pre-authorized_code is missing.')
  return ok({ code, txCode: parameters.get('tx_code') })
}

/** Who asks: attested, or by its own word, or nobody. What is attested must not be contradicted. */
async function clientOf(
  deps: TokenDeps,
  issuer: Issuer,
  { parameters, clientAttestation }: TokenRequest,
  at: Date,
): Promise<Result<Partial<AttestedClient>, Refusal<'client_not_attested'>>> {
  const claimed = parameters.get('client_id')
  const { attestation, pop } = clientAttestation
  if (attestation === undefined && pop === undefined) {
    return ok(claimed === undefined ? {} : { clientId: claimed })
  }
  const attested = await authenticateClient(deps, clientAttestation, issuer.id, at)
  if (!attested.ok || claimed === undefined || claimed === attested.value.clientId) return attested
  return refuse({
    code: 'client_not_attested',
    detail: 'client_id is not the sub of the client attestation.',
  })
}

async function dpopProofOf(
  issuer: Issuer,
  proof: string | undefined,
  at: Date,
): Promise<Result<ProofId | undefined, Refusal<'dpop_proof_rejected'>>> {
  if (proof === undefined) return ok(undefined)
  const request = { method: 'POST', url: endpoints(issuer).token }
  const verified = await verifyDpopProof(proof, request, at)
  return verified.ok ? verified : badDpopProof(verified.error)
}

async function spendProofs(
  { rememberProof }: TokenDeps,
  pop: ProofId | undefined,
  dpop: ProofId | undefined,
  at: Date,
): Promise<Result<void, Refusal<'client_not_attested' | 'dpop_proof_rejected'>>> {
  if (pop && !(await spendProof(rememberProof, pop, at))) return popSpent
  if (dpop && !(await spendProof(rememberProof, dpop, at))) return badDpopProof(proofSpent)
  return ok(undefined)
}

const badDpopProof = (why: string) =>
  refuse({ code: 'dpop_proof_rejected' as const, detail: `The DPoP proof is no good. ${why}` })

const malformed = (detail: string) => refuse({ code: 'malformed_request' as const, detail })
