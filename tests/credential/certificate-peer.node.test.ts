import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { maySignCertificates, parseCertificate } from '../../src/credential/certificate.ts'
import { oid } from '../../src/credential/der.ts'
import {
  anyAlteration,
  anyShape,
  certificateOf,
  type KeyPairs,
  keyPairs,
} from '../support/any-certificate.ts'
import { authority, type Party, signer } from '../support/certificates.ts'

let keys: KeyPairs
beforeAll(async () => {
  keys = await keyPairs()
})

function readByUs(der: Uint8Array) {
  const certificate = parseCertificate(Buffer.from(der).toString('base64'))
  return (
    certificate && {
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      isAuthority: maySignCertificates(certificate),
      extendedKeyUsage: certificate.extendedKeyUsage,
      hosts: certificate.hosts,
      uris: certificate.uris,
      point: Buffer.from(certificate.publicKey?.point ?? []).toString('hex'),
    }
  )
}

/** The point of keys on a curve only; there are roots with RSA. */
function readByNode(der: Uint8Array, hasPoint = true) {
  const certificate = new X509Certificate(der)
  return {
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    isAuthority: certificate.ca,
    extendedKeyUsage: certificate.keyUsage?.map(oid),
    hosts: namesOf(certificate, 'DNS'),
    uris: namesOf(certificate, 'URI'),
    ...(hasPoint && { point: pointOf(certificate) }),
  }
}

function pointOf(certificate: X509Certificate): string {
  const { x = '', y = '' } = certificate.publicKey.export({ format: 'jwk' })
  return Buffer.concat([x, y].map((text) => Buffer.from(text, 'base64url'))).toString('hex')
}

/** Node lists them with commas, and in quotes where a name has some of its own. */
const namesOf = ({ subjectAltName = '' }: X509Certificate, kind: string) =>
  [...subjectAltName.matchAll(/(?:^|, )([\w ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g)]
    .filter(([, type]) => type === kind)
    .map(([, , value = '']) => (value.startsWith('"') ? JSON.parse(value) : value))

describe('node:crypto reads what we read', () => {
  it.each(rootCertificates)('in the root certificates of the web: %#', (pem) => {
    const der = new Uint8Array(new X509Certificate(pem).raw)
    const ours = readByUs(der)
    expect(ours).toEqual({ point: '', ...readByNode(der, ours?.point !== '') })
  })

  it('in certificates of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(anyShape, async (shape) => {
        const der = new Uint8Array((await certificateOf(shape, keys)).rawData)
        expect(readByUs(der)).toEqual(readByNode(der))
      }),
      { numRuns: 150 },
    )
  })
})

describe('what we still read of a certificate that was altered,', () => {
  let parties: Party[]
  beforeAll(async () => {
    const names = [
      { type: 'dns' as const, value: 'issuer.example' },
      { type: 'url' as const, value: 'https://issuer.example/vn' },
    ]
    const extendedUsage = ['1.0.18013.5.1.2', '2.25.278336294619725213839950751002167994787']
    const root = await authority('Root', { pathLength: 3 })
    parties = [root, await signer('Leaf', { by: root, names, extendedUsage })]
  })

  it('node:crypto reads as we do', () => {
    fc.assert(
      fc.property(fc.nat(1), anyAlteration, (which, alter) => {
        const der = alter(new Uint8Array(parties[which]?.certificate.rawData ?? []))
        const ours = isOfUse(der) && readByUs(der)
        const theirs = ours && readByNodeIfItCan(der)
        // OpenSSL has no names at all where one is malformed that is of no kind we read.
        const hasNames = theirs && theirs.hosts.length + theirs.uris.length > 0
        if (theirs)
          expect(ours).toMatchObject(
            hasNames ? theirs : { ...theirs, hosts: expect.anything(), uris: expect.anything() },
          )
      }),
      { numRuns: 3000 },
    )
  })

  /** Whether we would use it for anything. */
  function isOfUse(der: Uint8Array): boolean {
    const certificate = parseCertificate(Buffer.from(der).toString('base64'))
    const { publicKey, hasStrangeExtension = true } = certificate ?? {}
    return publicKey !== undefined && publicKey.point.length > 0 && !hasStrangeExtension
  }

  /** OpenSSL takes no point off the curve, which we find out on import, and fewer kinds of text in names. */
  function readByNodeIfItCan(der: Uint8Array) {
    try {
      return readByNode(der)
    } catch {
      return undefined
    }
  }
})
