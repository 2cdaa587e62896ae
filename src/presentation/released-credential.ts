import { type ClaimsPathPointer, trimClaims } from '../credential/claims-path-pointer.ts'
import type { CredentialStatus } from '../credential/credential-status.ts'
import { emptyObject, isJsonObject, type Json, type JsonObject } from '../credential/json.ts'
import type { KeyRing } from '../platform/keys.ts'
import { isDenied } from '../purposes/minimise.ts'
import { claimName } from '../trust/claim-path.ts'
import type { Country } from '../trust/facts.ts'
import type { TrustDecision } from '../trust/judge.ts'
import { pairwiseToken } from './person-token.ts'

/** What a relying party gets of a credential that passed, in wire form. */
export type ReleasedCredential = {
  format: string
  type: string
  issuer: { id: string; country: Country }
  claims: JsonObject
  assurance: { proofing: string; authn: string; national: string | null }
  recognition: { id: string; recogniser: string; recognised: string; agreement: string } | null
  /** As it was found; `null`: there is no status reference, or it cannot be known as of then. */
  status: CredentialStatus | null
}

export type ReleaseDeps = { keys: Pick<KeyRing, 'mac' | 'macKeyId'> }

/** What was found of a credential in which no check failed. */
type Sound = {
  format: string
  type: string
  /** As the wallet showed them. */
  claims: JsonObject
  /** What was asked for of them. */
  paths: readonly ClaimsPathPointer[]
  decision: TrustDecision
  status: CredentialStatus | null | undefined
}

/** Releases to a relying party what it asked for, and what it may rely on it by; nothing else. */
export async function release(
  deps: ReleaseDeps,
  { format, type, claims, paths, decision, status }: Sound,
  relyingParty: string,
): Promise<ReleasedCredential> {
  const { issuer, assurance, recognition } = decision
  if (!issuer || !assurance || status === undefined) {
    throw new Error('no check failed, and yet issuer, assurance or status is not known')
  }
  const trimmed = trimClaims(claims, paths)
  const shown = format === 'mso_mdoc' ? elementsIn(trimmed) : trimmed
  const tokenFor = (raw: Json) => {
    const token = typeof raw === 'string' ? raw : JSON.stringify(raw)
    return pairwiseToken(deps.keys, { issuer: issuer.id, token, sector: relyingParty })
  }
  return {
    format,
    type,
    issuer,
    claims: await tellable(shown, tokenFor),
    assurance,
    recognition: recognition ? recognitionEntry(recognition) : null,
    status,
  }
}

/** The elements of an mdoc without their namespaces. A query asks for none of one name twice. */
function elementsIn(namespaces: JsonObject): JsonObject {
  const elements = emptyObject()
  for (const each of Object.values(namespaces).filter(isJsonObject)) {
    for (const [name, value] of Object.entries(each)) elements[name] ??= value
  }
  return elements
}

/**
 * What may be told of what is shown, however deep. What no purpose may ask for does not come along inside
 * what it may; and whatever stands there as the token of a person, in whatever language, the raw value
 * never leaves.
 */
async function tellable(shown: JsonObject, tokenFor: TokenFor): Promise<JsonObject> {
  const told = emptyObject()
  for (const [name, value] of Object.entries(shown)) {
    if (isDenied([name])) continue
    const isToken = claimName(name) === 'person_token'
    told[name] = isToken ? await tokenFor(value) : await tellableIn(value, tokenFor)
  }
  return told
}

type TokenFor = (raw: Json) => Promise<string>

const tellableIn = (value: Json, tokenFor: TokenFor): Json | Promise<Json> => {
  if (Array.isArray(value)) return Promise.all(value.map((each) => tellableIn(each, tokenFor)))
  return isJsonObject(value) ? tellable(value, tokenFor) : value
}

const recognitionEntry = ({
  id,
  recogniser,
  recognised,
  agreement,
}: NonNullable<TrustDecision['recognition']>) => ({ id, recogniser, recognised, agreement })
