import * as z from 'zod/mini'
import { parseJsonObject } from '../credential/json.ts'
import { type Fetch, insistJson, send } from './http.ts'
import { insist, insistShape, insistUrl } from './rule.ts'

export const preAuthorizedCodeGrant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** A credential offer (OpenID4VCI 1.0 4.1.1), as far as this wallet takes one up. */
export type CredentialOffer = {
  credentialIssuer: string
  configurationIds: string[]
  preAuthorizedCode: string
  /** Whether a transaction code is asked for: a `tx_code` object asks, even an empty one. */
  wantsTxCode: boolean
  authorizationServer?: string
}

const Offer = z.object({
  credential_issuer: z.string(),
  credential_configuration_ids: z.array(z.string()).check(z.minLength(1)),
  grants: z.optional(
    z.object({
      [preAuthorizedCodeGrant]: z.optional(
        z.object({
          'pre-authorized_code': z.string(),
          tx_code: z.optional(z.record(z.string(), z.unknown())),
          authorization_server: z.optional(z.string()),
        }),
      ),
    }),
  ),
})

/**
 * Reads an offer from its link, `openid-credential-offer://?credential_offer=…` or any other URL with
 * that query (OpenID4VCI 1.0 4.1.2), or fetches it where the link only refers to it (4.1.3).
 */
export async function readOffer(fetch: Fetch, link: string): Promise<CredentialOffer> {
  insist(URL.canParse(link), 'The credential offer link is no URL')
  const { searchParams } = new URL(link)
  const values = searchParams.getAll('credential_offer')
  const references = searchParams.getAll('credential_offer_uri')
  const [value] = values
  const [reference] = references
  insist(
    values.length + references.length === 1,
    'A credential offer link has exactly one of credential_offer and credential_offer_uri (OpenID4VCI 1.0 4.1)',
  )
  if (value !== undefined) return parseOffer(parseJsonObject(value))
  const answer = await send(fetch, reference ?? '')
  return parseOffer(insistJson(answer, 'The credential offer'))
}

/** Reads the credential offer object. Only the pre-authorized code grant is taken up. */
export function parseOffer(offer: unknown): CredentialOffer {
  const shaped = insistShape(Offer, offer, 'The credential offer')
  const ids = shaped.credential_configuration_ids
  insist(new Set(ids).size === ids.length, 'The credential offer names a configuration twice')
  insistUrl(shaped.credential_issuer, 'The credential issuer identifier')
  const grant = shaped.grants?.[preAuthorizedCodeGrant]
  insist(
    grant,
    'The credential offer has no pre-authorized code, and this wallet knows no other way',
  )
  return {
    credentialIssuer: shaped.credential_issuer,
    configurationIds: ids,
    preAuthorizedCode: grant['pre-authorized_code'],
    wantsTxCode: grant.tx_code !== undefined,
    ...(grant.authorization_server !== undefined && {
      authorizationServer: grant.authorization_server,
    }),
  }
}
