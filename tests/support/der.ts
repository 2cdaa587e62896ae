import { type Party, signWith } from './certificates.ts'

type Bytes = Uint8Array | readonly number[]

/** An element of DER, around its parts. */
export function der(tag: number, ...parts: Bytes[]): Uint8Array<ArrayBuffer> {
  const content = joined(...parts)
  return joined([tag], lengthOf(content.length), content)
}

export const joined = (...parts: Bytes[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => [...part]))

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

export const hex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
export const ascii = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text))
export const utcTime = (text: string) => der(0x17, ascii(text))
export const generalizedTime = (text: string) => der(0x18, ascii(text))

const ecdsaWithSha256 = hex('300a 0608 2a8648ce3d040302')
const p256 = hex('3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107')

/** Extensions as an honest signer has them, each made of its last arc below 2.5.29, and its value. */
export const extension = (arc: number, value: Bytes, critical: Bytes = []) =>
  der(0x30, [6, 3, 0x55, 0x1d, arc], critical, der(4, value))
const isCritical = [1, 1, 0xff]
export const honestExtensions = [
  extension(15, hex('0302 0780'), isCritical),
  extension(17, der(0x30, der(0x82, ascii('issuer.example')))),
  extension(19, hex('3000'), isCritical),
]

/** The fields of a TBSCertificate (RFC 5280 4.1), each as it is encoded, and what follows it. */
export type Fields = {
  version: Bytes
  serialNumber: Bytes
  algorithm: Bytes
  issuer: Bytes
  validity: Bytes
  subject: Bytes
  publicKey: Bytes
  uniqueIds: Bytes
  extensions: Bytes
  outerAlgorithm: Bytes
  /** What is made of the DER of a signature, r and s, that fits. */
  signature: (rAndS: Uint8Array) => Bytes
  /** What is made of the certificate that results. */
  whole: (certificate: Uint8Array) => Bytes
}

export const commonName = (text: string) =>
  der(0x30, der(0x31, der(0x30, hex('0603 550403'), der(0x0c, ascii(text)))))
export const listOf = (...extensions: Bytes[]) => der(0xa3, der(0x30, ...extensions))
const integer = (bytes: Uint8Array) => {
  const first = bytes.findIndex((byte) => byte !== 0)
  const minimal = bytes.subarray(first)
  return der(2, (minimal[0] ?? 0) >= 0x80 ? [0] : [], minimal)
}

/** base64 DER of a leaf that `by` signed, honest but for what is given. */
export async function madeByHand(by: Party, change: Partial<Fields> = {}): Promise<string> {
  const raw = await crypto.subtle.exportKey('raw', by.keys.publicKey)
  const fields: Fields = {
    version: hex('a003 020102'),
    serialNumber: hex('0201 01'),
    algorithm: ecdsaWithSha256,
    issuer: new Uint8Array(by.certificate.subjectName.toArrayBuffer()),
    validity: der(0x30, utcTime('260101000000Z'), utcTime('270101000000Z')),
    subject: commonName('By hand'),
    publicKey: der(0x30, p256, der(3, [0], new Uint8Array(raw))),
    uniqueIds: [],
    extensions: listOf(...honestExtensions),
    outerAlgorithm: change.algorithm ?? ecdsaWithSha256,
    signature: (rAndS) => rAndS,
    whole: (certificate) => certificate,
    ...change,
  }
  const { version, serialNumber, algorithm, issuer, validity, subject, publicKey } = fields
  const names = [issuer, validity, subject]
  const rest = [publicKey, fields.uniqueIds, fields.extensions]
  const signed = der(0x30, version, serialNumber, algorithm, ...names, ...rest)
  const pair = await signWith(by.keys)(signed)
  const rAndS = der(0x30, integer(pair.subarray(0, 32)), integer(pair.subarray(32)))
  const value = der(3, [0], fields.signature(rAndS))
  const whole = fields.whole(der(0x30, signed, fields.outerAlgorithm, value))
  return Buffer.from(Uint8Array.from(whole)).toString('base64')
}
