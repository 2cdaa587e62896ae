import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import authorities from '../../keys-example/certificate-authorities.jwks.json' with { type: 'json' }
import type { TrustedCertificate } from '../../src/credential/x509.ts'
import { exampleKeys } from '../../src/example-keys.ts'

type Curve = 'P-256' | 'P-384'

/** Somebody with a key and a certificate. */
export type Party = {
  keys: CryptoKeyPair
  certificate: x509.X509Certificate
  /** base64 DER, as in `x5c`. */
  der: string
}

/** What to make otherwise than an honest authority would. */
export type CertificateOptions = {
  by?: Party
  curve?: Curve
  /** Of the signature on the certificate; absent: SHA-256. */
  hash?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'
  notBefore?: Date
  notAfter?: Date
  /** Absent: no limit. */
  pathLength?: number
  /** Undefined: an authority's or a signer's, as the function says; null: no such extension. */
  usage?: x509.KeyUsageFlags | null
  /** Object identifiers of the extended key usage; absent: no such extension. */
  extendedUsage?: string[]
  isAuthority?: boolean | null
  names?: x509.JsonGeneralNames
  /** Has this key pair, as a renewed certificate does; absent: a new one. */
  keys?: CryptoKeyPair
  /** Signs with this key instead of the one of `by`. */
  signedWith?: CryptoKeyPair
  /** Points at this key in the authority key identifier instead of the one of `by`. */
  authorityKey?: CryptoKey
  /** Says that its own key is this one, in the subject key identifier. */
  subjectKey?: CryptoKey
  /** Names this issuer instead of `by`. */
  issuer?: string
  extensions?: x509.Extension[]
}

let serialNumber = 0

async function certify(name: string, o: CertificateOptions): Promise<Party> {
  const algorithm = { name: 'ECDSA', namedCurve: o.curve ?? 'P-256', hash: 'SHA-256' }
  const usages: KeyUsage[] = ['sign', 'verify']
  const keys =
    o.keys ?? ((await crypto.subtle.generateKey(algorithm, true, usages)) as CryptoKeyPair)
  const issuerKeys = o.by?.keys ?? keys
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: (++serialNumber).toString(16).padStart(4, '0'),
    subject: `CN=${name}`,
    issuer: o.issuer ?? o.by?.certificate.subject ?? `CN=${name}`,
    notBefore: o.notBefore ?? new Date('2026-01-01T00:00:00Z'),
    notAfter: o.notAfter ?? new Date('2027-01-01T00:00:00Z'),
    publicKey: keys.publicKey,
    signingKey: (o.signedWith ?? issuerKeys).privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: o.hash ?? 'SHA-256' },
    extensions: [
      ...(o.isAuthority === null
        ? []
        : [new x509.BasicConstraintsExtension(o.isAuthority === true, o.pathLength, true)]),
      ...(o.usage ? [new x509.KeyUsagesExtension(o.usage, true)] : []),
      ...(o.extendedUsage ? [new x509.ExtendedKeyUsageExtension(o.extendedUsage)] : []),
      await x509.SubjectKeyIdentifierExtension.create(o.subjectKey ?? keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(o.authorityKey ?? issuerKeys.publicKey),
      ...(o.names ? [new x509.SubjectAlternativeNameExtension(o.names)] : []),
      ...(o.extensions ?? []),
    ],
  })
  return { keys, certificate, der: Buffer.from(certificate.rawData).toString('base64') }
}

/** A certificate that signs others; without `by` it signs itself. */
export function authority(name: string, options: CertificateOptions = {}): Promise<Party> {
  return certify(name, { isAuthority: true, usage: x509.KeyUsageFlags.keyCertSign, ...options })
}

/** A certificate that signs credentials, lists and requests. */
export function signer(name: string, options: CertificateOptions = {}): Promise<Party> {
  return certify(name, {
    isAuthority: false,
    usage: x509.KeyUsageFlags.digitalSignature,
    ...options,
  })
}

/**
 * An authority of the sandbox, such as `ca:issuer-vn`, which stands below the anchor of Viet Nam, or
 * `ca:issuer-vn:root`, which is the anchor.
 */
export async function exampleAuthority(purpose: string): Promise<Party> {
  const jwk = authorities.keys.find((each) => each.purpose === purpose)
  const [, anchor = ''] = /^ca:(.*):root$/.exec(purpose) ?? []
  const der = jwk?.x5c?.[0] ?? exampleKeys.anchors[anchor]
  if (!jwk || !der) throw new Error('the authority has no certificate')
  const { kty, crv, x, y, d } = jwk
  const certificate = new x509.X509Certificate(der)
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = { kty, crv, x, y, d }
  const privateKey = await crypto.subtle.importKey('jwk', key, ecdsa, true, ['sign'])
  const publicKey = await certificate.publicKey.export(ecdsa, ['verify'], crypto)
  return { keys: { privateKey, publicKey }, certificate, der }
}

/** Root, intermediate and leaf, ready to sign; the leaf names `uri` and its host. */
export async function certifiedSigner(uri = 'https://issuer.example/vn', options = {}) {
  const root = await authority('Root')
  const intermediate = await authority('Intermediate', { by: root, pathLength: 0 })
  const names: x509.JsonGeneralNames = [
    { type: 'url', value: uri },
    { type: 'dns', value: new URL(uri).hostname },
  ]
  const leaf = await signer('Signer', { by: intermediate, names, ...options })
  const anchor: TrustedCertificate = { id: 'anchor-root', certificate: root.der }
  return {
    root,
    intermediate,
    leaf,
    anchor,
    x5c: [leaf.der, intermediate.der],
    kid: 'signer-1',
    sign: signWith(leaf.keys),
  }
}

/** ES256 with a key pair (64 bytes, r and s). */
export const signWith = (keys: Pick<CryptoKeyPair, 'privateKey'>) => async (bytes: Uint8Array) =>
  new Uint8Array(
    await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      keys.privateKey,
      Uint8Array.from(bytes),
    ),
  )
