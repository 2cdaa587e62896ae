import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import fc from 'fast-check'
import type { Curve, Hash } from '../../src/credential/cryptography.ts'

/** What an authority may put into a certificate, of all that there is. */
export type Shape = {
  curve: Curve
  by: Curve
  hash: Hash | 'SHA-512'
  subject: string
  notBefore: Date
  notAfter: Date
  constraints: { isAuthority: boolean; pathLength?: number } | undefined
  usage: number | undefined
  extendedUsage: string[] | undefined
  names: { type: 'dns' | 'url' | 'email' | 'ip'; value: string }[] | undefined
  hasKeyIds: boolean
  other: { type: string; critical: boolean }[]
}

const either = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const word = fc.stringMatching(/^[A-Za-zÀ-ỹ0-9][A-Za-zÀ-ỹ0-9 .-]{0,30}[a-z]$/)
const time = fc.date({
  min: new Date('1950-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
})
const wholeSeconds = time.map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000))
const arc = fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1))
const smallOid = fc.tuple(fc.nat(2), fc.nat(39), fc.array(arc, { minLength: 1, maxLength: 6 }))
const curve = fc.constantFrom<Curve[]>('P-256', 'P-384')

export const anyShape: fc.Arbitrary<Shape> = fc.record({
  curve,
  by: curve,
  hash: fc.constantFrom<Shape['hash'][]>('SHA-256', 'SHA-384', 'SHA-512'),
  subject: fc.tuple(word, word).map(([common, organisation]) => `CN=${common}, O=${organisation}`),
  notBefore: wholeSeconds,
  notAfter: wholeSeconds,
  constraints: either(
    fc.oneof(
      fc.record({ isAuthority: fc.boolean() }),
      fc.record({ isAuthority: fc.constant(true), pathLength: fc.nat(2 ** 31 - 1) }),
    ),
  ),
  usage: either(fc.integer({ min: 1, max: 0x1ff })),
  extendedUsage: either(
    fc.array(
      smallOid.map(([first, second, rest]) => [first, second, ...rest].join('.')),
      { minLength: 1, maxLength: 4 },
    ),
  ),
  names: either(
    fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('dns' as const), value: fc.domain() }),
        fc.record({ type: fc.constant('url' as const), value: fc.webUrl() }),
        fc.record({ type: fc.constant('email' as const), value: fc.constant('a@b.example') }),
        fc.record({ type: fc.constant('ip' as const), value: fc.ipV4() }),
      ),
      { minLength: 1, maxLength: 5 },
    ),
  ),
  hasKeyIds: fc.boolean(),
  other: fc.uniqueArray(
    fc.record({
      type: fc.constantFrom('1.2.3.4', '2.5.29.31', '2.5.29.32'),
      critical: fc.boolean(),
    }),
    { selector: ({ type }) => type, maxLength: 3 },
  ),
})

/** Keys on both curves: one to certify with, one to certify. */
export type KeyPairs = Record<Curve, { by: CryptoKeyPair; of: CryptoKeyPair }>

export async function keyPairs(): Promise<KeyPairs> {
  const pair = (namedCurve: Curve) =>
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, [
      'sign',
      'verify',
    ]) as Promise<CryptoKeyPair>
  const both = async (on: Curve) => ({ by: await pair(on), of: await pair(on) })
  return { 'P-256': await both('P-256'), 'P-384': await both('P-384') }
}

/** A certificate of that shape, by the library. */
export async function certificateOf(shape: Shape, keys: KeyPairs): Promise<x509.X509Certificate> {
  const { constraints, usage, extendedUsage, names, hasKeyIds, other } = shape
  const { publicKey } = keys[shape.curve].of
  const { by } = keys[shape.by]
  return x509.X509CertificateGenerator.create({
    serialNumber: '0a',
    subject: shape.subject,
    issuer: 'CN=Authority',
    notBefore: shape.notBefore,
    notAfter: shape.notAfter,
    publicKey,
    signingKey: by.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: shape.hash },
    extensions: [
      ...(constraints
        ? [
            new x509.BasicConstraintsExtension(
              constraints.isAuthority,
              constraints.pathLength,
              true,
            ),
          ]
        : []),
      ...(usage === undefined ? [] : [new x509.KeyUsagesExtension(usage, true)]),
      ...(extendedUsage ? [new x509.ExtendedKeyUsageExtension(extendedUsage)] : []),
      ...(names ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ...(hasKeyIds
        ? [
            await x509.SubjectKeyIdentifierExtension.create(publicKey),
            await x509.AuthorityKeyIdentifierExtension.create(by.publicKey),
          ]
        : []),
      ...other.map(
        ({ type, critical }) => new x509.Extension(type, critical, Uint8Array.of(0x30, 0)),
      ),
    ],
  })
}

type Alteration = (der: Uint8Array) => Uint8Array

const at = fc.nat()
const byte = fc.integer({ min: 1, max: 255 })

/** A byte changed, put in, left out or made many, in any place. */
export const anyAlteration: fc.Arbitrary<Alteration> = fc.oneof(
  fc.tuple(at, byte).map<Alteration>(
    ([at, flip]) =>
      (der) =>
        der.with(at % der.length, (der[at % der.length] ?? 0) ^ flip),
  ),
  fc.tuple(at, fc.nat(2), fc.uint8Array({ maxLength: 4 })).map<Alteration>(
    ([at, count, put]) =>
      (der) =>
        Uint8Array.from([...der].toSpliced(at % der.length, count, ...put)),
  ),
  fc.tuple(at, at).map<Alteration>(([from, to]) => (der) => {
    const copied = der.subarray(from % der.length).subarray(0, 1 + (to % 40))
    return Uint8Array.from([...der].toSpliced(to % der.length, copied.length, ...copied))
  }),
)
