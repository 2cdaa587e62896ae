import * as z from 'zod/mini'
import { type Fetch, insistJson, send } from './http.ts'
import type { CredentialOffer } from './offer.ts'
import { insist, insistShape, insistUrl } from './rule.ts'

const Encryption = z.optional(z.object({ encryption_required: z.boolean() }))
const CredentialConfiguration = z.object({
  format: z.string(),
  vct: z.optional(z.string()),
  doctype: z.optional(z.string()),
  cryptographic_binding_methods_supported: z.optional(z.array(z.string())),
  proof_types_supported: z.optional(
    z.object({
      jwt: z.optional(z.object({ proof_signing_alg_values_supported: z.array(z.string()) })),
    }),
  ),
})
const IssuerMetadata = z.object({
  credential_issuer: z.string(),
  authorization_servers: z.optional(z.array(z.string()).check(z.minLength(1))),
  credential_endpoint: z.string(),
  nonce_endpoint: z.optional(z.string()),
  credential_request_encryption: Encryption,
  credential_response_encryption: Encryption,
  credential_configurations_supported: z.record(z.string(), CredentialConfiguration),
})
const AuthorizationServerMetadata = z.object({
  issuer: z.string(),
  token_endpoint: z.string(),
  'pre-authorized_grant_anonymous_access_supported': z.optional(z.boolean()),
})

export type CredentialConfiguration = z.infer<typeof CredentialConfiguration>
export type IssuerMetadata = z.infer<typeof IssuerMetadata>
export type AuthorizationServerMetadata = z.infer<typeof AuthorizationServerMetadata>

/** Where an identifier's metadata lies: the well-known segment goes between host and path (RFC 8414 3.1, OpenID4VCI 1.0 12.2.2). */
export function wellKnown(identifier: string, name: string): string {
  const { origin, pathname } = new URL(identifier)
  return `${origin}/.well-known/${name}${pathname.replace(/\/$/, '')}`
}

/** The Credential Issuer metadata (OpenID4VCI 1.0 12.2), of the very issuer that was asked for. */
export async function discoverIssuer(fetch: Fetch, identifier: string): Promise<IssuerMetadata> {
  insistUrl(identifier, 'The credential issuer identifier')
  const url = wellKnown(identifier, 'openid-credential-issuer')
  const answer = await send(fetch, url, { headers: { accept: 'application/json' } })
  const what = 'The credential issuer metadata'
  const metadata = insistShape(IssuerMetadata, insistJson(answer, what), what)
  insist(
    metadata.credential_issuer === identifier,
    'The metadata is of another credential issuer than the offer names (OpenID4VCI 1.0 12.2.4)',
  )
  const { credential_request_encryption: request, credential_response_encryption: response } =
    metadata
  insist(
    !request?.encryption_required && !response?.encryption_required,
    'The issuer requires encrypted credential requests or responses, which this wallet does not speak',
  )
  return metadata
}

/** The metadata (RFC 8414) of the authorization server that the offer's grant is to be redeemed at. */
export async function discoverAuthorizationServer(
  fetch: Fetch,
  issuer: IssuerMetadata,
  offer: CredentialOffer,
): Promise<AuthorizationServerMetadata> {
  const identifier = authorizationServerOf(issuer, offer)
  insistUrl(identifier, 'The authorization server identifier')
  const answer = await send(fetch, wellKnown(identifier, 'oauth-authorization-server'))
  const what = 'The authorization server metadata'
  const metadata = insistShape(AuthorizationServerMetadata, insistJson(answer, what), what)
  insist(
    metadata.issuer === identifier,
    'The metadata is of another authorization server than was asked for (RFC 8414 3.3)',
  )
  insist(
    metadata['pre-authorized_grant_anonymous_access_supported'],
    'The authorization server does not say that it takes a pre-authorized code without a client_id (OpenID4VCI 1.0 12.3)',
  )
  return metadata
}

/** OpenID4VCI 1.0 4.1.1: the grant may point at one of several servers, and only at one of those. */
function authorizationServerOf(issuer: IssuerMetadata, offer: CredentialOffer): string {
  const servers = issuer.authorization_servers ?? [issuer.credential_issuer]
  const { authorizationServer: named } = offer
  if (named === undefined) return servers[0] ?? issuer.credential_issuer
  insist(
    servers.length > 1 && servers.includes(named),
    'The offer points at an authorization server that the issuer metadata does not list among several (OpenID4VCI 1.0 4.1.1)',
  )
  return named
}
