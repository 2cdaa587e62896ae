import { hash, X509Certificate } from 'node:crypto'
import { encodeCbor } from '../../../src/credential/cbor-encoder.ts'
import { deviceAuthenticationBytes } from '../../../src/credential/device-authentication.ts'
import {
  createDeviceResponse,
  parseDeviceResponse,
} from '../../../src/credential/device-response.ts'
import { keyPurposeIds } from '../../../src/credential/key-purpose.ts'
import { prepareMdoc, signMdoc, verifyMdoc } from '../../../src/credential/mdoc.ts'
import { readMobileSecurityObject } from '../../../src/credential/mobile-security-object.ts'
import { redirectTranscript } from '../../../src/credential/session-transcript.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { auth0Failures } from '../../support/auth0-mdoc.ts'
import { authority, signer, signWith } from '../../support/certificates.ts'
import { assert, followChain, type Issuer, importPublic, verifyBytes } from '../by-hand.ts'
import { owfVerifier } from '../peers/owf-mdoc.ts'
import { type Contender, interleave } from '../rounds.ts'
import type { Extent, Row } from '../row.ts'
import { origin, world } from '../world.ts'

const docType = 'org.gerbang.pid.1'
const shown = ['name', 'birthdate', 'nationalities', 'address']

/** Presentations of the same elements by issuers of which each has certificates of its own. */
async function scene(count: number) {
  const { holding, snapshot, now } = await world()
  const { held } = await holding('pid-mdoc')
  const nameSpaces = held.claims as Record<string, Record<string, string>>
  const hour = 3_600_000
  const sessionTranscript = await redirectTranscript({
    clientId: 'x509_hash:abc',
    nonce: 'nonce-of-this-request',
    jwkThumbprint: new Uint8Array(32).fill(7),
    responseUri: `${origin}/presentations/1/response`,
  })
  const root = await authority('Root, C=VN')
  const { keys } = await signer('keys for all of them, since making keys takes long')
  const presentations: { text: string; x5chain: string[] }[] = []
  for (let i = 0; i < count; i++) {
    const by = await authority(`Authority ${i}, C=VN`, { by: root, keys, pathLength: 0 })
    const leaf = await signer(`Signer ${i}, C=VN`, {
      ...{ by, keys, extendedUsage: [keyPurposeIds.mdoc] },
      names: [{ type: 'url', value: `${origin}/issuers/vn` }],
    })
    const x5chain = [leaf.der, by.der]
    const draft = {
      ...{ x5chain, docType, nameSpaces, deviceKey: held.holderKey.publicJwk },
      signed: new Date(now.getTime() - hour),
      validFrom: new Date(now.getTime() - hour),
      validUntil: new Date(now.getTime() + hour),
      status: { uri: `${origin}/status-lists/1`, idx: 7 },
    }
    const issuerSigned = await signMdoc(await prepareMdoc(draft, systemRandom), signWith(keys))
    const text = await createDeviceResponse({
      ...{ issuerSigned, docType, sessionTranscript, sign: held.holderKey.sign },
      show: shown.map((element): [string, string] => [docType, element]),
    })
    presentations.push({ text, x5chain })
  }
  const anchor = new X509Certificate(Buffer.from(root.der, 'base64'))
  const anchors = [...snapshot.anchors('issuer_ca', now), { id: 'root', certificate: root.der }]
  return { presentations, anchor, anchors, sessionTranscript, now, rootDer: root.der }
}

type Scene = Awaited<ReturnType<typeof scene>>

/** The pieces of a presentation, cut before anything is measured. */
function pieces(text: string, sessionTranscript: Uint8Array) {
  const parsed = parseDeviceResponse(text)
  if (!parsed.ok || !parsed.value.deviceSigned.ok) throw new Error('our own mdoc')
  const { issuerSigned, deviceSigned } = parsed.value
  const { issuerAuth, payload, items } = issuerSigned
  const mso = readMobileSecurityObject(issuerSigned.mso)
  if (!mso.ok) throw new Error(mso.error)
  const { nameSpaces, signature } = deviceSigned.value
  const authentication = deviceAuthenticationBytes(sessionTranscript, docType, nameSpaces)
  const input = (headers: Uint8Array, payload: Uint8Array) =>
    Buffer.from(encodeCbor(['Signature1', headers, new Uint8Array(), payload]))
  const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'base64url')
  const { devicePoint } = mso.value
  const coordinate = (from: number) => Buffer.from(devicePoint.slice(from, from + 32))
  return {
    issuer: {
      input: input(issuerAuth.protectedBytes, payload),
      signature: Buffer.from(issuerAuth.signature),
    },
    device: {
      input: input(signature.protectedBytes, authentication),
      signature: Buffer.from(signature.signature),
    },
    deviceJwk: {
      ...{ kty: 'EC', crv: 'P-256' },
      ...{ x: coordinate(0).toString('base64url'), y: coordinate(32).toString('base64url') },
    },
    items: items.map(({ encoded }) => ({ encoded, digest: sha256(encoded) })),
  }
}

/** Cryptography alone: both signatures, the device's key, and a digest for each element. */
function cryptography({ issuer, device, deviceJwk, items }: ReturnType<typeof pieces>, by: Issuer) {
  assert(verifyBytes(by.key, issuer.input, issuer.signature), 'signature of the issuer')
  const deviceKey = importPublic(deviceJwk)
  assert(verifyBytes(deviceKey, device.input, device.signature), 'signature of the device')
  for (const { encoded, digest } of items) {
    assert(hash('sha256', encoded, 'base64url') === digest, 'digest')
  }
}

const floorDoes =
  'two ES256 verifications, import of the device’s key, all digests; cut and encoded beforehand'
const oursDoes = 'verifyMdoc: all checks told one by one, one strict pass of CBOR'

async function verifyStrictly(text: string, { anchors, sessionTranscript, now }: Scene) {
  const { findings, credential } = await verifyMdoc(text, { at: now, anchors, sessionTranscript })
  assert(credential, JSON.stringify(findings.filter(({ outcome }) => outcome === 'fail')))
  assert(credential?.claims[docType], 'the elements are there')
}

function issuerBy({ anchor, now }: Scene) {
  const key = anchor.publicKey
  return (x5chain: readonly string[]) =>
    followChain(x5chain, anchor, key, now.getTime(), keyPurposeIds.mdoc)
}

async function warm(extent: Extent) {
  const made = await scene(1)
  const [first] = made.presentations
  if (!first) throw new Error('no mdoc')
  const cut = pieces(first.text, made.sessionTranscript)
  const issuer = issuerBy(made)(first.x5chain)
  const owf = owfVerifier(made.anchor, keyPurposeIds.mdoc, true)
  return interleave(extent, [
    { name: 'node:crypto', does: floorDoes, once: () => cryptography(cut, issuer) },
    { name: 'gerbang', does: oursDoes, once: () => verifyStrictly(first.text, made) },
    {
      name: '@owf/mdoc',
      does: '@owf/mdoc over node:crypto, chains remembered',
      once: () => owf(first.text, made.sessionTranscript, made.now),
    },
  ])
}

async function cold(extent: Extent) {
  extent.progress('making issuers')
  const made = await scene(1500)
  const issuerOf = issuerBy(made)
  const cuts = made.presentations.map(({ text, x5chain }) => ({
    ...pieces(text, made.sessionTranscript),
    x5chain,
  }))
  const nth = <T>(all: readonly T[], turn: number): T => all[turn % all.length] as T
  const owf = owfVerifier(made.anchor, keyPurposeIds.mdoc, false)
  const contenders: Contender[] = [
    {
      name: 'node:crypto',
      does: `${floorDoes}; both certificates read, their signatures, names, validity and usage`,
      once(turn) {
        const cut = nth(cuts, turn)
        cryptography(cut, issuerOf(cut.x5chain))
      },
    },
    {
      name: 'gerbang',
      does: `${oursDoes}; each chain is seen for the first time`,
      once: (turn) => verifyStrictly(nth(made.presentations, turn).text, made),
    },
    {
      name: '@owf/mdoc',
      does: '@owf/mdoc over node:crypto',
      once: (turn) => owf(nth(made.presentations, turn).text, made.sessionTranscript, made.now),
    },
    {
      name: '@auth0/mdl',
      does: '@auth0/mdl, which brings its own cryptography',
      async once(turn) {
        const session = { sessionTranscript: made.sessionTranscript, anchor: made.rootDer }
        const failed = await auth0Failures(nth(made.presentations, turn).text, session)
        assert(failed.length === 0, failed.join())
      },
    },
  ]
  return interleave(extent, contenders)
}

export const mdocRows: Row[] = [
  {
    id: 'mdoc-warm',
    work: 'verify mdoc, warm',
    unit: 'µs',
    goal: { sense: 'speed', goal: 0.7 },
    measure: warm,
  },
  {
    id: 'mdoc-cold',
    work: 'verify mdoc, cold x5chain',
    unit: 'µs',
    goal: { sense: 'speed', goal: 0.75 },
    measure: cold,
  },
]
