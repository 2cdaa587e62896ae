import { type Context, Hono } from 'hono'
import * as z from 'zod/mini'
import type { Refusal } from '../errors.ts'
import { type AccessTokenDeps, authorizeAccess } from '../issuance/access-token.ts'
import { type OfferDeps, readOffer } from '../issuance/credential-offer.ts'
import { type CredentialRequestDeps, requestCredential } from '../issuance/credential-request.ts'
import { endpoints, findIssuer, type Issuer, type IssuerDeps } from '../issuance/issuer.ts'
import {
  authorizationServerMetadata,
  issuerMetadata,
  jwtVcIssuerMetadata,
} from '../issuance/metadata.ts'
import { createNonce } from '../issuance/nonce.ts'
import { requestToken, type TokenDeps } from '../issuance/token.ts'
import { readForm, readJson } from './body.ts'
import { crossOrigin } from './cross-origin.ts'
import { oauthError } from './render.ts'

export type IssuerRoutesDeps = IssuerDeps &
  Pick<OfferDeps, 'offers'> &
  TokenDeps &
  AccessTokenDeps &
  CredentialRequestDeps

/** Members that we do not know are ignored (OpenID4VCI 1.0 8.2); `proofs` has its own error code. */
const CredentialRequest = z.object({
  credential_configuration_id: z.optional(z.string()),
  credential_identifier: z.optional(z.string()),
  proofs: z.optional(z.unknown()),
  credential_response_encryption: z.optional(z.unknown()),
})

type Env = { Variables: { issuer: Issuer } }

/** `/issuers/{cc}` and its discovery documents: OpenID4VCI 1.0, one Credential Issuer per state. */
export function issuerRoutes(deps: IssuerRoutesDeps) {
  const routes = new Hono<Env>()
  for (const path of ['/issuers/:cc/*', '/.well-known/:document/issuers/:cc']) {
    routes.use(path, crossOrigin({ origin: '*', exposeHeaders: ['WWW-Authenticate'] }))
    routes.use(path, async function knownIssuer(c, next) {
      const issuer = findIssuer(deps, c.req.param('cc') ?? '')
      if (!issuer) return oauthError({ code: 'not_found', detail: 'There is no such issuer.' })
      c.set('issuer', issuer)
      return next()
    })
  }

  return routes
    .get('/.well-known/openid-credential-issuer/issuers/:cc', (c) =>
      document(c, issuerMetadata(c.get('issuer'))),
    )
    .get('/.well-known/oauth-authorization-server/issuers/:cc', (c) =>
      document(c, authorizationServerMetadata(c.get('issuer'))),
    )
    .get('/.well-known/jwt-vc-issuer/issuers/:cc', (c) =>
      document(c, jwtVcIssuerMetadata(c.get('issuer'), deps.keys)),
    )
    .get('/issuers/:cc/offers/:id', async (c) => {
      const offer = await readOffer(deps, c.get('issuer'), c.req.param('id'))
      return offer.ok ? secret(c, offer.value) : oauthError(offer.error)
    })
    .post('/issuers/:cc/token', async (c) => {
      const form = await readForm(c)
      if (!form.ok) return oauthError(form.error)
      const token = await requestToken(deps, c.get('issuer'), {
        parameters: form.value,
        dpop: c.req.header('DPoP'),
        clientAttestation: {
          attestation: c.req.header('OAuth-Client-Attestation'),
          pop: c.req.header('OAuth-Client-Attestation-PoP'),
        },
      })
      return token.ok ? secret(c, token.value) : oauthError(token.error)
    })
    .post('/issuers/:cc/nonce', async (c) =>
      secret(c, { c_nonce: await createNonce(deps, c.get('issuer').id) }),
    )
    .post('/issuers/:cc/credential', async (c) => {
      const issuer = c.get('issuer')
      // RFC 6750 2.3: a token in a URL ends up in logs. It does not work here, header or not.
      const inQuery = c.req.query('access_token') !== undefined
      const grant = await authorizeAccess(deps, issuer, {
        authorization: inQuery ? undefined : c.req.header('Authorization'),
        dpop: c.req.header('DPoP'),
        method: 'POST',
        url: endpoints(issuer).credential,
      })
      if (!grant.ok) return oauthError(grant.error, grant.error.scheme)
      const body = await readJson(c, CredentialRequest)
      if (!body.ok) return oauthError(asCredentialError(body.error))
      const credential = await requestCredential(deps, issuer, grant.value, {
        credentialConfigurationId: body.value.credential_configuration_id,
        credentialIdentifier: body.value.credential_identifier,
        proofs: body.value.proofs,
        credentialResponseEncryption: body.value.credential_response_encryption,
      })
      if (!credential.ok) return oauthError(credential.error)
      return secret(c, { credentials: [{ credential: credential.value }] })
    })
}

/** Public, and the same for everybody for a while. */
function document(c: Context, body: object): Response {
  c.header('Cache-Control', 'public, max-age=300')
  return c.json(body)
}

/** Codes, tokens, nonces and credentials are for one reader, once. */
function secret(c: Context, body: object): Response {
  c.header('Cache-Control', 'no-store')
  return c.json(body)
}

/** OpenID4VCI 1.0 8.3.1.2 has an error code of its own for a request that cannot be read. */
const asCredentialError = (refusal: Refusal): Refusal =>
  refusal.code === 'payload_too_large'
    ? refusal
    : { ...refusal, code: 'credential_request_malformed' }
