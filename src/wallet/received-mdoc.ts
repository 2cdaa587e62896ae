import { verifyCoseSign1 } from '../credential/cose.ts'
import { readIssuerSigned } from '../credential/device-response.ts'
import { revealElements } from '../credential/issuer-signed.ts'
import { readMobileSecurityObject } from '../credential/mobile-security-object.ts'
import { verifyPath } from '../credential/x509.ts'
import type { HeldMdoc } from './held-credential.ts'
import type { HolderKey } from './holder-key.ts'
import { insist } from './rule.ts'

const what = 'The credential'

/**
 * Reads an mdoc that an issuer just gave, against what was asked for: of the document type in the
 * metadata, bound to the key that was proved. Its signature and its digests are checked, but whether the
 * signer may issue it is for verifiers to judge.
 */
export async function readReceivedMdoc(
  text: string,
  expected: { doctype?: string | undefined },
  { publicJwk }: HolderKey,
  at: Date,
): Promise<Pick<HeldMdoc, 'format' | 'docType' | 'claims' | 'issuerSigned'>> {
  const mdoc = readIssuerSigned(text)
  insist(mdoc, `${what} is no IssuerSigned in base64url (OpenID4VCI 1.0 A.2.4)`)
  const { docType, deviceKey, x5chain, issuerSigned } = mdoc
  const path = await verifyPath(x5chain, at, 'mdoc')
  insist(path.ok, `${what} has no good certificates: ${path.ok || path.error}`)
  insist(
    await verifyCoseSign1(issuerSigned.issuerAuth, path.value.leafKey, issuerSigned.payload),
    `${what} is not signed with ES256 by its x5chain`,
  )
  const mso = readMobileSecurityObject(issuerSigned.mso)
  const revealed = mso.ok ? await revealElements(issuerSigned.items, mso.value) : mso
  insist(revealed.ok, `${what} is malformed: ${revealed.ok || revealed.error}`)
  insist(
    docType === expected.doctype,
    `${what} has another document type than the metadata says (OpenID4VCI 1.0 A.2)`,
  )
  insist(
    deviceKey.x === publicJwk.x && deviceKey.y === publicJwk.y,
    `${what} is not bound to the key of the proof (OpenID4VCI 1.0 8.3)`,
  )
  return { format: 'mso_mdoc', docType, claims: revealed.value.claims, issuerSigned: text }
}
