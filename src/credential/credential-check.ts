import { type Finding, fail, type Result, skip } from '../result.ts'
import { judged } from './finding.ts'
import { type KeyBindingCheck, keyBindingUnread } from './key-binding.ts'
import { type Chain, type KeyPurpose, type TrustedCertificate, verifyChain } from './x509.ts'

/** What is judged of a credential, whatever its format: always all of it, in this order. */
export type CredentialCheck =
  | 'credential.format'
  | 'credential.header'
  | 'credential.chain'
  | 'credential.signature'
  | 'credential.disclosures'
  | 'credential.claims'
  | 'credential.issuer'
  | 'credential.validity'
  | KeyBindingCheck

/** As of when a credential is judged, and who may vouch for its issuer. */
export type IssuerPolicy = {
  /** The instant as of which everything is judged. */
  at: Date
  anchors: readonly TrustedCertificate[]
  /**
   * Anchors that are known and not in force, for the report to say so: asked for only where a chain leads
   * to none of `anchors`. Who gives them must refuse a credential whose `anchor` is one of them.
   */
  otherAnchors?: () => readonly TrustedCertificate[]
}

/** Where the certificates of an issuer led; undefined when there are none. */
export type IssuerChain = Result<Chain, string> | undefined

/** Follows the certificates of an issuer, to the anchors in force first. */
export async function followIssuer(
  x5c: unknown,
  { anchors, otherAnchors, at }: IssuerPolicy,
  purpose: KeyPurpose,
): Promise<IssuerChain> {
  if (x5c === undefined) return undefined
  const chain = await verifyChain(x5c, anchors, at, purpose)
  if (chain.ok || !otherAnchors) return chain
  const other = await verifyChain(x5c, otherAnchors(), at, purpose)
  return other.ok ? other : chain
}

/** `header` is the name of the one that carries certificates. */
export function judgeChain(
  chain: IssuerChain,
  header: 'x5c' | 'x5chain',
): Finding<'credential.chain'> {
  const check = 'credential.chain'
  if (!chain) return skip(check, `Not judged: there is no ${header}.`)
  return judged(check, chain.ok ? undefined : chain.error, `${header} leads to a trust anchor.`)
}

export function judgeSignature(
  chain: IssuerChain,
  isSigned: boolean,
  header: 'x5c' | 'x5chain',
): Finding<'credential.signature'> {
  const check = 'credential.signature'
  if (!chain?.ok) return skip(check, 'Not judged: there is no trusted key to judge by.')
  const fault = `The signature is not that of the first certificate in ${header} over these very bytes.`
  return judged(
    check,
    isSigned ? undefined : fault,
    `Signed by the first certificate in ${header}.`,
  )
}

/** All findings, when a credential could not even be read. */
export function unread(fault: string): { findings: Finding<CredentialCheck>[] } {
  const why = 'Not judged: the credential could not be read.'
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
