import { DataItem, DeviceResponse, Document, MDoc, Verifier } from '@auth0/mdl'
import { cborEncode } from '@auth0/mdl/lib/cbor/index.js'
import type { JWK } from 'jose'

type Elements = Record<string, Record<string, unknown>>
type KeyPair = Pick<CryptoKeyPair, 'privateKey'>

const privateJwk = async ({ privateKey }: KeyPair) => {
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey)
  return { kty, crv, x, y, d } as JWK
}
const pem = (der: string) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----`

/** What the mdoc library of Auth0 issues, and its DeviceResponse for a session, in base64url. */
export async function auth0Present(made: {
  docType: string
  nameSpaces: Elements
  issuer: KeyPair
  x5chain: string[]
  deviceKey: JsonWebKey
  validity: { signed: Date; validFrom: Date; validUntil: Date }
  show: [nameSpace: string, element: string][]
  sessionTranscript: Uint8Array
  device: KeyPair
  /** What the device states by itself. */
  deviceElements?: Elements
}): Promise<string> {
  const document = new Document(made.docType)
  for (const [name, elements] of Object.entries(made.nameSpaces)) {
    document.addIssuerNameSpace(name, elements)
  }
  const issued = await document
    .useDigestAlgorithm('SHA-256')
    .addValidityInfo(made.validity)
    .addDeviceKeyInfo({ deviceKey: made.deviceKey as JWK })
    .sign({
      issuerPrivateKey: await privateJwk(made.issuer),
      issuerCertificate: made.x5chain.map(pem),
      alg: 'ES256',
      kid: 'signer-1',
    })
  const presentation = DeviceResponse.from(new MDoc([issued]))
    .usingPresentationDefinition(definitionOf(made.docType, made.show))
    .usingSessionTranscriptBytes(sessionTranscriptBytes(made.sessionTranscript))
    .authenticateWithSignature({ ...(await privateJwk(made.device)), kid: 'device' }, 'ES256')
  for (const [name, elements] of Object.entries(made.deviceElements ?? {})) {
    presentation.addDeviceNameSpace(name, elements)
  }
  const response = await presentation.sign()
  return Buffer.from(response.encode()).toString('base64url')
}

const definitionOf = (docType: string, show: [nameSpace: string, element: string][]) => ({
  id: 'all',
  input_descriptors: [
    {
      id: docType,
      format: { mso_mdoc: { alg: ['ES256'] } },
      constraints: {
        limit_disclosure: 'required',
        fields: show.map(([name, element]) => ({
          path: [`$['${name}']['${element}']`],
          intent_to_retain: false,
        })),
      },
    },
  ],
})

const sessionTranscriptBytes = (transcript: Uint8Array) =>
  cborEncode(new DataItem({ buffer: transcript }))

/** The checks at which the library refuses; it knows no instant but the present. */
export async function auth0Failures(
  response: string,
  { sessionTranscript, anchor }: { sessionTranscript: Uint8Array; anchor: string },
): Promise<string[]> {
  const failed: string[] = []
  await new Verifier([pem(anchor)]).verify(Buffer.from(response, 'base64url'), {
    encodedSessionTranscript: sessionTranscriptBytes(sessionTranscript),
    onCheck: ({ status, id, check }) => {
      if (status === 'FAILED') failed.push(id ?? check)
    },
  })
  return failed
}
