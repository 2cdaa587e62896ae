import { beforeAll, describe, expect, it } from 'vitest'
import { type Certificate, parseCertificate } from '../../src/credential/certificate.ts'
import { verifyChain } from '../../src/credential/x509.ts'
import { authority, type Party } from '../support/certificates.ts'
import {
  ascii,
  commonName,
  der,
  extension,
  type Fields,
  generalizedTime,
  hex,
  honestExtensions,
  joined,
  listOf,
  madeByHand,
  utcTime,
} from '../support/der.ts'

const at = new Date('2026-06-01T00:00:00Z')
let root: Party
beforeAll(async () => {
  root = await authority('Root')
})

/** Whether a leaf with this change is believed: true, or the sentence of the refusal. */
async function verdict(change: Partial<Fields>, when = at): Promise<string | true> {
  const x5c = [await madeByHand(root, change)]
  const anchors = [{ id: 'anchor', certificate: root.der }]
  const chain = await verifyChain(x5c, anchors, when, 'credential')
  return chain.ok || chain.error
}

async function read(change: Partial<Fields>): Promise<Certificate> {
  const certificate = parseCertificate(await madeByHand(root, change))
  if (!certificate) throw new Error('the certificate cannot be read')
  return certificate
}

const unread = /is the base64 DER of one X\.509 certificate/
const isCritical = [1, 1, 0xff]
const withExtension = (...added: Uint8Array[]) => ({
  extensions: listOf(...honestExtensions, ...added),
})
const alternativeNames = (...names: Uint8Array[]) => ({
  extensions: listOf(...honestExtensions.toSpliced(1, 1, extension(17, der(0x30, ...names)))),
})
const dns = (text: string) => der(0x82, ascii(text))
const uri = (text: string) => der(0x86, ascii(text))
const validity = (notBefore: Uint8Array, notAfter: Uint8Array) => ({
  validity: der(0x30, notBefore, notAfter),
})
const [begin, end] = [utcTime('260101000000Z'), utcTime('270101000000Z')]

it('a certificate made by hand is believed, so that what follows is refused for what it changes', async () => {
  expect(await verdict({})).toBe(true)
  const { hosts, uris, isAuthority, keyUsage, publicKey } = await read({})
  expect({ hosts, uris, isAuthority, keyUsage }).toEqual({
    hosts: ['issuer.example'],
    uris: [],
    isAuthority: false,
    keyUsage: 0x80,
  })
  expect(publicKey).toMatchObject({ curve: 'P-256', point: { length: 64 } })
})

describe('a certificate is DER, and all of it', () => {
  const lengthOfFirst = (bytes: number[]) => (whole: Uint8Array) =>
    joined([0x30], bytes, whole.subarray(4))
  it.each<[string, Fields['whole']]>([
    ['nothing', () => []],
    ['a tag alone', () => [0x30]],
    ['an empty SEQUENCE', () => [0x30, 0]],
    ['another tag', (whole) => joined([0x31], whole.subarray(1))],
    ['a tag of many bytes', (whole) => joined([0x3f, 0x30], whole.subarray(1))],
    ['a length one too large', (whole) => whole.with(3, (whole[3] ?? 0) + 1)],
    ['a length one too small', (whole) => whole.with(3, (whole[3] ?? 0) - 1)],
    ['a length of three bytes', (whole) => joined([0x30, 0x83, 0], whole.subarray(2))],
    ['a length of four bytes', lengthOfFirst([0x84, 0xff, 0xff, 0xff, 0xff])],
    ['a length of 126 bytes', lengthOfFirst([0xfe])],
    ['a length that is reserved', lengthOfFirst([0xff])],
    ['an indefinite length', (whole) => joined([0x30, 0x80], whole.subarray(4), [0, 0])],
    ['a byte behind it', (whole) => joined(whole, [0])],
    ['the same certificate behind it', (whole) => joined(whole, whole)],
    ['its last byte cut off', (whole) => whole.subarray(0, -1)],
    ['4,000 SEQUENCEs in one another', () => Array(4000).fill([0x30, 0x80]).flat()],
    [
      'as many as fit, with lengths',
      () => {
        let nested: Uint8Array = der(5)
        while (nested.length < 8000) nested = der(0x30, nested)
        return nested
      },
    ],
  ])('%s is refused', async (_, whole) => {
    expect(await verdict({ whole })).toMatch(unread)
  })

  it.each<[string, Partial<Fields>]>([
    ['a length of two bytes for one', { serialNumber: hex('02 8101 01') }],
    ['a length of three bytes for one', { serialNumber: hex('02 820001 01') }],
    ['a length of three bytes for two', { issuer: der(0x30, hex('820080'), new Uint8Array(128)) }],
    ['an indefinite length inside', { subject: hex('3080 0000') }],
    ['an element that reaches beyond what it is in', { subject: hex('3010') }],
    ['a second subject', { subject: joined(commonName('A'), commonName('B')) }],
    ['no subject', { subject: [] }],
    ['a subject that is no Name', { subject: hex('3003 020101') }],
    ['an empty SET in a Name', { subject: hex('3002 3100') }],
    ['an attribute without a value', { subject: hex('3009 3107 3005 0603 550403') }],
    ['an attribute with two values', { subject: hex('300d 310b 3009 0603 550403 0c00 0c00') }],
    ['no version, though there are extensions', { version: [] }],
    ['version 1, though there are extensions', { version: hex('a003 020100') }],
    ['version 2, though there are extensions', { version: hex('a003 020101') }],
    ['version 4', { version: hex('a003 020103') }],
    ['a negative version', { version: hex('a003 0201ff') }],
    ['a version of two numbers', { version: hex('a006 020102 020102') }],
    ['a padded serial number', { serialNumber: hex('0202 0001') }],
    ['a padded negative serial number', { serialNumber: hex('0202 ff80') }],
    ['a serial number of no bytes', { serialNumber: hex('0200') }],
    ['unique identifiers', { uniqueIds: hex('8102 0001') }],
    ['extensions twice', { extensions: joined(listOf(), listOf()) }],
    ['extensions that are no list', { extensions: der(0xa3, honestExtensions[0] ?? []) }],
    ['another signature algorithm outside', { outerAlgorithm: hex('300a 0608 2a8648ce3d040303') }],
    [
      'a NULL in the signature algorithm outside',
      { outerAlgorithm: hex('300c 0608 2a8648ce3d040302 0500') },
    ],
  ])('%s is refused', async (_, change) => {
    expect(await verdict(change)).toMatch(unread)
  })

  it.each<[string, Partial<Fields>]>([
    ['a serial number of 20 bytes', { serialNumber: der(2, [0x7f], new Uint8Array(19)) }],
    ['a negative serial number', { serialNumber: hex('0201 80') }],
    ['an empty subject', { subject: hex('3000') }],
    ['no extensions', { extensions: [] }],
    ['an empty list of extensions', { extensions: listOf() }],
    ['version 1, which has none', { version: [], extensions: [] }],
  ])('%s is read', async (_, change) => {
    expect(await verdict(change)).toBe(true)
  })
})

describe('a validity is two times (RFC 5280 4.1.2.5)', () => {
  it.each<[string, Uint8Array]>([
    ['without a Z', utcTime('270101000000')],
    ['without seconds', utcTime('2701010000Z')],
    ['with an offset', utcTime('270101000000+0000')],
    ['with an offset in place of the Z', utcTime('27010100+0000')],
    ['with fractions', generalizedTime('20270101000000.5Z')],
    ['with a year of two digits too few', generalizedTime('270101000000Z')],
    ['with a year of two digits too many', utcTime('20270101000000Z')],
    ['with letters', utcTime('27O101000000Z')],
    ['with a sign', utcTime('27+101000000Z')],
    ['with a space', utcTime('27 101000000Z')],
    ['in month 0', utcTime('270001000000Z')],
    ['in month 13', utcTime('271301000000Z')],
    ['on day 0', utcTime('270100000000Z')],
    ['on 30 February', utcTime('270230000000Z')],
    ['on 29 February, in no leap year', utcTime('270229000000Z')],
    ['on 31 April', utcTime('270431000000Z')],
    ['at hour 24', utcTime('270101240000Z')],
    ['at minute 60', utcTime('270101006000Z')],
    ['at second 60', utcTime('270101000060Z')],
    ['as an OCTET STRING', der(4, ascii('270101000000Z'))],
    ['empty', der(0x17)],
  ])('one %s is none', async (_, time) => {
    expect(await verdict(validity(begin, time))).toMatch(unread)
    expect(await verdict(validity(time, end))).toMatch(unread)
  })

  it.each<[string, Uint8Array, string]>([
    ['a UTCTime of this century', utcTime('491231235959Z'), '2049-12-31T23:59:59.000Z'],
    ['a UTCTime of the last', utcTime('500101000000Z'), '1950-01-01T00:00:00.000Z'],
    ['29 February', utcTime('280229120000Z'), '2028-02-29T12:00:00.000Z'],
    ['a GeneralizedTime', generalizedTime('20500101000000Z'), '2050-01-01T00:00:00.000Z'],
    ['one that could be a UTCTime', generalizedTime('20270101000000Z'), '2027-01-01T00:00:00.000Z'],
    ['the end of time', generalizedTime('99991231235959Z'), '9999-12-31T23:59:59.000Z'],
    ['a year of the first century', generalizedTime('00500101000000Z'), '0050-01-01T00:00:00.000Z'],
  ])('%s is what it says', async (_, time, expected) => {
    expect((await read(validity(begin, time))).notAfter.toISOString()).toBe(expected)
  })

  it('a certificate that ends before it begins is never valid', async () => {
    expect(await verdict(validity(end, begin))).toMatch(/expired or is not yet valid/)
  })

  it('one second lies between the last that is good and the first that is not', async () => {
    const change = validity(begin, utcTime('260601000000Z'))
    expect(await verdict(change, at)).toBe(true)
    expect(await verdict(change, new Date(at.getTime() + 1))).toMatch(/expired/)
  })
})

describe('the key of a signer', () => {
  const p256 = hex('3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107')
  const key = (algorithm: Uint8Array, bits: Uint8Array) => ({
    publicKey: der(0x30, algorithm, der(3, bits)),
  })
  const point = async () =>
    new Uint8Array(await crypto.subtle.exportKey('raw', root.keys.publicKey))
  const noP256 = /must hold a P-256 key/
  const noPoint = /does not hold a point of its curve/

  it.each<[string, (point: Uint8Array) => Partial<Fields>, RegExp]>([
    [
      'on P-384 by name alone',
      (q) => key(hex('3010 0607 2a8648ce3d0201 0605 2b81040022'), joined([0], q)),
      noP256,
    ],
    [
      'on secp256k1',
      (q) => key(hex('3010 0607 2a8648ce3d0201 0605 2b8104000a'), joined([0], q)),
      noP256,
    ],
    ['without a curve', (q) => key(hex('3009 0607 2a8648ce3d0201'), joined([0], q)), noP256],
    [
      'with a curve of its own',
      (q) => key(hex('300b 0607 2a8648ce3d0201 3000'), joined([0], q)),
      noP256,
    ],
    [
      'with a curve twice',
      (q) => key(der(0x30, p256.subarray(2), hex('0500')), joined([0], q)),
      noP256,
    ],
    [
      'of ECDH only',
      (q) => key(hex('3011 0605 2b8104010c 0608 2a8648ce3d030107'), joined([0], q)),
      noP256,
    ],
    ['of RSA', (q) => key(hex('300d 0609 2a864886f70d010101 0500'), joined([0], q)), noP256],
    [
      'compressed',
      (q) => key(p256, joined([0, 2 + ((q[64] ?? 0) & 1)], q.subarray(1, 33))),
      noPoint,
    ],
    ['hybrid', (q) => key(p256, joined([0, 6 + ((q[64] ?? 0) & 1)], q.subarray(1))), noPoint],
    ['off the curve', (q) => key(p256, joined([0], q.with(64, (q[64] ?? 0) ^ 1))), noPoint],
    ['at infinity', () => key(p256, hex('0000')), noPoint],
    ['at the origin', () => key(p256, joined([0, 4], new Uint8Array(64))), noPoint],
    [
      'a coordinate beyond the field',
      () => key(p256, joined([0, 4], new Uint8Array(64).fill(0xff))),
      noPoint,
    ],
    ['a byte too short', (q) => key(p256, joined([0], q.subarray(0, 64))), noPoint],
    ['a byte too long', (q) => key(p256, joined([0], q, [0])), noPoint],
    ['empty', () => key(p256, hex('00')), noPoint],
    ['with unused bits', (q) => key(p256, joined([1], q)), unread],
    ['of no bits', () => key(p256, hex('')), unread],
    [
      'with something behind it',
      (q) => ({ publicKey: der(0x30, p256, der(3, [0], q), hex('0500')) }),
      unread,
    ],
  ])('is refused %s', async (_, change, sentence) => {
    expect(await verdict(change(await point()))).toMatch(sentence)
  })
})

describe('a signature', () => {
  const numbers = (rAndS: Uint8Array) => {
    const length = rAndS[3] ?? 0
    return { r: rAndS.subarray(2, 4 + length), s: rAndS.subarray(4 + length) }
  }
  const pad = (integer: Uint8Array, zeros: number) =>
    der(2, new Uint8Array(zeros), integer.subarray(2))

  it.each<[string, Fields['signature']]>([
    ['r padded', (v) => der(0x30, pad(numbers(v).r, 2), numbers(v).s)],
    ['s padded', (v) => der(0x30, numbers(v).r, pad(numbers(v).s, 2))],
    ['s beyond the curve', (v) => der(0x30, numbers(v).r, der(2, [1], new Uint8Array(48)))],
    ['r negative', (v) => der(0x30, der(2, [0x80], new Uint8Array(31)), numbers(v).s)],
    ['s of no bytes', (v) => der(0x30, numbers(v).r, der(2))],
    ['a third number', (v) => der(0x30, v.subarray(2), der(2, [1]))],
    ['r alone', (v) => der(0x30, numbers(v).r)],
    ['a byte behind it', (v) => joined(v, [0])],
    ['an indefinite length', (v) => joined([0x30, 0x80], v.subarray(2), [0, 0])],
    ['a longer length than it takes', (v) => joined([0x30, 0x81], v.subarray(1))],
    [
      'r and s one after the other',
      (v) => joined(numbers(v).r.subarray(-32), numbers(v).s.subarray(-32)),
    ],
    ['nothing', () => []],
    ['zeros', () => hex('3006 020100 020100')],
    ['r and s exchanged', (v) => der(0x30, numbers(v).s, numbers(v).r)],
  ])('with %s is none', async (_, signature) => {
    expect(await verdict({ signature })).not.toBe(true)
  })

  it.each<[string, string]>([
    ['a NULL behind the algorithm', '300c 0608 2a8648ce3d040302 0500'],
    ['SHA-512', '300a 0608 2a8648ce3d040304'],
    ['SHA-224', '300a 0608 2a8648ce3d040301'],
    ['plain ECDSA, of no hash', '3009 0607 2a8648ce3d0401'],
    ['RSA over SHA-256', '300d 0609 2a864886f70d01010b 0500'],
    ['no algorithm', '3000'],
  ])('of %s is of nobody we know', async (_, algorithm) => {
    expect(await verdict({ algorithm: hex(algorithm) })).toMatch(/no trust anchor/)
  })
})

describe('an extension', () => {
  const cRLDistributionPoints = extension(31, hex('3000'))
  const strange = /critical extension/
  it.each<[string, Partial<Fields>, RegExp | true]>([
    ['that is unknown and not critical', withExtension(cRLDistributionPoints), true],
    ['that is said not to be critical', withExtension(extension(31, hex('3000'), [1, 1, 0])), true],
    [
      'that is neither critical nor not',
      withExtension(extension(31, hex('3000'), [1, 1, 1])),
      unread,
    ],
    [
      'that is critical in two bytes',
      withExtension(extension(31, hex('3000'), [1, 2, 0, 0])),
      unread,
    ],
    [
      'that is unknown and critical',
      withExtension(extension(31, hex('3000'), isCritical)),
      strange,
    ],
    [
      'that is known, critical, and not processed',
      withExtension(extension(14, hex('0401 00'), isCritical)),
      strange,
    ],
    ['that occurs twice', withExtension(cRLDistributionPoints, cRLDistributionPoints), strange],
    [
      'that takes back what another said',
      withExtension(extension(19, hex('3003 0101ff'))),
      /authority/,
    ],
    ['without a value', withExtension(der(0x30, hex('0603 551d1f'))), unread],
    ['with two values', withExtension(der(0x30, hex('0603 551d1f 0400 0400'))), unread],
    ['that is no OCTET STRING', withExtension(der(0x30, hex('0603 551d1f 0500'))), unread],
    ['with an identifier of no bytes', withExtension(der(0x30, hex('0600 0400'))), unread],
    [
      'with an identifier that does not end',
      withExtension(der(0x30, hex('0603 551d9f 0400'))),
      unread,
    ],
    [
      'with an identifier that is padded',
      withExtension(der(0x30, hex('0604 551d801f 0400'))),
      unread,
    ],
    [
      'named after what every object has',
      withExtension(der(0x30, der(6, ascii('constructor')), hex('0400'))),
      true,
    ],
    [
      'with more in its value than there should be',
      { extensions: listOf(extension(19, hex('3000 3000'))) },
      unread,
    ],
    [
      'that repeats for as long as there is room',
      withExtension(...Array(400).fill(cRLDistributionPoints)),
      strange,
    ],
  ])('%s: %s', async (_, change, expected) => {
    const said = await verdict(change)
    if (expected === true) expect(said).toBe(true)
    else expect(said).toMatch(expected)
  })

  it.each<[string, string, Partial<Certificate> | undefined]>([
    ['an authority', '3003 0101ff', { isAuthority: true }],
    ['an authority above others', '3006 0101ff 020101', { isAuthority: true, pathLength: 1 }],
    ['an authority of great depth', '3008 0101ff 0203 7fffff', { pathLength: 0x7fffff }],
    ['no authority, said in full', '3003 010100', { isAuthority: false }],
    ['no authority above others', '3003 020100', { isAuthority: false }],
    ['an authority of negative depth', '3006 0101ff 0201ff', undefined],
    ['an authority of boundless depth', '300a 0101ff 0205 0100000000', undefined],
    ['an authority that is true by another number', '3003 010101', undefined],
    ['the other way around', '3006 020101 0101ff', undefined],
    ['an authority twice', '3006 0101ff 0101ff', undefined],
  ])('basic constraints: %s', async (_, value, expected) => {
    const der = await madeByHand(root, { extensions: listOf(extension(19, hex(value))) })
    const certificate = parseCertificate(der)
    if (expected) expect(certificate).toMatchObject(expected)
    else expect(certificate).toBeUndefined()
  })

  it.each<[string, string, number | undefined]>([
    ['signing data', '0302 0780', 0x80],
    ['signing data, with the zeros that DER leaves off', '0302 0080', 0x80],
    ['signing certificates and lists', '0302 0106', 0x06],
    ['deciphering only, the ninth bit', '0303 070080', 0],
    ['nothing', '0301 00', 0],
    ['bits beyond the last', '0302 0781', undefined],
    ['eight unused bits', '0302 0880', undefined],
    ['unused bits of nothing', '0301 07', undefined],
    ['no bits at all', '0300', undefined],
  ])('key usage: %s', async (_, value, expected) => {
    const der = await madeByHand(root, { extensions: listOf(extension(15, hex(value))) })
    expect(parseCertificate(der)?.keyUsage).toBe(expected)
  })

  it.each<[string, string, boolean]>([
    ['nothing', '3000', true],
    ['an arc that is padded', '3004 0602 8001', false],
    ['an arc that does not end', '3003 0601 80', false],
    ['a text', '3003 0c0130', false],
  ])('extended key usage of %s', async (_, value, isRead) => {
    const der = await madeByHand(root, { extensions: listOf(extension(37, hex(value))) })
    expect(parseCertificate(der) !== undefined).toBe(isRead)
  })

  it.each<[string, string, string | undefined]>([
    ['a key', '3004 8002 0102', 'AQI'],
    ['a key, and an issuer with its number', '300b 8002 0102 a102 8200 820101', 'AQI'],
    ['an issuer alone', '3005 a100 820101', undefined],
    ['nothing', '3000', undefined],
  ])('authority key identifier: %s', async (_, value, expected) => {
    const { authorityKeyId } = await read({ extensions: listOf(extension(35, hex(value))) })
    expect(authorityKeyId).toBe(expected)
  })
})

describe('alternative names', () => {
  it('are read in order, and of two kinds', async () => {
    const others = [hex('8104 61406263'), hex('8704 7f000001'), hex('a400'), hex('8803 2a0304')]
    const names = [dns('A.example'), uri('urn:a'), ...others, uri('https://b.example'), dns('c')]
    const { uris, hosts } = await read(alternativeNames(...names))
    expect({ uris, hosts }).toEqual({
      uris: ['urn:a', 'https://b.example'],
      hosts: ['A.example', 'c'],
    })
  })

  it.each<[string, Uint8Array[]]>([
    ['a host with a NUL inside', [dns('issuer.example\0.evil.example')]],
    ['a host with a NUL behind', [dns('issuer.example\0')]],
    ['a host with a line break', [dns('issuer.example\n')]],
    ['a host with a space', [dns('issuer .example')]],
    ['a host with letters beyond ASCII', [der(0x82, ascii('büro.example'))]],
    ['an empty host', [der(0x82)]],
    ['an empty URI', [der(0x86)]],
    ['a URI with a NUL', [uri('https://issuer.example/\0')]],
    ['no names', []],
  ])('%s: refused', async (_, names) => {
    expect(await verdict(alternativeNames(...names))).toMatch(unread)
  })
})
