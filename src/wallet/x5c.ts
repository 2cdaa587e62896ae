import 'reflect-metadata'
import { X509Certificate } from '@peculiar/x509'
import { insist } from './rule.ts'

/** The certificate that signed something, `certificate` in base64 DER, and its common name. */
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
  const chain = ders.map(parseCertificate)
  const [leaf] = chain
  insist(leaf && !chain.includes(undefined), `${what} has something in x5c that is no certificate`)
  for (const [i, certificate] of chain.entries()) {
    await insistCertificate(certificate ?? leaf, chain[i + 1], at, what)
  }
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = await leaf.publicKey.export(ecdsa, ['verify']).catch(() => undefined)
  insist(key, `${what} is signed by a certificate whose key is not on P-256`)
  const [name = leaf.subject] = leaf.subjectName.getField('CN')
  return { certificate, key, name }
}

async function insistCertificate(
  certificate: X509Certificate,
  issuer: X509Certificate | undefined,
  at: Date,
  what: string,
): Promise<void> {
  insist(
    !(await certificate.isSelfSigned().catch(() => true)),
    `${what} has a self-signed certificate or its trust anchor in x5c (HAIP 1.0 5, 6.1.1)`,
  )
  insist(
    certificate.notBefore <= at && at <= certificate.notAfter,
    `${what} has a certificate in x5c that is not valid now`,
  )
  const signed = issuer?.publicKey && { publicKey: issuer.publicKey, signatureOnly: true }
  insist(
    !signed || (await certificate.verify(signed).catch(() => false)),
    `${what} has certificates in x5c that do not sign one another in order (RFC 7515 4.1.6)`,
  )
}

function parseCertificate(base64: unknown): X509Certificate | undefined {
  try {
    return new X509Certificate(Uint8Array.from(atob(String(base64)), (char) => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}
