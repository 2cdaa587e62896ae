import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import { isJsonObject, type JsonObject } from '../credential/json.ts'
import type { StatusReference } from '../credential/registered-claims.ts'
import { type CredentialCheck, type SdJwtVc, verifySdJwtVc } from '../credential/sd-jwt-vc.ts'
import type { TrustedCertificate } from '../credential/x509.ts'
import type { Finding } from '../result.ts'
import type { Format } from './credential-types.ts'

/** What any presentation is verified by, whatever its format. */
export type PresentationPolicy = {
  at: Date
  anchors: readonly TrustedCertificate[]
  /** Of a chain to one of these the registry's judgement says what became of its anchor. */
  otherAnchors: () => readonly TrustedCertificate[]
  nonce: string
  audience: string
}

/**
 * A credential that passed every check of its format, and all that is asked of it from then on: this
 * is the same for every format, whose own words end here.
 */
export type PresentedCredential = {
  format: Format
  /** What it says that it is, in the words of its format; its own type comes first. */
  types: readonly [string, ...string[]]
  issuer: string | undefined
  /** The id of the trust anchor in which its chain ends. */
  anchor: string
  /** As the wallet showed them: where the paths of a query of this format lead. */
  claims: JsonObject
  /** What of them the wallet chose to show. */
  disclosed: readonly ClaimsPathPointer[]
  /** The level statement of the national scheme, which is its issuer's to make and never the wallet's. */
  national: string | undefined
  status: StatusReference | undefined
  authorityKeyIds: readonly string[]
  /** What the holder's proof says. */
  keyBinding: JsonObject
}

type Verified = { findings: Finding<CredentialCheck>[]; credential?: PresentedCredential }

/** Verifies a presentation by the rules of a format. Which one it is, is never the presentation's to say. */
export async function verifyPresentation(
  presentation: string,
  { at, anchors, otherAnchors, nonce, audience }: PresentationPolicy,
): Promise<Verified> {
  const policy = { at, anchors, otherAnchors, keyBinding: { nonce, audience } }
  const { findings, credential } = await verifySdJwtVc(presentation, policy)
  return { findings, ...(credential && { credential: ofSdJwtVc(credential) }) }
}

function ofSdJwtVc(credential: SdJwtVc): PresentedCredential {
  const { vct, alsoKnownAs = [], issuer, status, keyBinding = {}, ...same } = credential
  const national = assuranceLevel(same.claims)
  return {
    ...same,
    format: 'dc+sd-jwt',
    types: [vct, ...alsoKnownAs],
    issuer,
    national,
    status,
    keyBinding,
  }
}

/** The statement of the national scheme (OpenID Connect for Identity Assurance 1.0 5.4.2). */
function assuranceLevel({ verification }: JsonObject): string | undefined {
  const level = isJsonObject(verification) ? verification.assurance_level : undefined
  return typeof level === 'string' ? level : undefined
}
