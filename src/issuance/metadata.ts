import type { KeyRing } from '../platform/keys.ts'
import {
  type CredentialConfiguration,
  credentialConfigurations,
} from './credential-configurations.ts'
import { preAuthorizedCodeGrant } from './credential-offer.ts'
import { endpoints, type Issuer } from './issuer.ts'

/** Credential Issuer Metadata (OpenID4VCI 1.0 12.2.4). */
export function issuerMetadata(issuer: Issuer) {
  const { credential, nonce } = endpoints(issuer)
  return {
    credential_issuer: issuer.id,
    credential_endpoint: credential,
    nonce_endpoint: nonce,
    display: Object.entries(issuer.state.name).map(([locale, name]) => ({ name, locale })),
    credential_configurations_supported: Object.fromEntries(
      credentialConfigurations.map((configuration) => [
        configuration.id,
        describeConfiguration(configuration),
      ]),
    ),
  }
}

function describeConfiguration(configuration: CredentialConfiguration) {
  const { id, name, claims } = configuration
  return {
    ...describeFormat(configuration),
    scope: id,
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    credential_metadata: {
      display: [{ name, locale: 'en' }],
      claims: claims.map(([path, label, presence]) => ({
        path: configuration.format === 'mso_mdoc' ? [configuration.doctype, ...path] : path,
        mandatory: presence === 'always',
        display: [{ name: label, locale: 'en' }],
      })),
    },
  }
}

/** What each format has of its own (OpenID4VCI 1.0 A.2.2, A.3.2); COSE algorithms are numbers. */
function describeFormat(configuration: CredentialConfiguration) {
  return configuration.format === 'mso_mdoc'
    ? {
        format: configuration.format,
        doctype: configuration.doctype,
        cryptographic_binding_methods_supported: ['cose_key'],
        credential_signing_alg_values_supported: [-7],
      }
    : {
        format: configuration.format,
        vct: configuration.vct,
        cryptographic_binding_methods_supported: ['jwk'],
        credential_signing_alg_values_supported: ['ES256'],
      }
}

/** Authorization Server Metadata (RFC 8414 2): what is there, and nothing that is not. */
export function authorizationServerMetadata(issuer: Issuer) {
  return {
    issuer: issuer.id,
    token_endpoint: endpoints(issuer).token,
    grant_types_supported: [preAuthorizedCodeGrant],
    // Required by RFC 8414; there is no authorization endpoint that would take a response type.
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['none', 'attest_jwt_client_auth'],
    client_attestation_signing_alg_values_supported: ['ES256'],
    client_attestation_pop_signing_alg_values_supported: ['ES256'],
    dpop_signing_alg_values_supported: ['ES256'],
    authorization_details_types_supported: ['openid_credential'],
    'pre-authorized_grant_anonymous_access_supported': true,
  }
}

/** JWT VC Issuer Metadata (SD-JWT VC 4.2): the keys behind `kid`, retired ones included. */
export function jwtVcIssuerMetadata(issuer: Issuer, keys: Pick<KeyRing, 'publicKeys'>) {
  return {
    issuer: issuer.id,
    jwks: {
      keys: keys
        .publicKeys(`credential:${issuer.cc}`)
        // Who reads this knows no history: to them a key that is listed is good.
        .filter(({ revoked }) => !revoked)
        .map(({ kid, alg, jwk, x5c }) => ({ ...jwk, kid, alg, use: 'sig', ...(x5c && { x5c }) })),
    },
  }
}
