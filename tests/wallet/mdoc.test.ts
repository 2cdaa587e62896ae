import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { createDeviceResponse } from '../../src/credential/device-response.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import { verifyMdoc } from '../../src/credential/mdoc.ts'
import { redirectTranscript } from '../../src/credential/session-transcript.ts'
import { authorityKeyIds } from '../../src/credential/x509.ts'
import { readDcqlQuery } from '../../src/wallet/dcql.ts'
import { forgeDeviceResponse } from '../../src/wallet/forge-mdoc.ts'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { readReceivedMdoc } from '../../src/wallet/received-mdoc.ts'
import { select } from '../../src/wallet/select.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import {
  anchor,
  documentType,
  holding,
  holdingMdoc,
  issuerSigned,
  now,
  random,
  signer,
  verifier,
} from './parties.ts'

const issuerPem = join(import.meta.dirname, '../../keys-example/anchors/issuer-vn.pem')
const anchors = [anchor(readFileSync(issuerPem, 'utf8'))]
const elements = { name: 'Nguyễn Thị An', age: 34, address: { country: 'VN' }, over_18: true }

const query = (credential: object) => ({
  credentials: [
    { id: 'q', format: 'mso_mdoc', meta: { doctype_value: documentType }, ...credential },
  ],
})
const asking = (...names: string[]) =>
  query({ claims: names.map((name) => ({ path: [documentType, name] })) })

describe('an mdoc that an issuer gives', () => {
  const read = async (change: object = {}, expected: { doctype?: string } = {}) => {
    const key = await freshHolderKey()
    const text = await issuerSigned(elements, { deviceKey: key.publicJwk, ...change })
    return readReceivedMdoc(text, { doctype: documentType, ...expected }, key, now())
  }

  it('is kept with what it says', async () => {
    expect(await read()).toMatchObject({
      format: 'mso_mdoc',
      docType: documentType,
      claims: { [documentType]: elements },
    })
  })

  it.each<[string, object, object, RegExp]>([
    [
      'of another document type than the metadata says',
      { docType: 'org.other' },
      {},
      /another doc/,
    ],
    [
      'of a type that the metadata does not say',
      {},
      { doctype: undefined },
      /another document type/,
    ],
    ['signed by a key for SD-JWT VCs', { by: 'credential:vn' }, {}, /no good certificates/],
    [
      'by another signer than its certificates say',
      { x5chain: signer('document:th').x5c },
      {},
      /not signed/,
    ],
  ])('is refused when %s', async (_, change, expected, rule) => {
    await expect(read(change, expected)).rejects.toThrow(rule)
  })

  it('is refused when it is bound to another key', async () => {
    const [mine, other] = [await freshHolderKey(), await freshHolderKey()]
    const text = await issuerSigned(elements, { deviceKey: other.publicJwk })
    const reading = readReceivedMdoc(text, { doctype: documentType }, mine, now())
    await expect(reading).rejects.toThrow(/not bound to the key of the proof/)
  })

  it('is refused when an element is another than was signed', async () => {
    const key = await freshHolderKey()
    const text = await issuerSigned(elements, { deviceKey: key.publicJwk })
    const bytes = decodeBase64url(text) ?? new Uint8Array()
    const at = String.fromCharCode(...bytes).indexOf('Nguy')
    const altered = encodeBase64url(bytes.with(at, 'M'.charCodeAt(0)))
    const reading = readReceivedMdoc(altered, { doctype: documentType }, key, now())
    await expect(reading).rejects.toThrow(/malformed: .*digest/)
  })

  it.each(['', 'not an mdoc', 'o2d2ZXJzaW9uYzEuMGlkb2N1bWVudHOBo2ZzdGF0dXMA'])(
    'is refused when it is none: %s',
    async (text) => {
      const key = await freshHolderKey()
      const reading = readReceivedMdoc(text, { doctype: documentType }, key, now())
      await expect(reading).rejects.toThrow(/no IssuerSigned/)
    },
  )
})

describe('of an mdoc a wallet selects', () => {
  const shown = async (credential: object) => {
    const held = [await holdingMdoc(elements)]
    const [selection] = (await select(readDcqlQuery(query(credential)), held)) ?? []
    return selection?.claims
  }
  const at = (name: string) => [documentType, name]

  it.each<[string, object, string[] | undefined]>([
    ['nothing when nothing is asked for', {}, []],
    ['one element', { claims: [{ path: at('name') }] }, ['name']],
    ['what has the asked value', { claims: [{ path: at('age'), values: [33, 34] }] }, ['age']],
    ['not what has another', { claims: [{ path: at('over_18'), values: [false] }] }, undefined],
    ['not what it has not', { claims: [{ path: at('name') }, { path: at('x') }] }, undefined],
    ['not by another namespace', { claims: [{ path: ['org.other', 'name'] }] }, undefined],
    [
      'the first claim set that can be had in whole',
      {
        claims: [
          { id: 'a', path: at('no_such') },
          { id: 'b', path: at('age') },
          { id: 'c', path: at('name') },
        ],
        claim_sets: [['a', 'b'], ['b'], ['c']],
      },
      ['age'],
    ],
    ['nothing for another type', { meta: { doctype_value: 'org.other' } }, undefined],
    [
      'nothing for another format',
      { format: 'dc+sd-jwt', meta: { vct_values: [documentType] } },
      undefined,
    ],
  ])('%s', async (_, credential, names) => {
    expect(await shown(credential)).toEqual(names?.map(at))
  })

  it('the one whose issuer is trusted', async () => {
    const held = [await holdingMdoc(elements), await holdingMdoc(elements, { by: 'document:th' })]
    const values = authorityKeyIds(signer('document:vn').x5c)
    const asked = readDcqlQuery(query({ trusted_authorities: [{ type: 'aki', values }] }))
    const [selection] = (await select(asked, held)) ?? []
    expect(selection?.credential).toBe(held[0])
  })

  it.each<[string, object, RegExp]>([
    ['has no doctype_value', { meta: {} }, /no doctype_value/],
    [
      'points into an element',
      { claims: [{ path: at('address').concat('country') }] },
      /no namespace/,
    ],
    ['points at a namespace', { claims: [{ path: [documentType] }] }, /no namespace/],
    ['points by number', { claims: [{ path: [documentType, 0] }] }, /no namespace/],
  ])('nothing at all where the query %s', (_, credential, rule) => {
    expect(() => readDcqlQuery(query(credential))).toThrow(rule)
  })
})

/** A wallet with one mdoc, and beside it an SD-JWT VC that nobody asks for, in front of a verifier. */
async function meeting(dcql_query: JsonObject = asking('name', 'age')) {
  const party = await verifier({ payload: { dcql_query } })
  const credentials = [await holdingMdoc(elements), await holding({})]
  const wallet = createWallet({ fetch: party.fetch, random, now, credentials })
  const { nonce, response_uri } = party.payload
  const thumbprint = await calculateJwkThumbprint(party.encryptionKey)
  const sessionTranscript = await redirectTranscript({
    clientId: party.clientId,
    nonce: String(nonce),
    responseUri: String(response_uri),
    jwkThumbprint: decodeBase64url(thumbprint) ?? null,
  })

  async function present(lies: Lies = {}) {
    const { response, disclosed } = await wallet.present(party.request, { lies })
    const [presentation = ''] = (response.vp_token as Record<string, string[]>).q ?? []
    const policy = { at: now(), anchors, sessionTranscript }
    const { findings, credential } = await verifyMdoc(presentation, policy)
    const failed = findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
    return { presentation, disclosed, failed, claims: credential?.claims[documentType] }
  }
  return { party, wallet, present }
}

describe('an honest wallet', () => {
  it('shows of an mdoc what is asked, bound to the request, so that our verifier accepts it', async () => {
    const { present } = await meeting()
    expect(await present()).toMatchObject({
      failed: [],
      claims: { name: elements.name, age: elements.age },
      disclosed: {
        q: [
          [documentType, 'name'],
          [documentType, 'age'],
        ],
      },
    })
  })

  it('says beforehand what it would show, and of which type', async () => {
    const { party, wallet } = await meeting()
    expect(await wallet.preview(party.request)).toMatchObject({
      asked: [{ queryId: 'q', types: [documentType], claims: [[documentType, 'name'], {}] }],
      wouldDisclose: {
        q: [
          [documentType, 'name'],
          [documentType, 'age'],
        ],
      },
    })
  })

  it('authorises no transaction by an mdoc, for which none is defined', async () => {
    const contract = {
      type: 'urn:gerbang:document:1',
      credential_ids: ['q'],
      name: 'x',
      sha256: 'y',
    }
    const encoded = Buffer.from(JSON.stringify(contract)).toString('base64url')
    const dcql_query = asking('name')
    const party = await verifier({ payload: { dcql_query, transaction_data: [encoded] } })
    const credentials = [await holdingMdoc(elements)]
    const wallet = createWallet({ fetch: party.fetch, random, now, credentials })
    expect((await wallet.preview(party.request)).wouldDisclose).toBeUndefined()
  })
})

it('what nothing is lied about keeps its bytes', async () => {
  const { issuerSigned, holderKey } = await holdingMdoc(elements)
  const { sign } = holderKey
  const sessionTranscript = await redirectTranscript({
    ...{ clientId: 'x', nonce: 'n', responseUri: 'https://x.example/', jwkThumbprint: null },
  })
  const signing = { docType: documentType, sessionTranscript, sign }
  for (const show of [[], [[documentType, 'name']]] as [string, string][][]) {
    const honest = await createDeviceResponse({ issuerSigned, show, ...signing })
    expect(await forgeDeviceResponse(honest, signing, {})).toBe(honest)
  }
})

describe('a wallet that lies of an mdoc is caught by our verifier', () => {
  it.each<[string, Lies, string[]]>([
    ['another nonce', { nonce: 'another' }, ['key_binding.signature']],
    [
      'a client_id without its prefix',
      { audience: (id) => id.replace(/.*:/, '') },
      ['key_binding.signature'],
    ],
    ['another response_uri', { responseUri: 'https://x.example/' }, ['key_binding.signature']],
    ['the thumbprint of another key', { jwkThumbprint: 'other' }, ['key_binding.signature']],
    ['no thumbprint', { jwkThumbprint: null }, ['key_binding.signature']],
    ['the handover of ISO 18013-7', { handover: 'iso-18013-7' }, ['key_binding.signature']],
    ['that of the browser', { handover: 'dc-api' }, ['key_binding.signature']],
    ['that of the browser in draft 24', { handover: 'dc-api-draft-24' }, ['key_binding.signature']],
    ['another key', { holderKey: 'other' }, ['key_binding.signature']],
    ['no proof at all', { dropKeyBinding: true }, ['key_binding.present']],
    ['neither signature nor MAC', { deviceAuth: 'missing' }, ['key_binding.present']],
    ['a MAC', { deviceAuth: 'mac' }, ['key_binding.present']],
    ['a signature and a MAC', { deviceAuth: 'both' }, ['key_binding.present']],
    ['what is signed sent along', { deviceAuth: 'attached' }, ['key_binding.header']],
    [
      'something else sent along',
      { deviceAuth: 'attached-other' },
      ['key_binding.header', 'key_binding.signature'],
    ],
    [
      'an algorithm that is not signed',
      { deviceAuth: 'unprotected-alg' },
      ['key_binding.header', 'key_binding.signature'],
    ],
    ['a signature by none', { kbAlg: 'none' }, ['key_binding.header', 'key_binding.signature']],
    ['a signature by HMAC', { kbAlg: 'HS256' }, ['key_binding.header', 'key_binding.signature']],
    ['elements of her own', { deviceElements: { x: { y: true } } }, ['credential.disclosures']],
    ['another document type', { docType: 'org.other' }, ['credential.claims']],
    ['an altered element', { alterDisclosure: true }, ['credential.disclosures']],
    ['an element nobody signed', { extraDisclosure: true }, ['credential.disclosures']],
    ['an element twice', { duplicateDisclosure: true }, ['credential.disclosures']],
    ['an element elsewhere', { moveDisclosure: 'org.other' }, ['credential.disclosures']],
    ['a tampered issuer signature', { tamperIssuerSignature: true }, ['credential.signature']],
    ['a credential by none', { issuerAlg: 'none' }, ['credential.header', 'credential.signature']],
    ['a credential by HMAC', { issuerAlg: 'HS256' }, ['credential.header', 'credential.signature']],
    ['errors of what is there', { elementErrors: true }, ['credential.format']],
    ['another status', { responseStatus: 10 }, ['credential.format']],
    ['another version', { responseVersion: '1.1' }, ['credential.format']],
    ['the document twice', { extraDocument: true }, ['credential.format']],
    ['errors of other documents', { documentErrors: true }, ['credential.format']],
    ['a byte more', { trailingByte: true }, ['credential.format']],
  ])('%s', async (_, lies, expected) => {
    expect((await (await meeting()).present(lies)).failed).toEqual(expected)
  })

  it.each<[string, Lies, string[]]>([
    ['everything', { disclosureNotAsked: true }, ['name', 'age', 'address', 'over_18']],
    ['one more', { disclosureNotAsked: [documentType, 'over_18'] }, ['name', 'age', 'over_18']],
    ['all but one', { omitDisclosure: [documentType, 'name'] }, ['age']],
    ['all but the last', { omitDisclosure: true }, ['name']],
  ])('or shows %s, and signs it well', async (_, lies, names) => {
    const { failed, claims = {} } = await (await meeting()).present(lies)
    expect(failed).toEqual([])
    expect(Object.keys(claims as object).toSorted()).toEqual(names.toSorted())
  })
})
