import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Certificate, commonName, parseCertificate } from '../../src/credential/certificate.ts'
import { oid } from '../../src/credential/der.ts'
import {
  anyShape,
  certificateOf,
  type KeyPairs,
  keyPairs,
  type Shape,
} from '../support/any-certificate.ts'

let keys: KeyPairs
beforeAll(async () => {
  keys = await keyPairs()
})

const base64url = (bytes: ArrayBuffer | Uint8Array) =>
  Buffer.from(new Uint8Array(bytes)).toString('base64url')
const hexToBase64url = (hex: string | undefined) =>
  hex && Buffer.from(hex, 'hex').toString('base64url')
const valuesOf = (names: Shape['names'], kind: 'dns' | 'url') =>
  names?.filter(({ type }) => type === kind).map(({ value }) => value) ?? []

describe('whatever the library makes is read as it reads it', () => {
  it('field by field', async () => {
    await fc.assert(
      fc.asyncProperty(anyShape, async (shape) => {
        const made = await certificateOf(shape, keys)
        const ours = parseCertificate(Buffer.from(made.rawData).toString('base64'))
        const theirs = new x509.X509Certificate(made.rawData)
        expect(ours && { ...namesIn(ours), ...rightsIn(ours) }).toEqual({
          ...(await namesOf(theirs, shape)),
          ...rightsOf(theirs, shape),
        })
      }),
      { numRuns: 150 },
    )
  })
})

const namesIn = (ours: Certificate) => ({
  subject: base64url(ours.subject),
  issuer: base64url(ours.issuer),
  commonName: commonName(ours),
  notBefore: ours.notBefore,
  notAfter: ours.notAfter,
  hosts: ours.hosts,
  uris: ours.uris,
  keyId: ours.keyId,
  authorityKeyId: ours.authorityKeyId,
  curve: ours.publicKey?.curve,
  point: ours.publicKey && base64url(ours.publicKey.point),
})

async function namesOf(theirs: x509.X509Certificate, { names }: Shape) {
  const { namedCurve } = theirs.publicKey.algorithm as EcKeyAlgorithm
  const key = await theirs.publicKey.export({ name: 'ECDSA', namedCurve }, ['verify'])
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', key)).subarray(1)
  return {
    subject: base64url(theirs.subjectName.toArrayBuffer()),
    issuer: base64url(theirs.issuerName.toArrayBuffer()),
    commonName: theirs.subjectName.getField('CN')[0],
    notBefore: theirs.notBefore,
    notAfter: theirs.notAfter,
    hosts: valuesOf(names, 'dns'),
    uris: valuesOf(names, 'url'),
    keyId: hexToBase64url(theirs.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId),
    authorityKeyId: hexToBase64url(
      theirs.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId,
    ),
    curve: namedCurve,
    point: base64url(point),
  }
}

const rightsIn = (ours: Certificate) => ({
  isAuthority: ours.isAuthority,
  pathLength: ours.pathLength,
  keyUsage: ours.keyUsage,
  extendedKeyUsage: ours.extendedKeyUsage,
  hasStrangeExtension: ours.hasStrangeExtension,
  hash: ours.signature?.hash,
})

function rightsOf(theirs: x509.X509Certificate, { extendedUsage, hash }: Shape) {
  const constraints = theirs.getExtension(x509.BasicConstraintsExtension)
  const usages = theirs.getExtension(x509.KeyUsagesExtension)?.usages
  return {
    isAuthority: constraints?.ca === true,
    // A large one is a text to it.
    pathLength: constraints?.pathLength === undefined ? undefined : Number(constraints.pathLength),
    keyUsage: usages === undefined ? undefined : bitsOf(usages),
    extendedKeyUsage: extendedUsage?.map(oid),
    hasStrangeExtension: theirs.extensions.some(
      ({ type, critical }) => critical && (type === '1.2.3.4' || type === '2.5.29.31'),
    ),
    hash: hash === 'SHA-512' ? undefined : hash,
  }
}

/** The library counts bit 0 from the other end. */
const bitsOf = (flags: number) =>
  Array.from({ length: 8 }, (_, bit) => (flags & (1 << bit) ? 0x80 >> bit : 0)).reduce(
    (a, b) => a | b,
  )
