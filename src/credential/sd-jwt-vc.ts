import { type Finding, fail, pass, skip } from '../result.ts'
import type { ClaimsPathPointer } from './claims-path-pointer.ts'
import {
  type CredentialCheck,
  followIssuer,
  type IssuerChain,
  type IssuerPolicy,
  judgeChain,
  judgeSignature,
  unread,
} from './credential-check.ts'
import type { DraftRules } from './draft-rules.ts'
import { judged } from './finding.ts'
import { type JsonObject, parseJsonObject } from './json.ts'
import { type Jws, verifyJws } from './jws.ts'
import { type ExpectedKeyBinding, judgeKeyBinding } from './key-binding.ts'
import {
  audienceFault,
  claimsFault,
  disclosedFault,
  holderKeyOf,
  otherTypesOf,
  type StatusReference,
  statusOf,
  validityFault,
} from './registered-claims.ts'
import { parseSdJwt, type Revealed, revealDisclosures } from './sd-jwt.ts'
import { type Chain, certifies } from './x509.ts'

export {
  type PreparedSdJwtVc,
  prepareSdJwtVc,
  type SdJwtVcDraft,
  signSdJwtVc,
} from './sd-jwt-vc-draft.ts'

export type SdJwtVcPolicy = IssuerPolicy & {
  /** `'none'`: a key binding JWT is refused, as at issuance (RFC 9901 7.2). */
  keyBinding: ExpectedKeyBinding
  /** Which draft of SD-JWT VC is followed where they differ; absent: the newest. */
  rules?: DraftRules
}

/** A credential that passed every check. */
export type SdJwtVc = {
  vct: string
  /** `aka_vcts`: what the issuer calls this type besides. It gives the issuer no right to issue those. */
  alsoKnownAs?: string[]
  issuer?: string
  /** Which of the policy's anchors vouches for the issuer. */
  anchor: string
  /** The processed payload, registered claims included. */
  claims: JsonObject
  /** Where the claims stand that came by disclosure. */
  disclosed: ClaimsPathPointer[]
  /** What the holder's proof says, where one was asked for. */
  keyBinding?: JsonObject
  status?: StatusReference
  /** Of the certificates in `x5c`, base64url, nearest first. */
  authorityKeyIds: string[]
}

type Verdict = { findings: Finding<CredentialCheck>[]; credential?: SdJwtVc }

/**
 * Verifies an SD-JWT VC, and its key binding if one is expected (SD-JWT VC 2.4, RFC 9901 7, HAIP 1.0
 * 6.1.1). Says everything that is wrong and not only the first thing: each check that can run without
 * relying on one that failed does run. The findings have a fixed order, one for each check.
 *
 * How it is verified is ours to say and never the credential's: ES256, by the leaf of an `x5c` that
 * leads to one of our anchors. Its status is not asked here, nor whether that issuer may issue this.
 */
export async function verifySdJwtVc(text: string, policy: SdJwtVcPolicy): Promise<Verdict> {
  const sdJwt = parseSdJwt(text)
  if (!sdJwt.ok) return unread(sdJwt.error)
  const { jws, disclosures } = sdJwt.value
  const payload = parseJsonObject(jws.payload)
  if (!payload) return unread('The payload must be a JSON object with unique names, in UTF-8.')

  const { x5c } = jws.header
  const { at, rules = {} } = policy
  const chain = await followIssuer(x5c, policy, 'credential')
  const [isSigned, revealed] = await Promise.all([
    chain?.ok === true && verifyJws(jws, chain.value.leafKey),
    revealDisclosures(payload, disclosures),
  ])
  const holderKey = isSigned ? holderKeyOf(payload) : 'unknown'
  const keyBinding = await judgeKeyBinding(sdJwt.value, policy.keyBinding, at, holderKey)
  const findings: Finding<CredentialCheck>[] = [
    pass('credential.format', 'A compact SD-JWT with a JSON payload.'),
    judged('credential.header', headerFault(jws, rules), 'typ, alg and x5c are as they must be.'),
    judgeChain(chain, 'x5c'),
    judgeSignature(chain, isSigned, 'x5c'),
    judged(
      'credential.disclosures',
      revealed.ok ? undefined : revealed.error,
      'Every disclosure belongs to a digest the issuer signed.',
    ),
    judged(
      'credential.claims',
      claimsFault(payload, rules) ??
        (revealed.ok ? disclosedFaultOf(revealed.value, rules) : undefined),
      'vct and the other registered claims are well-formed and in the open.',
    ),
    judgeIssuer(payload, chain),
    judgeValidity(revealed.ok ? revealed.value.claims : payload, policy),
    ...keyBinding.findings,
  ]
  const isAccepted = findings.every(isNoFailure)
  if (!isAccepted || !chain?.ok || !revealed.ok) return { findings }
  const credential = credentialOf(payload, revealed.value, chain.value, rules)
  const proof = keyBinding.claims && { keyBinding: keyBinding.claims }
  return { findings, credential: { ...credential, ...proof } }
}

const isNoFailure = ({ outcome }: Finding<string>) => outcome !== 'fail'
const disclosedFaultOf = ({ claims, paths }: Revealed, rules: DraftRules) =>
  disclosedFault(claims, paths, rules)

function headerFault({ header }: Jws, { legacyTyp = false }: DraftRules): string | undefined {
  const isLegacy = legacyTyp && header.typ === 'vc+sd-jwt'
  if (header.typ !== 'dc+sd-jwt' && !isLegacy) return 'typ in the header must be dc+sd-jwt.'
  if (header.alg !== 'ES256') return 'alg in the header must be ES256.'
  if (header.x5c === undefined)
    return 'The header must carry the certificates of the issuer in x5c.'
  return undefined
}

/** Whether the issuer named is the one certified (SD-JWT VC 2.5). */
function judgeIssuer({ iss }: JsonObject, chain: IssuerChain): Finding<CredentialCheck> {
  const check = 'credential.issuer'
  if (!chain?.ok) return skip(check, 'Not judged: there is no trusted certificate to judge by.')
  if (iss === undefined) return pass(check, 'No iss: the issuer is the subject of the certificate.')
  return typeof iss === 'string' && certifies(chain.value.leaf, iss)
    ? pass(check, 'iss is among the names of the signing certificate.')
    : fail(check, 'iss must be a URI, or at a host, that the signing certificate names.')
}

/** Whether it is good at this instant and for this verifier (RFC 9901 7.1 step 6). */
function judgeValidity(claims: JsonObject, policy: SdJwtVcPolicy): Finding<CredentialCheck> {
  const { at, keyBinding } = policy
  const fault =
    validityFault(claims, at) ??
    (keyBinding === 'none' ? undefined : audienceFault(claims, keyBinding.audience))
  return judged('credential.validity', fault, 'Within its period of validity.')
}

function credentialOf(
  payload: JsonObject,
  { claims, paths }: Revealed,
  chain: Chain,
  { akaVcts = true }: DraftRules,
): SdJwtVc {
  const { vct, iss } = payload
  const others = akaVcts ? otherTypesOf(payload) : undefined
  const status = statusOf(payload)
  return {
    vct: String(vct),
    ...(others && { alsoKnownAs: others }),
    ...(typeof iss === 'string' && { issuer: iss }),
    anchor: chain.anchor,
    claims,
    disclosed: paths,
    ...(status && { status }),
    authorityKeyIds: chain.authorityKeyIds,
  }
}
