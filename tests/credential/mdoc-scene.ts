import { encodeBase64url } from '../../src/credential/base64url.ts'
import { type CborMap, isCborMap } from '../../src/credential/cbor.ts'
import { type Encodable, embed, encodeCbor } from '../../src/credential/cbor-encoder.ts'
import { coseHeader, x5chainHeader } from '../../src/credential/cose.ts'
import { deviceAuthenticationBytes } from '../../src/credential/device-authentication.ts'
import { createDeviceResponse, readIssuerSigned } from '../../src/credential/device-response.ts'
import { sha256 } from '../../src/credential/digest.ts'
import type { EcPublicJwk } from '../../src/credential/jwk.ts'
import type { Sign } from '../../src/credential/jws.ts'
import { keyPurposeIds } from '../../src/credential/key-purpose.ts'
import {
  type MdocDraft,
  type MdocPolicy,
  prepareMdoc,
  signMdoc,
} from '../../src/credential/mdoc.ts'
import { redirectTranscript } from '../../src/credential/session-transcript.ts'
import {
  type CertificateOptions,
  certifiedSigner,
  signer,
  signWith,
} from '../support/certificates.ts'
import { at, countingRandom, issuerId } from './scene.ts'

export const docType = 'org.gerbang.pid.1'

/** What went into the request that is answered. */
export const session = {
  clientId: 'x509_hash:abc',
  nonce: 'nonce-of-this-request',
  jwkThumbprint: new Uint8Array(32).fill(7),
  responseUri: 'https://verifier.example/response',
}

export const hoursFrom = (hours: number) => new Date(at.getTime() + hours * 3_600_000)

/** Members to put in the place of others; `undefined` leaves one out. */
type Members = Record<string, Encodable | undefined>
type Headers = ReadonlyMap<number, Encodable>

/** What to make otherwise than an honest issuer, or an honest device, would. */
export type Forgery = {
  /** Of the mobile security object, truly signed. */
  mso?: Members
  /** The payload of issuerAuth, instead of the mobile security object with tag 24. */
  payload?: Uint8Array
  issuerProtected?: Headers
  issuerUnprotected?: Headers
  /** Done to issuerAuth after it is signed. */
  issuerAuth?: (issuerAuth: Encodable[]) => Encodable
  signIssuer?: Sign
  nameSpaces?: Encodable
  issuerSigned?: Members
  deviceNameSpaces?: Encodable
  deviceProtected?: Headers
  deviceUnprotected?: Headers
  /** Sends along what the device signed. */
  attach?: boolean
  deviceAuth?: (deviceSignature: Encodable[]) => Encodable
  signDevice?: Sign
  sessionTranscript?: Uint8Array
  deviceDocType?: string
  deviceSigned?: Members
  document?: Members
  response?: Members
}

/** Somebody who is certified to sign mdocs, or something else. */
export const documentSigner = (options: CertificateOptions = {}) =>
  certifiedSigner(issuerId, { extendedUsage: [keyPurposeIds.mdoc], ...options })

export type MdocScene = Awaited<ReturnType<typeof mdocScene>>

/** An issuer, a holder's device, and the verifier's policy. */
export async function mdocScene() {
  const issuer = await documentSigner()
  const device = await signer('Device')
  const { x, y } = await crypto.subtle.exportKey('jwk', device.keys.publicKey)
  const draft: MdocDraft = {
    x5chain: issuer.x5c,
    docType,
    nameSpaces: {
      [docType]: {
        given_name: 'An',
        family_name: 'Nguyễn',
        birthdate: '1990-01-01',
        address: { country: 'VN', locality: 'Huế' },
        nationalities: ['VN'],
      },
    },
    deviceKey: { kty: 'EC', crv: 'P-256', x, y } as EcPublicJwk,
    signed: hoursFrom(-1),
    validFrom: hoursFrom(-1),
    validUntil: hoursFrom(1),
    status: { uri: 'https://issuer.example/status/1', idx: 7 },
    statement: { issuing_country: 'VN', verification: { assurance_level: '2' } },
  }
  const issued = await signMdoc(await prepareMdoc(draft, countingRandom()), issuer.sign)
  const transcript = await redirectTranscript(session)
  const policy: MdocPolicy = { at, anchors: [issuer.anchor], sessionTranscript: transcript }
  const signDevice = signWith(device.keys)
  /** An honest presentation of some elements, in the session of the policy or another. */
  async function present(names: string[], change: Partial<typeof session> = {}) {
    return createDeviceResponse({
      issuerSigned: issued,
      docType,
      show: names.map((name) => [docType, name]),
      sessionTranscript: await redirectTranscript({ ...session, ...change }),
      sign: signDevice,
    })
  }

  const forger = mdocForger({ issuer, docType, issued, signDevice, transcript })

  return {
    issuer,
    device,
    draft,
    issued,
    policy,
    signDevice,
    present,
    ...forger,
  }
}

/** Who signs as an issuer and as a device, what they signed honestly, and for which session. */
type Parties = {
  issuer: { x5c: readonly string[]; sign: Sign }
  docType: string
  issued: string
  signDevice: Sign
  transcript: Uint8Array
}

/** Forges what an issuer gave, and its presentation: truly signed by both, unless it is the signature. */
export function mdocForger({ issuer, docType, issued, signDevice, transcript }: Parties) {
  const held = readIssuerSigned(issued)
  if (!held || !isCborMap(held.issuerSigned.mso)) throw new Error('we cannot read what we issue')
  const { mso } = held.issuerSigned

  /** All that was issued, as it came. */
  const allItems = new Map([[docType, held.items.map(({ encoded }) => ({ encoded }))]])

  async function forgeIssuerSigned(forgery: Forgery): Promise<Encodable> {
    const { issuerProtected, issuerUnprotected, signIssuer = issuer.sign } = forgery
    const issuerAuth = await sign1(
      issuerProtected ?? es256,
      issuerUnprotected ?? new Map([[coseHeader.x5chain, x5chainHeader(issuer.x5c)]]),
      forgery.payload ?? encodeCbor(embed(replaced(mso, forgery.mso))),
      signIssuer,
    )
    const members = new Map<string, Encodable>([
      ['nameSpaces', forgery.nameSpaces ?? allItems],
      ['issuerAuth', (forgery.issuerAuth ?? ((same) => same))([...issuerAuth])],
    ])
    return replaced(members, forgery.issuerSigned)
  }

  async function forgeDeviceSigned(forgery: Forgery): Promise<Encodable> {
    const nameSpaces = embed(forgery.deviceNameSpaces ?? new Map())
    const payload = deviceAuthenticationBytes(
      forgery.sessionTranscript ?? transcript,
      forgery.deviceDocType ?? docType,
      nameSpaces,
    )
    const { deviceProtected = es256, deviceUnprotected = new Map() } = forgery
    const sign = forgery.signDevice ?? signDevice
    const [headers, others, attached, signature] = await sign1(
      deviceProtected,
      deviceUnprotected,
      payload,
      sign,
    )
    const deviceSignature = [headers, others, forgery.attach ? attached : null, signature]
    const deviceAuth = (forgery.deviceAuth ?? deviceAuthOf)(deviceSignature)
    const members = new Map([
      ['nameSpaces', nameSpaces],
      ['deviceAuth', deviceAuth],
    ])
    return replaced(members, forgery.deviceSigned)
  }

  /** A presentation of everything, in CBOR, with something made otherwise and all else as it must be. */
  async function forgeBytes(forgery: Forgery): Promise<Uint8Array<ArrayBuffer>> {
    const document = new Map<string, Encodable>([
      ['docType', docType],
      ['issuerSigned', await forgeIssuerSigned(forgery)],
      ['deviceSigned', await forgeDeviceSigned(forgery)],
    ])
    const response = new Map<string, Encodable>([
      ['version', '1.0'],
      ['documents', [replaced(document, forgery.document)]],
      ['status', 0],
    ])
    return encodeCbor(replaced(response, forgery.response))
  }

  return {
    held,
    mso,
    forgeIssuerSigned,
    forgeBytes,
    forge: async (forgery: Forgery) => encodeBase64url(await forgeBytes(forgery)),
  }
}

const es256: Headers = new Map([[coseHeader.alg, -7]])

/** A COSE_Sign1 whose headers are as they are, the unfit ones too. */
export async function sign1(headers: Headers, others: Headers, payload: Uint8Array, sign: Sign) {
  const protectedBytes = headers.size === 0 ? new Uint8Array() : encodeCbor(headers)
  const signed = encodeCbor(['Signature1', protectedBytes, new Uint8Array(), payload])
  return [protectedBytes, others, payload, await sign(signed)] as const
}

export const deviceAuthOf = (deviceSignature: Encodable): Encodable =>
  new Map([['deviceSignature', deviceSignature]])

/** A map with other members. */
export function replaced(
  map: CborMap | ReadonlyMap<string | number, Encodable>,
  members: Members = {},
): ReadonlyMap<string | number, Encodable> {
  const changed = new Map<string | number, Encodable>(map)
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) changed.delete(name)
    else changed.set(name, value)
  }
  return changed
}

/** IssuerSignedItemBytes with these members, and their digest. */
export async function itemOf(members: Members) {
  const honest = new Map<string, Encodable>([
    ['digestID', 100],
    ['random', new Uint8Array(16)],
    ['elementIdentifier', 'nickname'],
    ['elementValue', 'Bé'],
  ])
  return sealedItem(embed(replaced(honest, members)))
}

export async function sealedItem(item: Encodable) {
  const encoded = encodeCbor(item)
  return { item: { encoded }, digest: await sha256(encoded) }
}

/** What the libraries of others want to know to issue as the scene does, and to verify as it is verified. */
export const forPeers = ({ draft, issuer, policy }: MdocScene) => ({
  issued: {
    docType,
    nameSpaces: draft.nameSpaces,
    issuer: issuer.leaf.keys,
    x5chain: issuer.x5c,
    deviceKey: draft.deviceKey,
    validity: draft,
  },
  session: { sessionTranscript: policy.sessionTranscript ?? new Uint8Array() },
  anchor: issuer.anchor.certificate,
})
