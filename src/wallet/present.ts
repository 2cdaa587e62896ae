import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import { type JsonObject, parseJsonObject } from '../credential/json.ts'
import { encryptJwe } from '../credential/jwe.ts'
import { forgeJwe } from './forge.ts'
import { type Fetch, form, insistJson, send } from './http.ts'
import type { Lies } from './lies.ts'
import { presentMdoc } from './present-mdoc.ts'
import { presentSdJwtVc } from './present-sd-jwt-vc.ts'
import type { AuthorizationRequest, LinkRequest } from './request.ts'
import { insist } from './rule.ts'
import type { Selection } from './select.ts'
import { transactionClaims } from './transaction-data.ts'

/** What was answered to a verifier, and what the verifier said to it. */
export type Presented = {
  /** The HTTP status and body at the `response_uri`: JSON where it is an object, else text. */
  status: number
  body: JsonObject | string
  /** Where the verifier wants the person's browser to go on. */
  redirectUri?: string
  /** The verified request object's payload. */
  request: JsonObject
  /** By credential query id, the claims that were asked for and shown. */
  disclosed: Record<string, ClaimsPathPointer[]>
  /** The transactions that were authorised with it. */
  authorised: JsonObject[]
  /** Exactly what was sent: the response parameters, and the form that carried them. */
  response: Record<string, unknown>
  form: Record<string, string>
}

/** The `vp_token` (OpenID4VP 1.0 8.1): an array of one presentation for each answered query. */
export async function createVpToken(
  request: AuthorizationRequest,
  selections: readonly Selection[],
  at: Date,
  lies: Lies,
): Promise<Record<string, string[]>> {
  const presentations = selections.map(
    async (selection): Promise<[string, string[]]> => [
      selection.queryId,
      [await createPresentation(request, selections, selection, at, lies)],
    ],
  )
  return Object.fromEntries(await Promise.all(presentations))
}

/** The presentation of one credential, bound to the request: an SD-JWT+KB, or a DeviceResponse. */
async function createPresentation(
  request: AuthorizationRequest,
  selections: readonly Selection[],
  { credential, ...selection }: Selection,
  at: Date,
  lies: Lies,
): Promise<string> {
  if (credential.format === 'mso_mdoc') {
    return presentMdoc(request, { ...selection, credential }, lies)
  }
  const transactions = await transactionClaims(request.transactions, selections, selection, lies)
  return presentSdJwtVc(request, { ...selection, credential }, at, lies, transactions)
}

/**
 * Posts response parameters to the `response_uri` (OpenID4VP 1.0 8.2), encrypted (8.3), and reads what
 * the verifier says. A 4xx is an answer like any other; a 200 must keep the rules.
 */
export async function respond(
  fetch: Fetch,
  request: LinkRequest,
  answer: Record<string, unknown>,
  lies: Lies,
): Promise<Omit<Presented, 'disclosed' | 'authorised'>> {
  const state = lies.state === undefined ? request.state : (lies.state ?? undefined)
  const stated = { ...answer, ...(state !== undefined && { state }) }
  const response = lies.parameters ? lies.parameters(stated) : stated
  const honest = lies.plaintext
    ? asFormFields(response)
    : { response: await encryptResponse(response, request, lies) }
  const fields = lies.form ? lies.form(honest) : honest
  const posted = await send(fetch, request.responseUri, form(fields))
  const ok = posted.status === 200
  const body = ok ? insistJson(posted, 'The answer of the response_uri') : undefined
  const redirectUri = body && redirectUriOf(body)
  return {
    status: posted.status,
    body: body ?? parseJsonObject(posted.text) ?? posted.text,
    ...(redirectUri !== undefined && { redirectUri }),
    request: request.payload,
    response,
    form: fields,
  }
}

/** The response, as only the verifier can read it (OpenID4VP 1.0 8.3). */
export async function encryptResponse(
  response: Record<string, unknown>,
  { encryption }: AuthorizationRequest,
  lies: Lies,
): Promise<string> {
  const plaintext = JSON.stringify(response)
  const { encryptTo, kid, enc, alg } = lies
  const lied = [encryptTo, kid, enc, alg].some((lie) => lie !== undefined)
  return lied
    ? forgeJwe(plaintext, encryption, lies)
    : encryptJwe(plaintext, encryption.jwk, encryption.enc)
}

/** Form fields hold text: what is not text yet goes as JSON (OpenID4VP 1.0 8.2). */
function asFormFields(response: Record<string, unknown>): Record<string, string> {
  const fields = Object.entries(response).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return Object.fromEntries(fields)
}

function redirectUriOf({ redirect_uri: uri }: JsonObject): string | undefined {
  if (uri === undefined) return undefined
  insist(
    typeof uri === 'string' && URL.canParse(uri),
    'The redirect_uri that the verifier answered is no URL (OpenID4VP 1.0 8.2)',
  )
  return uri
}
