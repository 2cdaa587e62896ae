import { readIssuerSigned } from '../credential/device-response.ts'
import type { HeldMdoc } from './held-credential.ts'
import { insist } from './rule.ts'

/** What is held was checked when it came in, so that only a fault of ours can make it unreadable. */
export function readHeldMdoc({ issuerSigned }: HeldMdoc): { x5c: string[] } {
  const mdoc = readIssuerSigned(issuerSigned)
  insist(mdoc, 'The wallet holds something that is no mdoc')
  return { x5c: mdoc.x5chain }
}
