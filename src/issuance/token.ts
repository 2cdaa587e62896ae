import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type AccessTokenDeps, createAccessToken, tokenLifetime } from './access-token.ts'
import { grantFor, parseAuthorizationDetails } from './authorization-details.ts'
import {
  authenticateClient,
  type ClientAttestation,
  type ClientAttestationDeps,
} from './client-attestation.ts'
import { preAuthorizedCodeGrant } from './credential-offer.ts'
import { verifyDpopProof } from './dpop.ts'
import { credentialIdentifier, type Grant, openGrant } from './grant.ts'
import { endpoints, type Issuer } from './issuer.ts'
import { hashOfSecret, hashOfTxCode } from './secret.ts'

/** Spends a code; else says, having changed nothing but the count of wrong guesses, why not. */
export type RedeemCode = (asked: {
  issuer: string
  codeHash: string
  txCodeHash: string | undefined
  now: Date
}) => Promise<
  { sealedGrant: string } | 'unknown' | 'tx_code_missing' | 'tx_code_unexpected' | 'tx_code_wrong'
>

export type TokenDeps = AccessTokenDeps & ClientAttestationDeps & { offers: { redeem: RedeemCode } }

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
 * The code is spent after every other check of the request, so that what is refused for another
 * reason can be mended and sent again. (Only what the code opens tells whether details fit it.)
 */
export async function requestToken(
  deps: TokenDeps,
  issuer: Issuer,
  request: TokenRequest,
): Promise<Result<TokenResponse, TokenRefusal>> {
  const grantType = request.parameters.get('grant_type')
  if (grantType === undefined) return malformed('grant_type is missing.')
  if (grantType !== preAuthorizedCodeGrant) {
    return refuse({
      code: 'grant_type_unsupported',
      detail: `The only grant type here is ${preAuthorizedCodeGrant}.`,
    })
  }
  const client = await clientOf(deps, issuer, request)
  if (!client.ok) return client
  const details = parseAuthorizationDetails(request.parameters.get('authorization_details'))
  if (!details.ok) return details
  const jkt = await dpopKeyOf(deps, issuer, request.dpop)
  if (!jkt.ok) return jkt
  const redeemed = await redeem(deps, issuer, request.parameters)
  if (!redeemed.ok) return redeemed
  const grant = grantFor(redeemed.value, details.value, client.value)
  if (!grant.ok) return grant

  return ok({
    access_token: await createAccessToken(deps, issuer, grant.value, jkt.value),
    token_type: jkt.value === undefined ? 'Bearer' : 'DPoP',
    expires_in: tokenLifetime,
    ...(grant.value.byIdentifier && {
      authorization_details: grant.value.configurationIds.map((id) => ({
        type: 'openid_credential' as const,
        credential_configuration_id: id,
        credential_identifiers: [credentialIdentifier(id)],
      })),
    }),
  })
}

/** Who asks: attested, or by its own word, or nobody. What is attested must not be contradicted. */
async function clientOf(
  deps: TokenDeps,
  issuer: Issuer,
  { parameters, clientAttestation }: TokenRequest,
): Promise<Result<string | undefined, Refusal<'client_not_attested'>>> {
  const claimed = parameters.get('client_id')
  const { attestation, pop } = clientAttestation
  if (attestation === undefined && pop === undefined) return ok(claimed)
  const attested = await authenticateClient(deps, clientAttestation, issuer.id, deps.clock())
  if (!attested.ok || claimed === undefined || claimed === attested.value) return attested
  return refuse({
    code: 'client_not_attested',
    detail: 'client_id is not the sub of the client attestation.',
  })
}

async function dpopKeyOf(
  deps: TokenDeps,
  issuer: Issuer,
  proof: string | undefined,
): Promise<Result<string | undefined, Refusal<'dpop_proof_rejected'>>> {
  if (proof === undefined) return ok(undefined)
  const request = { method: 'POST', url: endpoints(issuer).token }
  const jkt = await verifyDpopProof(deps, proof, request, deps.clock())
  if (jkt.ok) return jkt
  const detail = `The DPoP proof is no good. ${jkt.error}`
  return refuse({ code: 'dpop_proof_rejected', detail })
}

async function redeem(
  { clock, offers }: TokenDeps,
  issuer: Issuer,
  parameters: ReadonlyMap<string, string>,
): Promise<Result<Grant, TokenRefusal>> {
  const code = parameters.get('pre-authorized_code')
  if (code === undefined) return malformed('pre-authorized_code is missing.')
  const txCode = parameters.get('tx_code')
  const redeemed = await offers.redeem({
    issuer: issuer.cc,
    codeHash: await hashOfSecret(code),
    txCodeHash: txCode === undefined ? undefined : await hashOfTxCode(code, txCode),
    now: clock(),
  })
  if (typeof redeemed === 'object') return ok(await openGrant(code, redeemed.sealedGrant))
  return refuse(whyNot[redeemed])
}

const whyNot = {
  unknown: {
    code: 'code_not_redeemable',
    detail: 'The pre-authorized code is unknown, expired, used, or dead. Ask for a new offer.',
  },
  tx_code_missing: { code: 'tx_code_missing', detail: 'This offer asks for a tx_code. Send it.' },
  tx_code_unexpected: {
    code: 'tx_code_unexpected',
    detail: 'This offer asks for no tx_code. Send none.',
  },
  tx_code_wrong: {
    code: 'tx_code_wrong',
    detail: 'The tx_code is wrong. After five wrong ones the offer is dead.',
  },
} as const satisfies Record<string, TokenRefusal>

const malformed = (detail: string) => refuse({ code: 'malformed_request' as const, detail })
