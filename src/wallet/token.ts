import * as z from 'zod/mini'
import type { JsonObject } from '../credential/json.ts'
import type { TokenSender } from './dpop.ts'
import { form, insistJson } from './http.ts'
import type { AuthorizationServerMetadata } from './metadata.ts'
import { type CredentialOffer, preAuthorizedCodeGrant } from './offer.ts'
import { insist, insistShape } from './rule.ts'

const TokenResponse = z.object({
  access_token: z.string(),
  token_type: z.string(),
  authorization_details: z.optional(
    z.array(
      z.object({
        credential_configuration_id: z.optional(z.string()),
        credential_identifiers: z.optional(z.array(z.string()).check(z.minLength(1))),
      }),
    ),
  ),
})
export type TokenResponse = z.infer<typeof TokenResponse>

/** Exchanges the code for an access token (OpenID4VCI 1.0 6.1). */
export async function redeemCode(
  sender: TokenSender,
  server: AuthorizationServerMetadata,
  offer: CredentialOffer,
  txCode: string | undefined,
): Promise<TokenResponse> {
  insist(
    !offer.wantsTxCode || txCode !== undefined,
    'The offer asks for a transaction code (OpenID4VCI 1.0 4.1.1), and none was given to the wallet',
  )
  const answer = await sender.send(
    server.token_endpoint,
    form({
      grant_type: preAuthorizedCodeGrant,
      'pre-authorized_code': offer.preAuthorizedCode,
      ...(offer.wantsTxCode && txCode !== undefined && { tx_code: txCode }),
    }),
  )
  const what = 'The token response'
  const token = insistShape(TokenResponse, insistJson(answer, what), what)
  insist(
    token.token_type.toLowerCase() === sender.tokenType.toLowerCase(),
    `The access token is ${token.token_type}, not ${sender.tokenType}`,
  )
  return token
}

/** OpenID4VCI 1.0 8.2: by its identifiers where the token response has any, else by configuration. */
export function credentialNames(token: TokenResponse, configurationId: string): JsonObject[] {
  const details = token.authorization_details ?? []
  const identifiers = details
    .filter((detail) => detail.credential_configuration_id === configurationId)
    .flatMap((detail) => detail.credential_identifiers ?? [])
  return identifiers.length > 0
    ? identifiers.map((identifier) => ({ credential_identifier: identifier }))
    : [{ credential_configuration_id: configurationId }]
}
