import { type Finding, fail, pass, type Result, skip } from '../result.ts'
import type { ClaimsPathPointer } from './claims-path-pointer.ts'
import { type CoseSign1, hasKnownAlgorithm, verifyCoseSign1, x5chainOf } from './cose.ts'
import {
  type CredentialCheck,
  followIssuer,
  type IssuerChain,
  type IssuerPolicy,
  judgeChain,
  judgeSignature,
  unread,
} from './credential-check.ts'
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
import { uriNames } from './x509.ts'

export { type MdocDraft, type PreparedMdoc, prepareMdoc, signMdoc } from './mdoc-draft.ts'

export type MdocPolicy = IssuerPolicy & {
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
export async function verifyIssuerSigned(text: string, policy: IssuerPolicy): Promise<Verdict> {
  const issuerSigned = parseIssuedMdoc(text)
  if (!issuerSigned.ok) return unread(issuerSigned.error)
  const issued = await judgeIssued(issuerSigned.value, policy)
  const none = keyBindingUnread('Does not apply: nothing is presented.')
  return verdictOf([...issued.findings, ...none], issued)
}

type Issued = {
  findings: Finding<CredentialCheck>[]
  chain: IssuerChain
  isSigned: boolean
  mso: MobileSecurityObject | undefined
  revealed: Result<RevealedElements, string> | undefined
}

type PresentedIn = { docType: string; deviceSigned: Result<DeviceSigned, string> }

async function judgeIssued(
  { issuerAuth, payload, mso: content, items }: IssuerSigned,
  policy: IssuerPolicy,
  presentedIn?: PresentedIn,
): Promise<Issued> {
  const x5chain = x5chainOf(issuerAuth.unprotectedHeaders)
  const chain = await followIssuer(x5chain, policy, 'mdoc')
  const read = readMobileSecurityObject(content)
  const mso = read.ok ? read.value : undefined
  const [isSigned, revealed] = await Promise.all([
    chain?.ok === true && verifyCoseSign1(issuerAuth, chain.value.leafKey, payload),
    mso && revealElements(items, mso),
  ])
  const findings: Finding<CredentialCheck>[] = [
    pass('credential.format', 'An mdoc, in definite CBOR.'),
    judged(
      'credential.header',
      headerFault(issuerAuth, x5chain),
      'alg and x5chain are as they must be.',
    ),
    judgeChain(chain, 'x5chain'),
    judgeSignature(chain, isSigned, 'x5chain'),
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

function headerFault(issuerAuth: CoseSign1, x5chain: string[] | undefined): string | undefined {
  if (!hasKnownAlgorithm(issuerAuth)) {
    return 'The protected headers of issuerAuth must say alg -7 or -9 (ES256).'
  }
  return x5chain
    ? undefined
    : 'The unprotected headers of issuerAuth must carry the certificates of its signer in x5chain.'
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

function judgeIssuer(chain: IssuerChain): Finding<CredentialCheck> {
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
  chain: IssuerChain,
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
