import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { decodeCbor, isCborMap } from '../../src/credential/cbor.ts'
import { type Encodable, embed, encodeCbor, mapOf } from '../../src/credential/cbor-encoder.ts'
import { coseKeyOf, x5chainHeader } from '../../src/credential/cose.ts'
import { readIssuerSigned } from '../../src/credential/device-response.ts'
import { keyPurposeIds } from '../../src/credential/key-purpose.ts'
import { type MdocPolicy, verifyIssuerSigned, verifyMdoc } from '../../src/credential/mdoc.ts'
import { mdocValidityFault } from '../../src/credential/mobile-security-object.ts'
import { dcApiTranscript, redirectTranscript } from '../../src/credential/session-transcript.ts'
import {
  type CertificateOptions,
  certifiedSigner,
  signer,
  signWith,
} from '../support/certificates.ts'
import {
  deviceAuthOf,
  docType,
  documentSigner,
  type Forgery,
  hoursFrom,
  itemOf,
  type MdocScene,
  mdocScene,
  replaced,
  sealedItem,
  session,
} from './mdoc-scene.ts'
import { checks, failedOf, issuerId } from './scene.ts'

let s: MdocScene
beforeAll(async () => {
  s = await mdocScene()
})

const failures = async (text: string, change: Partial<MdocPolicy> = {}) =>
  failedOf(await verifyMdoc(text, { ...s.policy, ...change }))

const forged = async (forgery: Forgery, change?: Partial<MdocPolicy>) =>
  failures(await s.forge(forgery), change)

describe('an honest presentation', () => {
  it('yields the elements that were shown, and what the issuer says of the whole', async () => {
    const text = await s.present(['given_name', 'address'])
    const { findings, credential } = await verifyMdoc(text, s.policy)
    expect(findings.map(({ outcome }) => outcome)).toEqual([
      ...Array(13).fill('pass'),
      ...Array(2).fill('skip'),
    ])
    expect(credential).toMatchObject({
      docType,
      issuer: issuerId,
      anchor: 'anchor-root',
      claims: { [docType]: { given_name: 'An', address: { country: 'VN', locality: 'Huế' } } },
      statement: s.draft.statement,
      status: s.draft.status,
    })
    expect(Object.keys(credential?.claims[docType] ?? {})).toHaveLength(2)
    expect(credential?.disclosed).toContainEqual([docType, 'address'])
    expect(credential?.authorityKeyIds).toHaveLength(2)
  })

  it('may show nothing but that its holder has the document', async () => {
    const { credential } = await verifyMdoc(await s.present([]), s.policy)
    expect(credential?.claims).toEqual({})
  })

  it('may come without a namespace at all, and without a statement or a status', async () => {
    expect(await forged({ issuerSigned: { nameSpaces: undefined } })).toEqual([])
    const deviceKeyInfo = mapOf({ deviceKey: coseKeyOf(s.draft.deviceKey) })
    const text = await s.forge({ mso: { deviceKeyInfo, status: undefined } })
    const { credential } = await verifyMdoc(text, s.policy)
    expect(credential?.statement).toEqual({})
    expect(credential).not.toHaveProperty('status')
  })

  it.each([-7, -9])('may name its algorithm %i (MDOC-V10)', async (alg) => {
    const headers = new Map([[1, alg]])
    expect(await forged({ issuerProtected: headers, deviceProtected: headers })).toEqual([])
  })

  it('tells bytes as base64url, dates as text, and minus zero as zero', async () => {
    const { item, digest } = await itemOf({
      elementValue: [
        new Uint8Array([251, 255]),
        { tag: 1004, value: '1990-01-01' },
        { tag: 0, value: '1990-01-01T00:00:00Z' },
        { encoded: new Uint8Array([0xf9, 0x80, 0]) },
        { encoded: new Uint8Array([0xf9, 0x3e, 0]) },
        { encoded: new Uint8Array([0xb9, 0, 0]) },
        true,
        null,
        -5,
      ],
    })
    const text = await s.forge(oneItem(item, digest))
    const { credential } = await verifyMdoc(text, s.policy)
    expect(credential?.claims).toEqual({
      [docType]: {
        nickname: ['-_8', '1990-01-01', '1990-01-01T00:00:00Z', 0, 1.5, {}, true, null, -5],
      },
    })
  })

  it('may be of a namespace that is called __proto__', async () => {
    const { item, digest } = await itemOf({ elementIdentifier: '__proto__' })
    const text = await s.forge({
      nameSpaces: new Map([['__proto__', [item]]]),
      mso: { valueDigests: new Map([['__proto__', new Map([[100, digest]])]]) },
    })
    const { credential } = await verifyMdoc(text, s.policy)
    expect(JSON.stringify(credential?.claims)).toBe('{"__proto__":{"__proto__":"Bé"}}')
  })

  it('by the Digital Credentials API is bound to the page that asked (MDOC-V04)', async () => {
    const { nonce, jwkThumbprint } = session
    const origin = 'https://bank.example'
    const sessionTranscript = await dcApiTranscript({ origin, nonce, jwkThumbprint })
    const text = await s.forge({ sessionTranscript })
    expect(await failures(text, { sessionTranscript })).toEqual([])
    const elsewhere = { origin: 'https://bank.example.org', nonce, jwkThumbprint }
    expect(await failures(text, { sessionTranscript: await dcApiTranscript(elsewhere) })).toEqual([
      'key_binding.signature',
    ])
  })
})

/** Presents one element, whose digest the issuer signed. */
const oneItem = (item: { encoded: Uint8Array }, digest: Uint8Array): Forgery => ({
  nameSpaces: new Map([[docType, [item]]]),
  mso: { valueDigests: new Map([[docType, new Map([[100, digest]])]]) },
})

describe('what an issuer hands out', () => {
  it('is verified before there is anything to prove', async () => {
    const { findings, credential } = await verifyIssuerSigned(s.issued, s.policy)
    expect(findings.map(({ check }) => check)).toEqual(checks)
    expect(findings.slice(-7).map(({ outcome }) => outcome)).toEqual(Array(7).fill('skip'))
    expect(credential?.claims).toEqual(s.draft.nameSpaces)
  })

  it('is read by its holder', () => {
    expect(readIssuerSigned(s.issued)).toMatchObject({
      docType,
      elements: s.draft.nameSpaces,
      deviceKey: s.draft.deviceKey,
      x5chain: s.issuer.x5c,
      validUntil: s.draft.validUntil,
    })
    expect(readIssuerSigned('AAAA')).toBeUndefined()
  })

  it('is no DeviceResponse, nor the reverse', async () => {
    expect(await failures(s.issued)).toEqual(['credential.format'])
    const { findings } = await verifyIssuerSigned(await s.present([]), s.policy)
    expect(findings.find(({ outcome }) => outcome === 'fail')?.check).toBe('credential.format')
  })
})

describe('a device that signed for another session is refused (MDOC-N01):', () => {
  it.each<[string, Partial<typeof session>]>([
    ['another nonce', { nonce: 'another' }],
    ['a client_id without its prefix', { clientId: 'abc' }],
    ['another response_uri', { responseUri: 'https://verifier.example/response/' }],
    ['another encryption key', { jwkThumbprint: new Uint8Array(32) }],
  ])('%s', async (_, change) => {
    const text = await s.present(['given_name'], change)
    const { findings } = await verifyMdoc(text, s.policy)
    expect(await failures(text)).toEqual(['key_binding.signature'])
    expect(findings.slice(-4).map(({ outcome }) => outcome)).toEqual(Array(4).fill('skip'))
  })

  it('no encryption key', async () => {
    const sessionTranscript = await redirectTranscript({ ...session, jwkThumbprint: null })
    expect(await forged({ sessionTranscript })).toEqual(['key_binding.signature'])
  })

  it('the handover of drafts 18 and 24', async () => {
    const { clientId, responseUri, nonce } = session
    const handover = [new Uint8Array(32), new Uint8Array(32), nonce]
    const sessionTranscript = encodeCbor([null, null, handover])
    expect(await forged({ sessionTranscript })).toEqual(['key_binding.signature'])
    const plain = encodeCbor([null, null, [clientId, nonce, responseUri]])
    expect(await forged({ sessionTranscript: plain })).toEqual(['key_binding.signature'])
  })

  it('another docType', async () => {
    expect(await forged({ deviceDocType: 'another' })).toEqual(['key_binding.signature'])
  })

  it('one that the verifier cannot know', async () => {
    const text = await s.present([])
    expect(await failures(text, { sessionTranscript: undefined })).toEqual([
      'key_binding.signature',
    ])
  })
})

describe('an element is refused (MDOC-N02):', () => {
  const swapped = async (): Promise<Forgery> => {
    const { item } = await itemOf({ digestID: 0 })
    return { nameSpaces: new Map([[docType, [item]]]) }
  }
  const moved = async (): Promise<Forgery> => ({
    nameSpaces: new Map([['org.iso.18013.5.1', s.held.items.map(({ encoded }) => ({ encoded }))]]),
  })
  const twice = async (): Promise<Forgery> => {
    const [first] = s.held.items
    const item = { encoded: first?.encoded ?? new Uint8Array() }
    return { nameSpaces: new Map([[docType, [item, item]]]) }
  }
  const namesakes = async (): Promise<Forgery> => {
    const one = await itemOf({})
    const other = await itemOf({ digestID: 101, elementValue: 'Tí' })
    const digests = new Map([
      [100, one.digest],
      [101, other.digest],
    ])
    return {
      nameSpaces: new Map([[docType, [one.item, other.item]]]),
      mso: { valueDigests: new Map([[docType, digests]]) },
    }
  }
  const sealed = (members: Parameters<typeof itemOf>[0]) => async () => {
    const { item, digest } = await itemOf(members)
    return oneItem(item, digest)
  }
  const raw = (...bytes: number[]) => ({ encoded: new Uint8Array(bytes) })

  it.each<[string, () => Promise<Forgery>]>([
    ['altered', swapped],
    ['of a digestID that nobody signed', sealed({ digestID: 101 })],
    ['moved to another namespace', moved],
    ['sent twice', twice],
    ['with the name of another', namesakes],
    [
      'whose digest is of its content without tag 24',
      async () => {
        const { item } = await itemOf({})
        const { digest } = await sealedItem({ encoded: item.encoded.slice(2) })
        return oneItem(item, digest)
      },
    ],
    ['with less than 16 random bytes', sealed({ random: new Uint8Array(15) })],
    ['without random bytes', sealed({ random: undefined })],
    ['without a value', sealed({ elementValue: undefined })],
    ['without a name', sealed({ elementIdentifier: undefined })],
    ['with a name that is no text', sealed({ elementIdentifier: 1 })],
    ['with keys of its value that are integers', sealed({ elementValue: new Map([[1, 'a']]) })],
    ['with a signature as its value', sealed({ elementValue: { tag: 18, value: [] } })],
    ['with embedded CBOR as its value', sealed({ elementValue: embed('a') })],
    ['with a date that is no text', sealed({ elementValue: { tag: 1004, value: 1 } })],
    [
      'that is no map',
      async () => {
        const { item, digest } = await sealedItem(embed('a'))
        return oneItem(item, digest)
      },
    ],
  ])('%s', async (_, forgery) => {
    expect(await forged(await forgery())).toEqual(['credential.disclosures'])
  })

  it.each<[string, Parameters<typeof itemOf>[0]]>([
    ['not a number', { elementValue: raw(0xf9, 0x7e, 0) }],
    ['infinite', { elementValue: raw(0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0) }],
    ['a big number', { elementValue: raw(0xc2, 0x41, 1) }],
    ['undefined', { elementValue: raw(0xf7) }],
    ['of indefinite length', { elementValue: raw(0x9f, 0xff) }],
    ['no UTF-8', { elementValue: raw(0x61, 0xff) }],
  ])('whose value is %s, with all else', async (_, members) => {
    const { item, digest } = await itemOf(members)
    expect(await forged(oneItem(item, digest))).toEqual(['credential.format'])
  })
})

describe('a document is refused', () => {
  it('whose docType is not the one signed (MDOC-N03)', async () => {
    const other = { document: { docType: 'another' }, deviceDocType: 'another' }
    expect(await forged(other)).toEqual(['credential.claims'])
  })

  it.each<[string, () => Forgery]>([
    ['whose issuer did not sign it', () => ({ signIssuer: s.signDevice })],
    [
      'with a signature cut short',
      () => ({ issuerAuth: (auth) => auth.with(3, new Uint8Array(63)) }),
    ],
    [
      'with a payload that was altered',
      () => ({
        issuerAuth: (auth) => auth.with(2, encodeCbor(embed(replaced(s.mso, { a: 1 })))),
      }),
    ],
  ])('%s', async (_, forgery) => {
    const text = await s.forge(forgery())
    const { findings } = await verifyMdoc(text, s.policy)
    expect(await failures(text)).toEqual(['credential.signature'])
    // Nobody vouches for the key of its device either.
    expect(findings.find(({ check }) => check === 'key_binding.signature')?.outcome).toBe('skip')
  })

  const es384 = new Map([[1, -35]])
  it.each<[string, () => Forgery, string[]]>([
    [
      'algorithm',
      () => ({ issuerProtected: es384 }),
      ['credential.header', 'credential.signature'],
    ],
    [
      'algorithm that is a number with a point',
      () => ({ issuerProtected: new Map([[1, { float: -7 }]]) }),
      ['credential.header', 'credential.signature'],
    ],
    [
      'protected header',
      () => ({ issuerProtected: new Map() }),
      ['credential.header', 'credential.signature'],
    ],
    [
      'protected algorithm, but an unprotected one',
      () => ({
        issuerProtected: new Map(),
        issuerUnprotected: new Map<number, ReturnType<typeof x5chainHeader>>([
          [1, -7],
          [33, x5chainHeader(s.issuer.x5c)],
        ]),
      }),
      ['credential.header', 'credential.signature'],
    ],
    ['certificate', () => ({ issuerUnprotected: new Map() }), ['credential.header']],
    [
      'unprotected certificates, but protected ones',
      () => ({
        issuerProtected: new Map<number, ReturnType<typeof x5chainHeader>>([
          [1, -7],
          [33, x5chainHeader(s.issuer.x5c)],
        ]),
        issuerUnprotected: new Map(),
      }),
      ['credential.header'],
    ],
  ])('without a known %s', async (_, forgery, failed) => {
    expect(await forged(forgery())).toEqual(failed)
  })

  it.each<[string, () => string[]]>([
    ['no certificate', () => []],
    ['six certificates', () => Array(6).fill(s.issuer.leaf.der)],
    ['the anchor', () => [...s.issuer.x5c, s.issuer.root.der]],
    ['an authority as the signer', () => [s.issuer.intermediate.der]],
    ['what is no certificate', () => ['AAAA', ...s.issuer.x5c]],
  ])('whose x5chain holds %s (MDOC-N05)', async (_, x5c) => {
    const issuerUnprotected = new Map([[33, x5chainHeader(x5c())]])
    expect(await forged({ issuerUnprotected })).toEqual(['credential.chain'])
  })

  it('whose signer stands below another anchor (MDOC-N05)', async () => {
    const text = await s.present([])
    expect(await failures(text, { anchors: [] })).toEqual(['credential.chain'])
    const other = await documentSigner()
    expect(await failures(text, { anchors: [other.anchor] })).toEqual(['credential.chain'])
  })

  it.each<[string, CertificateOptions]>([
    ['does not say what it is for', {}],
    ['is for SD-JWT VCs', { extendedUsage: [keyPurposeIds.credential] }],
  ])('whose signing certificate %s (MDOC-N05)', async (_, options) => {
    const { anchor, x5c, sign } = await certifiedSigner(issuerId, options)
    const issuerUnprotected = new Map([[33, x5chainHeader(x5c)]])
    const text = await s.forge({ issuerUnprotected, signIssuer: sign })
    expect(await failures(text, { anchors: [anchor] })).toEqual(['credential.chain'])
  })

  it('whose signer is certified for several issuers', async () => {
    const { anchor, x5c, sign } = await documentSigner({
      names: [
        { type: 'url', value: issuerId },
        { type: 'url', value: 'https://other.example' },
      ],
    })
    const issuerUnprotected = new Map([[33, x5chainHeader(x5c)]])
    const text = await s.forge({ issuerUnprotected, signIssuer: sign })
    expect(await failures(text, { anchors: [anchor] })).toEqual(['credential.issuer'])
  })

  it.each<[string, Date, Date, Date]>([
    ['has expired, to the second', hoursFrom(-2), hoursFrom(-2), hoursFrom(0)],
    ['is not valid yet', hoursFrom(-1), hoursFrom(1), hoursFrom(2)],
    ['was signed in the future', hoursFrom(1), hoursFrom(1), hoursFrom(2)],
    ['is valid before it was signed', hoursFrom(-1), hoursFrom(-2), hoursFrom(2)],
    ['ends before it begins', hoursFrom(-3), hoursFrom(-1), hoursFrom(-2)],
    ['was signed before its signer was certified', new Date(0), hoursFrom(-1), hoursFrom(1)],
  ])('that %s (MDOC-N04)', async (_, signed, validFrom, validUntil) => {
    const validityInfo = validityOf(signed, validFrom, validUntil)
    expect(await forged({ mso: { validityInfo } })).toEqual(['credential.validity'])
  })

  it.each([
    ['within', 0, 3, undefined],
    ['as its signer was certified', 1, 3, undefined],
    ['before', 2, 3, /^signed must lie/],
    ['as the certificate of its signer ran out', 0, 1, undefined],
    ['after', -1, 0, /^signed must lie/],
  ])('signed %s (MDOC-N04)', (_, notBefore, notAfter, fault) => {
    const [signed, validUntil] = [hoursFrom(1), hoursFrom(4)]
    const leaf = { notBefore: hoursFrom(notBefore), notAfter: hoursFrom(notAfter) }
    const said = mdocValidityFault({ signed, validFrom: signed, validUntil }, hoursFrom(2), leaf)
    if (fault) expect(said).toMatch(fault)
    else expect(said).toBeUndefined()
  })

  it('no sooner than a minute ahead of its validity', async () => {
    const soon = new Date(s.policy.at.getTime() + 60_000)
    const validityInfo = validityOf(soon, soon, hoursFrom(1))
    expect(await forged({ mso: { validityInfo } })).toEqual([])
  })
})

const dateTime = (value: unknown) => ({ tag: 0, value: String(value) })
const validityOf = (...dates: [Date, Date, Date]) => {
  const [signed, validFrom, validUntil] = dates.map((date) =>
    dateTime(`${date.toISOString().slice(0, 19)}Z`),
  )
  return new Map([
    ['signed', signed ?? null],
    ['validFrom', validFrom ?? null],
    ['validUntil', validUntil ?? null],
  ])
}

describe('a mobile security object is refused', () => {
  const digests = (digest: Uint8Array, id = 0) => ({
    valueDigests: new Map([[docType, new Map([[id, digest]])]]),
  })
  const until = (validUntil: ReturnType<typeof dateTime> | string) => ({
    validityInfo: new Map([
      ...validityOf(hoursFrom(-1), hoursFrom(-1), hoursFrom(1)),
      ['validUntil', validUntil],
    ]),
  })
  const updated = (expectedUpdate: ReturnType<typeof dateTime> | string) => ({
    validityInfo: new Map([
      ...validityOf(hoursFrom(-1), hoursFrom(-1), hoursFrom(1)),
      ['expectedUpdate', expectedUpdate],
    ]),
  })
  const deviceKey = (members: [number, string | number | Uint8Array][]) => ({
    deviceKeyInfo: mapOf({ deviceKey: new Map([...coseKeyOf(s.draft.deviceKey), ...members]) }),
  })
  const info = (members: Parameters<typeof mapOf>[0]) => ({
    deviceKeyInfo: mapOf({ deviceKey: coseKeyOf(s.draft.deviceKey), ...members }),
  })
  const status = (members: Parameters<typeof mapOf>[0]) => ({ status: mapOf(members) })

  it.each<[string, () => Forgery['mso']]>([
    ['of another version', () => ({ version: '1.1' })],
    ['without a docType', () => ({ docType: undefined })],
    ['with SHA-384', () => ({ digestAlgorithm: 'SHA-384' })],
    ['with SHA-512', () => ({ digestAlgorithm: 'SHA-512' })],
    ['without digests', () => ({ valueDigests: undefined })],
    ['with a digest cut short', () => digests(new Uint8Array(31))],
    ['with a negative digestID', () => digests(new Uint8Array(32), -1)],
    ['with digests of no namespace', () => ({ valueDigests: new Map([[1, new Map()]]) })],
    ['without a device key', () => ({ deviceKeyInfo: mapOf({}) })],
    ['with a device key of another kind', () => deviceKey([[1, 1]])],
    ['with a device key on another curve', () => deviceKey([[-1, 2]])],
    ['with a private device key', () => deviceKey([[-4, new Uint8Array(32)]])],
    ['with a device key for another algorithm', () => deviceKey([[3, -35]])],
    ['with a compressed device key', () => deviceKey([[-3, 1]])],
    ['with a device key too long', () => deviceKey([[-2, new Uint8Array(33)]])],
    ['with authorizations that are no map', () => info({ keyAuthorizations: [] })],
    [
      'with authorizations of no list',
      () => info({ keyAuthorizations: mapOf({ nameSpaces: 'a' }) }),
    ],
    ['with a statement that is no map', () => info({ keyInfo: new Map([[-70_001, 'a']]) })],
    ['without validity', () => ({ validityInfo: undefined })],
    ['with a date of no such day', () => until(dateTime('2026-02-30T00:00:00Z'))],
    ['with a fraction of a second', () => until(dateTime('2026-06-02T00:00:00.5Z'))],
    ['with a time of another zone', () => until(dateTime('2026-06-02T00:00:00+07:00'))],
    ['with a date that has no tag', () => until('2026-06-02T00:00:00Z')],
    ['with no date of its next update', () => updated('soon')],
    ['with no status list in its status', () => status({ identifier_list: mapOf({}) })],
    [
      'with more than a status list',
      () => status({ status_list: mapOf({ idx: 1, uri: 'https://a.example' }), a: 1 }),
    ],
    [
      'with a negative index',
      () => status({ status_list: mapOf({ idx: -1, uri: 'https://a.example' }) }),
    ],
  ])('%s', async (_, mso) => {
    expect(await forged({ mso: mso() ?? {} })).toContain('credential.claims')
  })

  it('but not for saying when it will be updated', async () => {
    expect(await forged({ mso: updated(dateTime('2026-06-02T00:00:00Z')) })).toEqual([])
  })

  it('whose device key is no point of its curve', async () => {
    const mso = deviceKey([[-3, new Uint8Array(32)]])
    expect(await forged({ mso })).toEqual(['key_binding.signature'])
  })
})

describe('the proof of a device is refused (MDOC-N06):', () => {
  const mac = [new Uint8Array([0xa1, 1, 5]), new Map(), null, new Uint8Array(32)]
  it.each<[string, Forgery]>([
    ['none at all', { document: { deviceSigned: undefined } }],
    ['no deviceAuth', { deviceSigned: { deviceAuth: undefined } }],
    ['neither signature nor MAC', { deviceAuth: () => new Map() }],
    ['a MAC', { deviceAuth: () => mapOf({ deviceMac: mac }) }],
    [
      'a MAC beside a signature',
      { deviceAuth: (deviceSignature) => mapOf({ deviceSignature, deviceMac: mac }) },
    ],
    ['a signature with tag 18', { deviceAuth: (value) => deviceAuthOf({ tag: 18, value }) }],
    ['a signature of three parts', { deviceAuth: (parts) => deviceAuthOf(parts.slice(1)) }],
    ['namespaces that are not embedded', { deviceSigned: { nameSpaces: new Map() } }],
    ['namespaces that are no map', { deviceNameSpaces: [] }],
    [
      'headers with crit',
      {
        deviceProtected: new Map<number, number | number[]>([
          [1, -7],
          [2, [1]],
        ]),
      },
    ],
  ])('%s', async (_, forgery) => {
    expect(await forged(forgery)).toEqual(['key_binding.present'])
  })

  it.each<[string, Forgery, string[]]>([
    [
      'another algorithm',
      { deviceProtected: new Map([[1, -8]]) },
      ['key_binding.header', 'key_binding.signature'],
    ],
    [
      'an unprotected algorithm',
      { deviceProtected: new Map(), deviceUnprotected: new Map([[1, -7]]) },
      ['key_binding.header', 'key_binding.signature'],
    ],
    ['its payload attached', { attach: true }, ['key_binding.header']],
    [
      'a signature cut short',
      { deviceAuth: (parts) => deviceAuthOf(parts.with(3, new Uint8Array(63))) },
      ['key_binding.signature'],
    ],
  ])('%s', async (_, forgery, failed) => {
    expect(await forged(forgery)).toEqual(failed)
  })

  it('another key', async () => {
    const { keys } = await signer('Another')
    expect(await forged({ signDevice: signWith(keys) })).toEqual(['key_binding.signature'])
  })
})

describe('what a device states by itself (MDOC-V09)', () => {
  const stated = { deviceNameSpaces: new Map([['ns', new Map([['height', 170]])]]) }
  const authorized = (keyAuthorizations: Parameters<typeof mapOf>[0]): Forgery => ({
    ...stated,
    mso: {
      deviceKeyInfo: mapOf({
        deviceKey: coseKeyOf(s.draft.deviceKey),
        keyAuthorizations: mapOf(keyAuthorizations),
      }),
    },
  })

  it.each<[string, Parameters<typeof mapOf>[0]]>([
    ['its namespace', { nameSpaces: ['ns'] }],
    ['the element', { dataElements: new Map([['ns', ['height']]]) }],
  ])('may be there when %s is authorized, and is no claim', async (_, authorizations) => {
    const { credential } = await verifyMdoc(await s.forge(authorized(authorizations)), s.policy)
    expect(credential?.claims).toEqual(s.draft.nameSpaces)
  })

  it.each<[string, Parameters<typeof mapOf>[0]]>([
    ['nothing', {}],
    ['another namespace', { nameSpaces: ['another'] }],
    ['another element', { dataElements: new Map([['ns', ['weight']]]) }],
    ['the element of another namespace', { dataElements: new Map([['another', ['height']]]) }],
  ])('is refused when %s is authorized', async (_, authorizations) => {
    expect(await forged(authorized(authorizations))).toEqual(['credential.disclosures'])
  })
})

describe('a DeviceResponse is refused (MDOC-N07, MDOC-N08, HAIP-N07):', () => {
  it.each<[string, Forgery]>([
    ['of another version', { response: { version: '1.1' } }],
    ['with a status', { response: { status: 10 } }],
    ['without a status', { response: { status: undefined } }],
    ['without documents', { response: { documents: undefined } }],
    ['with no document', { response: { documents: [] } }],
    ['with documentErrors', { response: { documentErrors: [] } }],
    ['whose document lists errors', { document: { errors: new Map() } }],
    ['whose document has no docType', { document: { docType: undefined } }],
    ['without issuerSigned', { document: { issuerSigned: undefined } }],
    ['without issuerAuth', { issuerSigned: { issuerAuth: undefined } }],
    ['whose issuerAuth has tag 18', { issuerAuth: (value) => ({ tag: 18, value }) }],
    ['whose issuerAuth has no payload', { issuerAuth: (auth) => auth.with(2, null) }],
    ['whose mobile security object is not embedded', { payload: encodeCbor(new Map()) }],
    [
      'whose mobile security object is followed by a byte',
      { payload: encodeCbor({ tag: 24, value: new Uint8Array([0xa0, 0]) }) },
    ],
    ['whose namespaces are no map', { nameSpaces: [] }],
    ['whose elements are not embedded', { nameSpaces: new Map([[docType, ['a']]]) }],
    [
      'whose element is followed by a byte',
      { nameSpaces: new Map([[docType, [{ tag: 24, value: new Uint8Array([0xa0, 0]) }]]]) },
    ],
  ])('%s', async (_, forgery) => {
    expect(await forged(forgery)).toEqual(['credential.format'])
  })

  it.each<[string, (bytes: Uint8Array) => string]>([
    ['with a byte after it', (bytes) => encodeBase64url(Uint8Array.of(...bytes, 0))],
    ['cut short', (bytes) => encodeBase64url(bytes.slice(0, -1))],
    ['in base64', (bytes) => Buffer.from(bytes).toString('base64')],
    ['of nothing', () => ''],
    ['of more than 256 KiB', () => 'A'.repeat(262_145)],
  ])('%s', async (_, spoil) => {
    const bytes = decodeBase64url(await s.present(['given_name'])) ?? new Uint8Array()
    expect(await failures(spoil(bytes))).toEqual(['credential.format'])
  })

  it('with two documents, each of them honest', async () => {
    const read = decodeCbor(await s.forgeBytes({}))
    const response = read.ok && isCborMap(read.value) ? read.value : new Map()
    const [document] = response.get('documents')
    const again = (documents: Encodable) =>
      failures(encodeBase64url(encodeCbor(replaced(response, { documents }))))
    expect(await again([document])).toEqual([])
    expect(await again([document, document])).toEqual(['credential.format'])
  })

  it('with more than 500 elements', async () => {
    const items = Array.from({ length: 501 }, () => embed(null))
    expect(await forged({ nameSpaces: new Map([[docType, items]]) })).toEqual(['credential.format'])
  })
})
