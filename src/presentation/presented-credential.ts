import { decodeBase64url } from '../credential/base64url.ts'
import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import type { CredentialCheck } from '../credential/credential-check.ts'
import { isJsonObject, type JsonObject } from '../credential/json.ts'
import { verifyMdoc } from '../credential/mdoc.ts'
import type { StatusReference } from '../credential/registered-claims.ts'
import { verifySdJwtVc } from '../credential/sd-jwt-vc.ts'
import { dcApiTranscript, redirectTranscript } from '../credential/session-transcript.ts'
import type { TrustedCertificate } from '../credential/x509.ts'
import type { Finding } from '../result.ts'
import type { Format } from './credential-types.ts'

/** What any presentation is verified by, whatever its format. */
export type PresentationPolicy = {
  at: Date
  anchors: readonly TrustedCertificate[]
  /** Of a chain to one of these the registry's judgement says what became of its anchor. */
  otherAnchors: () => readonly TrustedCertificate[]
} & Challenge

/** What the holder's proof must be made for. */
export type Challenge = {
  nonce: string
  /** The client_id with its prefix; in a browser `origin:` and the origin. */
  audience: string
  /**
   * Where the answer was sent, and the thumbprint (RFC 7638, SHA-256, base64url) of the key that it was
   * encrypted to: what a device signs over besides (OpenID4VP 1.0 B.2.6). Absent: not known, and no mdoc
   * can be relied upon.
   */
  responseUri?: string
  jwkThumbprint?: string
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

/** Verifies a presentation by the rules of the format that was asked for; absent: of what it looks like. */
export function verifyPresentation(
  presentation: string,
  format: string | undefined,
  policy: PresentationPolicy,
): Promise<Verified> {
  const isMdoc = (format ?? formatOf(presentation)) === 'mso_mdoc'
  return isMdoc ? mdoc(presentation, policy) : sdJwtVc(presentation, policy)
}

/** What a presentation is, if it is any: an SD-JWT has dots and tildes, and an mdoc is all base64url. */
export const formatOf = (presentation: string): Format =>
  /^[\w-]+$/.test(presentation) ? 'mso_mdoc' : 'dc+sd-jwt'

async function sdJwtVc(presentation: string, policy: PresentationPolicy): Promise<Verified> {
  const { nonce, audience } = policy
  const { findings, credential } = await verifySdJwtVc(presentation, {
    ...policy,
    keyBinding: { nonce, audience },
  })
  if (!credential) return { findings }
  const { vct, alsoKnownAs = [], issuer, claims, status, keyBinding = {} } = credential
  const presented: PresentedCredential = {
    ...credential,
    format: 'dc+sd-jwt',
    types: [vct, ...alsoKnownAs],
    issuer,
    national: assuranceLevel(claims),
    status,
    keyBinding,
  }
  return { findings, credential: presented }
}

async function mdoc(presentation: string, policy: PresentationPolicy): Promise<Verified> {
  const sessionTranscript = await transcriptOf(policy)
  const { findings, credential } = await verifyMdoc(presentation, { ...policy, sessionTranscript })
  if (!credential) return { findings }
  const { docType, issuer, statement, status } = credential
  const presented: PresentedCredential = {
    ...credential,
    format: 'mso_mdoc',
    types: [docType],
    issuer,
    national: assuranceLevel(statement),
    status,
    // All that a device signs besides is which request it is for.
    keyBinding: {},
  }
  return { findings, credential: presented }
}

/** The session that a device signs for. By its audience one sees how a request came to the wallet. */
async function transcriptOf(challenge: Challenge): Promise<Uint8Array | undefined> {
  const { nonce, audience, responseUri } = challenge
  const jwkThumbprint = decodeBase64url(challenge.jwkThumbprint ?? '')
  if (jwkThumbprint?.length !== 32) return undefined
  if (audience.startsWith('origin:')) {
    return dcApiTranscript({ origin: audience.slice('origin:'.length), nonce, jwkThumbprint })
  }
  return responseUri === undefined
    ? undefined
    : redirectTranscript({ clientId: audience, nonce, jwkThumbprint, responseUri })
}

/** The statement of the national scheme (OpenID Connect for Identity Assurance 1.0 5.4.2). */
function assuranceLevel({ verification }: JsonObject): string | undefined {
  const level = isJsonObject(verification) ? verification.assurance_level : undefined
  return typeof level === 'string' ? level : undefined
}
