import 'reflect-metadata'
import { hash, type KeyObject, X509Certificate } from 'node:crypto'
import { CoseKey, DeviceResponse, type MdocContext, SessionTranscript, Verifier } from '@owf/mdoc'
import { assert, followChain, type Issuer, importPublic, verifyBytes } from '../by-hand.ts'

// `@owf/mdoc`, with node:crypto as the cryptography that it asks for.

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url')
const unused = () => {
  throw new Error('a verifier needs no such thing')
}

/** Remembers chains where it is told to, as we do. */
export function owfVerifier(anchor: X509Certificate, usage: string, remembers: boolean) {
  const anchorKey = anchor.publicKey
  const known = new Map<string, { issuer: Issuer; key: CoseKey }>()
  function issuerOf(x5chain: readonly Uint8Array[], at: number) {
    const ders = x5chain.map((der) => Buffer.from(der).toString('base64'))
    const name = ders[0] ?? ''
    const found = known.get(name)
    if (found) return found
    const issuer = followChain(ders, anchor, anchorKey, at, usage)
    const jwk = issuer.key.export({ format: 'jwk' })
    const made = { issuer, key: CoseKey.fromJwk({ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y }) }
    known.set(name, made)
    return made
  }
  const keyOf = (certificate: Uint8Array) =>
    known.get(Buffer.from(certificate).toString('base64'))?.key ?? unused()
  const dates = (certificate: Uint8Array) => {
    const { validFromDate, validToDate } = new X509Certificate(certificate)
    return { notBefore: validFromDate, notAfter: validToDate }
  }
  const kept = new Map<string, ReturnType<typeof dates>>()
  const context: MdocContext = {
    crypto: {
      random: unused,
      digest: ({ bytes }) => hash('sha256', bytes, 'buffer'),
      calculateEphemeralMacKey: unused,
    },
    cose: {
      sign1: {
        sign: unused,
        verify({ key, sign1 }) {
          const imported: KeyObject = importPublic({
            ...{ kty: 'EC', crv: 'P-256', x: text(key.x), y: text(key.y) },
          })
          return verifyBytes(imported, Buffer.from(sign1.toBeSigned), Buffer.from(sign1.signature))
        },
      },
      mac0: { sign: unused, verify: () => false },
    },
    x509: {
      getIssuerNameField: () => ['VN'],
      getPublicKey: ({ certificate }) => keyOf(certificate),
      verifyCertificateChain({ x5chain, now = new Date() }) {
        issuerOf(x5chain, now.getTime())
      },
      getCertificateData({ certificate }) {
        const name = text(certificate)
        const found = kept.get(name) ?? dates(certificate)
        if (remembers) kept.set(name, found)
        return {
          ...{ issuerName: '', subjectName: '', serialNumber: '', thumbprint: '', pem: '' },
          ...found,
        }
      },
    },
  }
  return async (response: string, sessionTranscript: Uint8Array, at: Date): Promise<void> => {
    await Verifier.verifyDeviceResponse(
      {
        deviceResponse: DeviceResponse.fromEncodedForOid4Vp(response),
        sessionTranscript: SessionTranscript.decode(sessionTranscript),
        trustedCertificates: [new Uint8Array(anchor.raw)],
        now: at,
      },
      context,
    )
    if (!remembers) known.clear()
    assert(known.size <= 1, 'one issuer')
  }
}
