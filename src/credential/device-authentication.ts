import { type Finding, fail, ok, pass, type Result, refuse, skip } from '../result.ts'
import {
  type Cbor,
  type CborMap,
  decodeCbor,
  embeddedBytes,
  isCborMap,
  type Tagged,
  type Tally,
} from './cbor.ts'
import { type Encodable, encodeCbor } from './cbor-encoder.ts'
import { type CoseSign1, hasKnownAlgorithm, parseCoseSign1, verifyCoseSign1 } from './cose.ts'
import { cryptography } from './crypto.ts'
import { judged } from './finding.ts'
import { type KeyBindingCheck, keyBindingUnread } from './key-binding.ts'
import type { KeyAuthorizations } from './mobile-security-object.ts'

/** What the holder's device says and signs (ISO/IEC 18013-5 8.3.2.1.2.2). */
export type DeviceSigned = {
  /** DeviceNameSpacesBytes: embedded, as they came, since the signature covers them so. */
  nameSpaces: Tagged
  /** Elements that the device states by itself, by namespace. */
  elements: CborMap
  signature: CoseSign1
}

/** Takes DeviceSigned apart. The refusal is a sentence. */
export function parseDeviceSigned(
  value: Cbor | undefined,
  tally: Tally,
): Result<DeviceSigned, string> {
  if (!isCborMap(value))
    return refuse('deviceSigned must be there: the device proves its key in it.')
  const nameSpaces = value.get('nameSpaces')
  const bytes = embeddedBytes(nameSpaces)
  const elements = bytes ? decodeCbor(bytes, tally) : undefined
  if (elements && !elements.ok) return elements
  if (!elements || !isNamespaces(elements.value)) {
    return refuse('nameSpaces of deviceSigned must be a map by namespace, embedded with tag 24.')
  }
  const signature = parseDeviceAuth(value.get('deviceAuth'), tally)
  if (!signature.ok) return signature
  return ok({
    nameSpaces: nameSpaces as Tagged,
    elements: elements.value,
    signature: signature.value,
  })
}

const isNamespaces = (value: Cbor): value is CborMap =>
  isCborMap(value) && [...value.values()].every(isCborMap)

function parseDeviceAuth(value: Cbor | undefined, tally: Tally): Result<CoseSign1, string> {
  if (!isCborMap(value)) return refuse('deviceAuth must hold a deviceSignature.')
  if (value.has('deviceMac')) {
    // A MAC needs a key agreed with the reader, and a request by OpenID4VP has none (1.0 B.2.6).
    return refuse('deviceMac cannot be verified here: sign with deviceSignature alone.')
  }
  if (!value.has('deviceSignature')) return refuse('deviceAuth must hold a deviceSignature.')
  return parseCoseSign1(value.get('deviceSignature'), tally)
}

/** DeviceAuthenticationBytes (ISO/IEC 18013-5 9.1.3.4): what the device signs, and does not send. */
export function deviceAuthenticationBytes(
  sessionTranscript: Uint8Array,
  docType: string,
  nameSpaces: Encodable,
): Uint8Array {
  const transcript = { encoded: sessionTranscript }
  const authentication = ['DeviceAuthentication', transcript, docType, nameSpaces]
  return encodeCbor({ tag: 24, value: encodeCbor(authentication) })
}

/** Whether the issuer lets the device state everything that it states by itself (9.1.2.4). */
export function deviceElementsFault(
  { elements }: Pick<DeviceSigned, 'elements'>,
  { nameSpaces, dataElements }: KeyAuthorizations,
): string | undefined {
  for (const [nameSpace, stated] of elements) {
    const single = dataElements.get(nameSpace)
    const isCovered = (name: Cbor) => Array.isArray(single) && single.includes(name)
    const names = isCborMap(stated) ? [...stated.keys()] : []
    if (!nameSpaces.includes(nameSpace) && !names.every(isCovered)) {
      return 'The device states elements that keyAuthorizations of its issuer do not allow it.'
    }
  }
  return undefined
}

/** What a device must have signed for, by the keys and words of this verifier. */
export type ExpectedDevice = {
  /** In CBOR; undefined when the verifier was not told all that goes into it. */
  sessionTranscript: Uint8Array | undefined
  docType: string
  /** The key that the issuer vouches for; `'unknown'` when the issuer cannot be relied upon. */
  devicePoint: Uint8Array | 'unknown'
}

/**
 * Judges device authentication (ISO/IEC 18013-5 9.1.3) by the names that key binding has: always seven
 * checks, in their order. The one signature covers what a KB-JWT says in claims.
 */
export async function judgeDeviceAuthentication(
  deviceSigned: Result<DeviceSigned, string>,
  expected: ExpectedDevice,
): Promise<Finding<KeyBindingCheck>[]> {
  if (!deviceSigned.ok) {
    const [, ...others] = keyBindingUnread('Not judged: there is no readable device signature.')
    return [fail('key_binding.present', deviceSigned.error), ...others]
  }
  const { signature } = deviceSigned.value
  const signed = await judgeSignature(deviceSigned.value, expected)
  const covered = (check: 'key_binding.nonce' | 'key_binding.audience', what: string) =>
    signed.outcome === 'pass'
      ? pass(check, `The device signed over ${what}.`)
      : skip(check, 'Not judged by itself: it is covered by the signature of the device.')
  const elsewhere = 'Does not apply: an mdoc has no such member.'
  return [
    pass('key_binding.present', 'The device signed, and sent no MAC.'),
    judged(
      'key_binding.header',
      headerFault(signature),
      'alg is as it must be, the payload detached.',
    ),
    signed,
    covered('key_binding.nonce', 'the nonce of this request'),
    covered('key_binding.audience', 'this verifier and the address of its answer'),
    skip('key_binding.time', elsewhere),
    skip('key_binding.sd_hash', elsewhere),
  ]
}

function headerFault(signature: CoseSign1): string | undefined {
  if (!hasKnownAlgorithm(signature)) {
    return 'The protected headers of deviceSignature must say alg -7 or -9 (ES256).'
  }
  // ISO/IEC 18013-5 9.1.3.4. One that is attached would be a second text of what was signed.
  return signature.payload ? 'The payload of deviceSignature must be detached: null.' : undefined
}

async function judgeSignature(
  { nameSpaces, signature }: DeviceSigned,
  { sessionTranscript, docType, devicePoint }: ExpectedDevice,
): Promise<Finding<KeyBindingCheck>> {
  const check = 'key_binding.signature'
  if (devicePoint === 'unknown') {
    return skip(check, 'Not judged: the document that names the key could not be relied upon.')
  }
  if (!sessionTranscript) {
    return fail(
      check,
      'What the device must have signed over is not known: say response_uri and jwk_thumbprint (RFC 7638), or an audience origin: and the thumbprint.',
    )
  }
  const key = await cryptography().verifyingKey('P-256', devicePoint)
  if (!key) return fail(check, 'deviceKey, which the issuer vouches for, is no point of its curve.')
  const payload = deviceAuthenticationBytes(sessionTranscript, docType, nameSpaces)
  const fault =
    'The device must sign with its deviceKey, over the session of this very request (OpenID4VP 1.0 B.2.6).'
  const isSigned = await verifyCoseSign1(signature, key, payload)
  return judged(check, isSigned ? undefined : fault, 'Signed by the device, for this session.')
}
