import { type Certificate, parseCertificate } from '../credential/certificate.ts'
import { insist } from './rule.ts'

/** Who signed something: the certificate in base64 DER, its key, and the common name in it. */
export type Signer = { certificate: string; key: CryptoKey; name: string }

/**
 * Reads an `x5c` header parameter (RFC 7515 4.1.6) as far as that can be done without a trust anchor:
 * each certificate is signed by the next and valid at this instant, and none is self-signed (HAIP 1.0:
 * the anchor is never sent). `what` names, in the sentence that is thrown, what was signed.
 */
export async function readSigner(x5c: unknown, at: Date, what: string): Promise<Signer> {
  const ders: unknown[] = Array.isArray(x5c) ? x5c : []
  const [certificate] = ders
  insist(
    typeof certificate === 'string' && ders.length <= 5,
    `${what} has no x5c with one to five certificates (HAIP 1.0 5, 6.1.1)`,
  )
  const chain = ders.map(parseCertificate).filter((parsed) => parsed !== undefined)
  const [leaf] = chain
  insist(
    leaf && chain.length === ders.length,
    `${what} has something in x5c that is no certificate`,
  )
  for (const [i, parsed] of chain.entries()) await insistFit(parsed, chain[i + 1], at, what)
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
  const { publicKey, subject, subjectName } = leaf.x509
  const key = await publicKey.export(ecdsa, ['verify'], crypto).catch(() => undefined)
  insist(key, `${what} is signed by a certificate whose key is not on P-256`)
  const [name = subject] = subjectName.getField('CN')
  return { certificate, key, name }
}

async function insistFit(
  { subject, issuer, notBefore, notAfter, x509 }: Certificate,
  next: Certificate | undefined,
  at: Date,
  what: string,
): Promise<void> {
  insist(
    subject !== issuer,
    `${what} has a self-signed certificate or its trust anchor in x5c (HAIP 1.0 5, 6.1.1)`,
  )
  insist(
    notBefore <= at && at <= notAfter,
    `${what} has a certificate in x5c that is not valid now`,
  )
  if (!next) return
  const issued = { publicKey: next.x509.publicKey, signatureOnly: true }
  insist(
    issuer === next.subject && (await x509.verify(issued, crypto).catch(() => false)),
    `${what} has certificates in x5c that do not sign one another in order (RFC 7515 4.1.6)`,
  )
}
