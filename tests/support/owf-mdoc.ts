import 'reflect-metadata'
import {
  CoseKey,
  DeviceKey,
  DeviceNamespaces,
  DeviceRequest,
  DeviceResponse,
  DeviceSignedItems,
  DocRequest,
  Holder,
  Issuer,
  IssuerSigned,
  ItemsRequest,
  type MdocContext,
  SessionTranscript,
  SignatureAlgorithm,
  Verifier,
} from '@owf/mdoc'
import * as x509 from '@peculiar/x509'

/** What the mdoc library of the OpenWallet Foundation wants to be given: cryptography, and certificates. */
export const owfContext: MdocContext = {
  crypto: {
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    digest: async ({ digestAlgorithm, bytes }) =>
      new Uint8Array(await crypto.subtle.digest(digestAlgorithm, Uint8Array.from(bytes))),
    calculateEphemeralMacKey: () => {
      throw new Error('no MAC')
    },
  },
  cose: {
    sign1: {
      async sign({ toBeSigned, key }) {
        const jwk = { kty: 'EC', crv: 'P-256', x: text(key.x), y: text(key.y), d: text(key.d) }
        const signing = await crypto.subtle.importKey('jwk', jwk, ecdsa, false, ['sign'])
        return new Uint8Array(await crypto.subtle.sign(es256, signing, Uint8Array.from(toBeSigned)))
      },
      async verify({ key, sign1 }) {
        const jwk = { kty: 'EC', crv: 'P-256', x: text(key.x), y: text(key.y) }
        const verifying = await crypto.subtle.importKey('jwk', jwk, ecdsa, false, ['verify'])
        const signature = Uint8Array.from(sign1.signature)
        return crypto.subtle.verify(es256, verifying, signature, Uint8Array.from(sign1.toBeSigned))
      },
    },
    mac0: {
      sign: () => {
        throw new Error('no MAC')
      },
      verify: () => false,
    },
  },
  x509: {
    // It insists on a country in a name; ours have none.
    getIssuerNameField: () => ['VN'],
    async getPublicKey({ certificate }) {
      const { publicKey } = new x509.X509Certificate(Uint8Array.from(certificate))
      const key = await publicKey.export(ecdsa, ['verify'], crypto)
      const { x, y } = await crypto.subtle.exportKey('jwk', key)
      return CoseKey.fromJwk({ kty: 'EC', crv: 'P-256', x, y })
    },
    async verifyCertificateChain({ trustedCertificates, x5chain, now }) {
      const chain = [...x5chain, ...trustedCertificates].map(
        (der) => new x509.X509Certificate(Uint8Array.from(der)),
      )
      for (const [i, certificate] of chain.entries()) {
        const { publicKey } = chain[i + 1] ?? certificate
        const isGood = await certificate.verify({ publicKey, ...(now && { date: now }) }, crypto)
        if (!isGood) throw new Error('not its issuer')
      }
    },
    getCertificateData({ certificate }) {
      const read = new x509.X509Certificate(Uint8Array.from(certificate))
      return {
        issuerName: read.issuer,
        subjectName: read.subject,
        serialNumber: read.serialNumber,
        thumbprint: '',
        notBefore: read.notBefore,
        notAfter: read.notAfter,
        pem: read.toString('pem'),
      }
    },
  },
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
const es256 = { name: 'ECDSA', hash: 'SHA-256' }
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url')

type Elements = Record<string, Record<string, unknown>>
type KeyPair = Pick<CryptoKeyPair, 'privateKey'>

async function coseKey({ privateKey }: KeyPair) {
  const { x, y, d } = await crypto.subtle.exportKey('jwk', privateKey)
  return CoseKey.fromJwk({ kty: 'EC', crv: 'P-256', x, y, d, alg: 'ES256' })
}

/** IssuerSigned in base64url, as the library makes it. */
export async function owfIssue(issued: {
  docType: string
  nameSpaces: Elements
  issuer: KeyPair
  x5chain: string[]
  deviceKey: JsonWebKey
  validity: { signed: Date; validFrom: Date; validUntil: Date }
}): Promise<string> {
  const issuer = new Issuer(issued.docType, owfContext)
  for (const [name, elements] of Object.entries(issued.nameSpaces)) {
    issuer.addIssuerNamespace(name, elements)
  }
  const { kty, crv, x, y } = issued.deviceKey
  const signed = await issuer.sign({
    signingKey: await coseKey(issued.issuer),
    algorithm: SignatureAlgorithm.ES256,
    digestAlgorithm: 'SHA-256',
    validityInfo: issued.validity,
    deviceKeyInfo: { deviceKey: DeviceKey.fromJwk({ kty, crv, x, y }) },
    certificates: issued.x5chain.map((der) => new Uint8Array(Buffer.from(der, 'base64'))),
  })
  return signed.encodedForOid4Vci
}

/** A DeviceResponse in base64url, as the library makes it. */
export async function owfPresent(presented: {
  issuerSigned: string
  docType: string
  show: Record<string, string[]>
  sessionTranscript: Uint8Array
  device: KeyPair
  /** What the device states by itself. */
  deviceElements?: Elements
}): Promise<string> {
  const { issuerSigned, docType, show, sessionTranscript, device, deviceElements = {} } = presented
  const namespaces = Object.fromEntries(
    Object.entries(show).map(([name, elements]) => [
      name,
      Object.fromEntries(elements.map((element) => [element, false])),
    ]),
  )
  const itemsRequest = ItemsRequest.create({ docType, namespaces })
  const deviceNamespaces = new Map(
    Object.entries(deviceElements).map(([name, elements]) => [
      name,
      DeviceSignedItems.create({ deviceSignedItems: new Map(Object.entries(elements)) }),
    ]),
  )
  const response = await Holder.createDeviceResponseForDeviceRequest(
    {
      deviceRequest: DeviceRequest.create({ docRequests: [DocRequest.create({ itemsRequest })] }),
      sessionTranscript: SessionTranscript.decode(sessionTranscript),
      issuerSigned: [IssuerSigned.fromEncodedForOid4Vci(issuerSigned)],
      deviceNamespaces: DeviceNamespaces.create({ deviceNamespaces }),
      signature: { signingKey: await coseKey(device) },
    },
    owfContext,
  )
  return response.encodedForOid4Vp
}

/** Throws where the library refuses. */
export async function owfVerify(
  response: string,
  policy: { sessionTranscript: Uint8Array; anchor: string; at: Date },
): Promise<void> {
  await Verifier.verifyDeviceResponse(
    {
      deviceResponse: DeviceResponse.fromEncodedForOid4Vp(response),
      sessionTranscript: SessionTranscript.decode(policy.sessionTranscript),
      trustedCertificates: [new Uint8Array(Buffer.from(policy.anchor, 'base64'))],
      now: policy.at,
    },
    owfContext,
  )
}
