import { type Finding, fail, pass, type Result, skip } from '../result.ts'
import type { ClaimsPathPointer } from './claims-path-pointer.ts'
import { hasKnownAlgorithm, verifyCoseSign1, x5chainOf } from './cose.ts'
import {
  type DeviceSigned,
  deviceElementsFault,
  judgeDeviceAuthentication,
} from './device-authentication.ts'
import { parseDeviceResponse, parseIssuedMdoc } from './device-response.ts'
import { judged } from './finding.ts'
import { type IssuerSigned, type RevealedElements, revealElements } from './issuer-signed.ts'
import type { JsonObject } from './json.ts'
import { keyBindingUnread } from './key-binding.ts'
import {
  type MobileSecurityObject,
  mdocValidityFault,
  readMobileSecurityObject,
} from './mobile-security-object.ts'
import type { StatusReference } from './registered-claims.ts'
import type { CredentialCheck } from './sd-jwt-vc.ts'
import { type Chain, type TrustedCertificate, uriNames, verifyChain } from './x509.ts'

export { type MdocDraft, type PreparedMdoc, prepareMdoc, signMdoc } from './mdoc-draft.ts'

/** As whom, and as of when, the issuer is judged. */
export type IssuedMdocPolicy = {
  /** The instant as of which everything is judged. */
  at: Date
  anchors: readonly TrustedCertificate[]
  /** Anchors that are known and not in force; see `SdJwtVcPolicy`. */
  otherAnchors?: () => readonly TrustedCertificate[]
}

export type MdocPolicy = IssuedMdocPolicy & {
  /** What the device must have signed over, in CBOR; undefined when that cannot be known: a refusal. */
  sessionTranscript: Uint8Array | undefined
}

/** A document that passed every check. */
export type Mdoc = {
  docType: string
  /** The URI among the alternative names of the signing certificate. */
  issuer?: string
  /** Which of the policy's anchors vouches for the issuer. */
  anchor: string
  /** The elements that were shown, by namespace and identifier. */
  claims: JsonObject
  /** Where they stand: all of them, since an mdoc has no others. */
  disclosed: ClaimsPathPointer[]
  /** What the issuer says of the document as a whole, where it says something; see `statementLabel`. */
  statement: JsonObject
  status?: StatusReference
  /** Of the certificates in `x5chain`, base64url, nearest first. */
  authorityKeyIds: string[]
}

type Verdict = { findings: Finding<CredentialCheck>[]; credential?: Mdoc }
type ChainResult = Result<Chain, string> | undefined

/**
 * Verifies an mdoc in a DeviceResponse in base64url (ISO/IEC 18013-5 9.3.1, OpenID4VP 1.0 B.2), by the
 * checks that an SD-JWT VC has: always all of them, in their order, and each that can be judged is.
 *
 * How it is verified is ours to say and never the document's: ES256 and SHA-256, by a document signer
 * whose certificate leads to one of our anchors, and by the device for this very session. What the
 * device states by itself must be authorized and is not among the claims. Its status is not asked here,
 * nor whether that issuer may issue this.
 */
export async function verifyMdoc(presentation: string, policy: MdocPolicy): Promise<Verdict> {
  const document = parseDeviceResponse(presentation)
  if (!document.ok) return unread(document.error)
  const { docType, issuerSigned, deviceSigned } = document.value
  const { sessionTranscript } = policy
  const issued = await judgeIssued(issuerSigned, policy, { docType, deviceSigned })
  const device = await judgeDeviceAuthentication(deviceSigned, {
    sessionTranscript,
    docType,
    devicePoint: issued.mso && issued.isSigned ? issued.mso.devicePoint : 'unknown',
  })
  return verdictOf([...issued.findings, ...device], issued)
}

/** Verifies what an issuer hands out, before a device has anything to prove: IssuerSigned in base64url. */
export async function verifyIssuerSigned(text: string, policy: IssuedMdocPolicy): Promise<Verdict> {
  const issuerSigned = parseIssuedMdoc(text)
  if (!issuerSigned.ok) return unread(issuerSigned.error)
  const issued = await judgeIssued(issuerSigned.value, policy)
  const none = keyBindingUnread('Does not apply: nothing is presented.')
  return verdictOf([...issued.findings, ...none], issued)
}

type Issued = {
  findings: Finding<CredentialCheck>[]
  chain: ChainResult
  isSigned: boolean
  mso: MobileSecurityObject | undefined
  revealed: Result<RevealedElements, string> | undefined
}

type PresentedIn = { docType: string; deviceSigned: Result<DeviceSigned, string> }

async function judgeIssued(
  { issuerAuth, payload, mso: content, items }: IssuerSigned,
  policy: IssuedMdocPolicy,
  presentedIn?: PresentedIn,
): Promise<Issued> {
  const x5chain = x5chainOf(issuerAuth.unprotectedHeaders)
  const chain = x5chain && (await chainOf(x5chain, policy))
  const read = readMobileSecurityObject(content)
  const mso = read.ok ? read.value : undefined
  const [isSigned, revealed] = await Promise.all([
    chain?.ok === true && verifyCoseSign1(issuerAuth, chain.value.leafKey, payload),
    mso && revealElements(items, mso),
  ])
  const header = hasKnownAlgorithm(issuerAuth)
    ? x5chain
      ? undefined
      : 'The unprotected headers of issuerAuth must carry the certificates of its signer in x5chain.'
    : 'The protected headers of issuerAuth must say alg -7 or -9 (ES256).'
  const findings: Finding<CredentialCheck>[] = [
    pass('credential.format', 'An mdoc, in definite CBOR.'),
    judged('credential.header', header, 'alg and x5chain are as they must be.'),
    judgeChain(chain),
    judgeSignature(chain, isSigned),
    judgeElements(mso, revealed, presentedIn),
    judged(
      'credential.claims',
      read.ok ? docTypeFault(read.value, presentedIn) : read.error,
      'The mobile security object is well-formed, and of the docType presented.',
    ),
    judgeIssuer(chain),
    judgeValidity(mso, policy.at, chain),
  ]
  return { findings, chain, isSigned, mso, revealed }
}

async function chainOf(x5c: string[], { anchors, otherAnchors, at }: IssuedMdocPolicy) {
  const chain = await verifyChain(x5c, anchors, at, 'mdoc')
  if (chain.ok || !otherAnchors) return chain
  const other = await verifyChain(x5c, otherAnchors(), at, 'mdoc')
  return other.ok ? other : chain
}

function judgeChain(chain: ChainResult): Finding<CredentialCheck> {
  const check = 'credential.chain'
  if (!chain) return skip(check, 'Not judged: there is no x5chain.')
  return judged(check, chain.ok ? undefined : chain.error, 'x5chain leads to a trust anchor.')
}

function judgeSignature(chain: ChainResult, isSigned: boolean): Finding<CredentialCheck> {
  const check = 'credential.signature'
  if (!chain?.ok) return skip(check, 'Not judged: there is no trusted key to judge by.')
  const fault =
    'The signature is not that of the first certificate in x5chain over these very bytes.'
  return judged(check, isSigned ? undefined : fault, 'Signed by the first certificate in x5chain.')
}

function judgeElements(
  mso: MobileSecurityObject | undefined,
  revealed: Result<RevealedElements, string> | undefined,
  presentedIn: PresentedIn | undefined,
): Finding<CredentialCheck> {
  const check = 'credential.disclosures'
  if (!mso || !revealed) {
    return skip(check, 'Not judged: there is no readable mobile security object to judge by.')
  }
  if (!revealed.ok) return fail(check, revealed.error)
  const fault = presentedIn?.deviceSigned.ok
    ? deviceElementsFault(presentedIn.deviceSigned.value, mso.authorizations)
    : undefined
  return judged(check, fault, 'Every element has the digest that the issuer signed.')
}

const docTypeFault = ({ docType }: MobileSecurityObject, presentedIn: PresentedIn | undefined) =>
  presentedIn && presentedIn.docType !== docType
    ? 'docType of the document must be the one in the mobile security object.'
    : undefined

function judgeIssuer(chain: ChainResult): Finding<CredentialCheck> {
  const check = 'credential.issuer'
  if (!chain?.ok) return skip(check, 'Not judged: there is no trusted certificate to judge by.')
  const names = uriNames(chain.value.leaf)
  if (names.length > 1) {
    return fail(
      check,
      'The signing certificate names several URIs: none of them can be the issuer.',
    )
  }
  return names.length === 1
    ? pass(check, 'The issuer is the URI that the signing certificate names.')
    : pass(check, 'The signing certificate names no URI: the issuer is its subject.')
}

function judgeValidity(
  mso: MobileSecurityObject | undefined,
  at: Date,
  chain: ChainResult,
): Finding<CredentialCheck> {
  const check = 'credential.validity'
  if (!mso) return skip(check, 'Not judged: there is no readable mobile security object.')
  const fault = mdocValidityFault(mso.validity, at, chain?.ok ? chain.value.leaf : undefined)
  return judged(check, fault, 'Within its period of validity.')
}

function verdictOf(findings: Finding<CredentialCheck>[], issued: Issued): Verdict {
  const { chain, mso, revealed } = issued
  const isAccepted = findings.every(({ outcome }) => outcome !== 'fail')
  if (!isAccepted || !chain?.ok || !mso || !revealed?.ok) return { findings }
  const [issuer] = uriNames(chain.value.leaf)
  const credential: Mdoc = {
    docType: mso.docType,
    ...(issuer && { issuer }),
    anchor: chain.value.anchor,
    ...revealed.value,
    statement: mso.statement,
    ...(mso.status && { status: mso.status }),
    authorityKeyIds: chain.value.authorityKeyIds,
  }
  return { findings, credential }
}

function unread(fault: string): Verdict {
  const why = 'Not judged: the mdoc could not be read.'
  const findings: Finding<CredentialCheck>[] = [
    fail('credential.format', fault),
    skip('credential.header', why),
    skip('credential.chain', why),
    skip('credential.signature', why),
    skip('credential.disclosures', why),
    skip('credential.claims', why),
    skip('credential.issuer', why),
    skip('credential.validity', why),
    ...keyBindingUnread(why),
  ]
  return { findings }
}
