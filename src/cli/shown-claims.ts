import { parseDeviceResponse } from '../credential/device-response.ts'
import { nameSpaceIn, readItem } from '../credential/issuer-signed.ts'
import { emptyObject, type JsonObject, parseJsonObject } from '../credential/json.ts'
import { parseSdJwt, revealClaims } from '../credential/sd-jwt.ts'
import { formatOf } from '../presentation/presented-credential.ts'

/** What a presentation shows, whether or not it can be relied upon; undefined when it cannot be read. */
export async function shownClaims(presentation: string): Promise<JsonObject | undefined> {
  return formatOf(presentation) === 'mso_mdoc' ? elementsIn(presentation) : claimsIn(presentation)
}

async function claimsIn(presentation: string): Promise<JsonObject | undefined> {
  const sdJwt = parseSdJwt(presentation)
  const payload = sdJwt.ok ? parseJsonObject(sdJwt.value.jws.payload) : undefined
  if (!sdJwt.ok || !payload) return undefined
  const claims = await revealClaims(payload, sdJwt.value.disclosures)
  return claims.ok ? claims.value : undefined
}

/** By namespace. */
function elementsIn(presentation: string): JsonObject | undefined {
  const document = parseDeviceResponse(presentation)
  if (!document.ok) return undefined
  const claims = emptyObject()
  for (const { nameSpace, content } of document.value.issuerSigned.items) {
    const item = readItem(content)
    if (!item.ok) return undefined
    nameSpaceIn(claims, nameSpace)[item.value.name] = item.value.value
  }
  return claims
}
