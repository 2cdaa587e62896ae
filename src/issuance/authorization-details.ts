import { isJsonObject, parseJson } from '../credential/json.ts'
import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Grant } from './grant.ts'

type DetailsRefusal = Refusal<'authorization_details_invalid'>

/**
 * The credential configurations that authorization details (OpenID4VCI 1.0 5.1.1) name; undefined
 * when there are no details.
 */
export function parseAuthorizationDetails(
  text: string | undefined,
): Result<string[] | undefined, DetailsRefusal> {
  if (text === undefined) return ok(undefined)
  const details = parseJson(text)
  if (!Array.isArray(details) || details.length === 0) {
    return invalidDetails('authorization_details must be a JSON array that is not empty.')
  }
  const ids: string[] = []
  for (const detail of details) {
    const { type, credential_configuration_id: id } = isJsonObject(detail) ? detail : {}
    if (type !== 'openid_credential' || typeof id !== 'string' || ids.includes(id)) {
      const each = 'type openid_credential and its own credential_configuration_id'
      return invalidDetails(`Each of authorization_details must have ${each}.`)
    }
    ids.push(id)
  }
  return ok(ids)
}

/** The grant, cut down to what the authorization details name, in the name of the client. */
export function grantFor(
  grant: Grant,
  asked: string[] | undefined,
  clientId: string | undefined,
): Result<Grant, DetailsRefusal> {
  const named: Grant = { ...grant, ...(clientId !== undefined && { clientId }) }
  if (!asked) return ok(named)
  if (!asked.every((id) => grant.configurationIds.includes(id))) {
    return invalidDetails('authorization_details name what the offer does not hold.')
  }
  return ok({ ...named, configurationIds: asked, byIdentifier: true })
}

const invalidDetails = (detail: string) =>
  refuse({ code: 'authorization_details_invalid' as const, detail })
