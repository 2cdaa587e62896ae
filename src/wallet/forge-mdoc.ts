import { decodeBase64url, encodeBase64url } from '../credential/base64url.ts'
import { decodeCbor, embeddedBytes } from '../credential/cbor.ts'
import { type Encodable, embed, encodeCbor } from '../credential/cbor-encoder.ts'
import { cborOf } from '../credential/cbor-json.ts'
import { coseHeader } from '../credential/cose.ts'
import { deviceAuthenticationBytes } from '../credential/device-authentication.ts'
import { macOrNothing, type Signer } from './forge.ts'
import type { Lies } from './lies.ts'

// What an honest wallet made is taken apart, lied about, and put together again. All that is not lied
// about keeps its bytes, for it was written in the one deterministic form.

/** What the device signs (ISO/IEC 18013-5 9.1.3.4), and by which key. */
export type Signing = { docType: string; sessionTranscript: Uint8Array; sign: Signer }

type Fields = Map<string | number, Encodable>
type NameSpaces = Map<string, Encodable[]>

/** The DeviceResponse, as the lies want it; unchanged, where there are none. */
export async function forgeDeviceResponse(
  honest: string,
  signing: Signing,
  lies: Lies,
): Promise<string> {
  const response = decode(decodeBase64url(honest)) as Fields
  const [document] = response.get('documents') as Fields[]
  if (!document) throw new Error('an honest DeviceResponse has a document')
  const issuerSigned = document.get('issuerSigned') as Fields
  const nameSpaces = (issuerSigned.get('nameSpaces') ?? new Map()) as NameSpaces
  issuerSigned.set('nameSpaces', forgeItems(nameSpaces, lies))
  issuerSigned.set('issuerAuth', await forgeIssuerAuth(issuerSigned.get('issuerAuth'), lies))
  if (lies.dropKeyBinding) document.delete('deviceSigned')
  else document.set('deviceSigned', await forgeDeviceSigned(document, signing, lies))
  if (lies.elementErrors) document.set('errors', errorsOf(nameSpaces))
  const bytes = encodeCbor(forgeResponse(response, document, lies))
  return encodeBase64url(lies.trailingByte ? Uint8Array.of(...bytes, 0) : bytes)
}

function forgeResponse(response: Fields, document: Fields, lies: Lies): Fields {
  const { responseStatus, responseVersion, extraDocument, documentErrors } = lies
  if (responseStatus !== undefined) response.set('status', responseStatus)
  if (responseVersion !== undefined) response.set('version', responseVersion)
  if (extraDocument) response.set('documents', [document, document])
  if (documentErrors) response.set('documentErrors', [new Map([['org.example.other', 10]])])
  return response
}

/** By namespace, the elements that are shown, with the error code of data that is not there. */
const errorsOf = (nameSpaces: NameSpaces): Encodable =>
  new Map(
    [...nameSpaces].map(([name, items]) => [
      name,
      new Map(items.map((item) => [String(fieldsOf(item).get('elementIdentifier')), 10])),
    ]),
  )

function forgeItems(honest: NameSpaces, lies: Lies): NameSpaces {
  const [[name, items] = ['org.example', []], ...others] = honest
  const [first, ...rest] = items
  if (first === undefined) return honest
  const { moveDisclosure: elsewhere } = lies
  const shown = lies.alterDisclosure ? altered(first) : first
  const forged: NameSpaces = new Map([
    [name, [...(elsewhere === undefined ? [shown] : []), ...rest]],
    ...others,
  ])
  const here = forged.get(name) ?? []
  if (lies.duplicateDisclosure) here.push(shown)
  if (lies.extraDisclosure) here.push(extraItem)
  if (elsewhere !== undefined) forged.set(elsewhere, [...(forged.get(elsewhere) ?? []), shown])
  return forged
}

const altered = (item: Encodable) => embed(fieldsOf(item).set('elementValue', 'altered'))

/** An element that no digest calls for. */
const extraItem = embed(
  new Map<string, Encodable>([
    ['digestID', 60_000],
    ['random', new Uint8Array(32)],
    ['elementIdentifier', 'extra_claim'],
    ['elementValue', true],
  ]),
)

async function forgeIssuerAuth(honest: Encodable | undefined, lies: Lies): Promise<Encodable> {
  const [protectedBytes, unprotected, payload, signature] = honest as CoseSign1
  if (lies.issuerAlg) {
    const chain = (unprotected as Fields).get(coseHeader.x5chain)
    const secret = encodeBase64url(encodeCbor(chain ?? null))
    return resigned([unprotected, payload, payload], lies.issuerAlg, secret)
  }
  if (!lies.tamperIssuerSignature) return honest as CoseSign1
  return [protectedBytes, unprotected, payload, signature.map((b, i) => (i === 0 ? b ^ 1 : b))]
}

async function forgeDeviceSigned(
  document: Fields,
  signing: Signing,
  lies: Lies,
): Promise<Encodable> {
  const { deviceAuth: lie, deviceElements, kbAlg } = lies
  const honest = document.get('deviceSigned') as Fields
  if (!lie && !deviceElements && !kbAlg) return honest
  const nameSpaces = embed(cborOf(deviceElements ?? {}))
  const bytes = deviceAuthenticationBytes(signing.sessionTranscript, signing.docType, nameSpaces)
  const signature =
    kbAlg !== undefined
      ? await resigned([noHeaders, null, bytes], kbAlg, 'what anybody can know')
      : await deviceSignature(bytes, signing, lie)
  const mac: Encodable = [
    encodeCbor(new Map([[coseHeader.alg, hmac256]])),
    noHeaders,
    null,
    noBytes,
  ]
  const proofs: [string, Encodable][] = [
    ...(lie === 'missing' || lie === 'mac' ? [] : [proof('deviceSignature', signature)]),
    ...(lie === 'mac' || lie === 'both' ? [proof('deviceMac', mac)] : []),
  ]
  return new Map<string, Encodable>([
    ['nameSpaces', nameSpaces],
    ['deviceAuth', new Map(proofs)],
  ])
}

const proof = (name: string, value: Encodable): [string, Encodable] => [name, value]

/** What is attached to a signature is what it is over: the same that was to be signed, or another. */
async function deviceSignature(
  bytes: Uint8Array,
  { sign }: Signing,
  lie: Lies['deviceAuth'],
): Promise<Encodable> {
  const alg = new Map([[coseHeader.alg, es256]])
  const isOpen = lie === 'unprotected-alg'
  const protectedBytes = isOpen ? noBytes : encodeCbor(alg)
  const payload = lie === 'attached-other' ? encodeCbor(embed('another request')) : bytes
  const signature = await sign(signatureInput(protectedBytes, payload))
  const isAttached = lie === 'attached' || lie === 'attached-other'
  return [protectedBytes, isOpen ? alg : noHeaders, isAttached ? payload : null, signature]
}

/** A COSE_Sign1 without a signature, or with a MAC in its place. */
async function resigned(
  [unprotected, payload, signed]: [Encodable, Uint8Array | null, Uint8Array],
  alg: 'none' | 'HS256',
  secret: string,
): Promise<Encodable> {
  const headers = new Map(alg === 'HS256' ? [[coseHeader.alg, hmac256]] : [])
  const protectedBytes = encodeCbor(headers)
  const signature = await macOrNothing(alg, secret)(signatureInput(protectedBytes, signed))
  return [protectedBytes, unprotected, payload, signature]
}

type CoseSign1 = [Uint8Array, Encodable, Uint8Array, Uint8Array]

const es256 = -7
const hmac256 = 5
const noBytes = new Uint8Array()
const noHeaders: Encodable = new Map()

/** Sig_structure (RFC 9052 4.4). */
const signatureInput = (protectedBytes: Uint8Array, payload: Uint8Array) =>
  encodeCbor(['Signature1', protectedBytes, noBytes, payload])

const fieldsOf = (item: Encodable): Fields =>
  decode(embeddedBytes(decode(encodeCbor(item)))) as Fields

function decode(bytes: Uint8Array<ArrayBuffer> | undefined) {
  const read = decodeCbor(bytes ?? new Uint8Array())
  if (!read.ok) throw new Error(`what an honest wallet made cannot be read: ${read.error}`)
  return read.value
}
