import { type ClaimsPathPointer, onOneLine } from '../credential/claims-path-pointer.ts'
import { createDeviceResponse } from '../credential/device-response.ts'
import { isJsonObject, type JsonObject } from '../credential/json.ts'
import { forgeDeviceResponse } from './forge-mdoc.ts'
import type { HeldMdoc } from './held-credential.ts'
import { freshHolderKey } from './holder-key.ts'
import type { Lies } from './lies.ts'
import type { AuthorizationRequest } from './request.ts'
import type { Selection } from './select.ts'
import { transcriptOf } from './transcript.ts'

export type ElementPath = [namespace: string, element: string]

/**
 * A DeviceResponse of one document (OpenID4VP 1.0 B.2.5): the elements that were selected, and the
 * signature of the key that the document is bound to, over this request.
 */
export async function presentMdoc(
  request: AuthorizationRequest,
  { credential, claims }: Selection<HeldMdoc>,
  lies: Lies,
): Promise<string> {
  const { issuerSigned } = credential
  const { sign } = lies.holderKey === 'other' ? await freshHolderKey() : credential.holderKey
  const docType = lies.docType ?? credential.docType
  const sessionTranscript = await transcriptOf(request, lies)
  const show = shown(claims, elementsOf(credential.claims), lies)
  const honest = await createDeviceResponse({
    issuerSigned,
    docType,
    show,
    sessionTranscript,
    sign,
  })
  return forgeDeviceResponse(honest, { docType, sessionTranscript, sign }, lies)
}

const elementsOf = (claims: JsonObject): ElementPath[] =>
  Object.entries(claims).flatMap(([namespace, elements]) =>
    isJsonObject(elements)
      ? Object.keys(elements).map((element): ElementPath => [namespace, element])
      : [],
  )

/** The elements to show, in the order of issuance. `held` are all that the wallet could show. */
function shown(
  claims: readonly ClaimsPathPointer[],
  held: readonly ElementPath[],
  { disclosureNotAsked: more, omitDisclosure: less }: Lies,
): ElementPath[] {
  const chosen = held.filter(
    (path) =>
      claims.some((claim) => onOneLine(path, claim)) ||
      more === true ||
      (more && onOneLine(path, more)),
  )
  const omitted = less === true ? chosen.at(-1) : less
  return omitted ? chosen.filter((path) => !onOneLine(path, omitted)) : chosen
}
