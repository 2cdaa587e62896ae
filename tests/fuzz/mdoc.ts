import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { createDeviceResponse } from '../../src/credential/device-response.ts'
import { sha256 } from '../../src/credential/digest.ts'
import type { Sign } from '../../src/credential/jws.ts'
import { prepareMdoc, signMdoc } from '../../src/credential/mdoc.ts'
import { redirectTranscript } from '../../src/credential/session-transcript.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { cborKinds, type Item, mutateCbor, readItem, writeItem } from '../support/cbor-mutations.ts'
import { isWithin } from '../support/mutations.ts'
import { signer } from '../wallet/parties.ts'
import type { Draw, Target } from './target.ts'
import { challenge, holder, stranger, type World } from './world.ts'

const docType = 'org.gerbang.pid.1'
const responseUri = 'http://localhost:8787/presentations/of-the-fuzzer/response'
const thumbprint = new Uint8Array(32).fill(7)
const session = { responseUri, jwkThumbprint: encodeBase64url(thumbprint) }

/** mdocs, as whoever holds one may bend it, and as its own issuer may. */
export async function mdocTargets({ gateway, judge }: World): Promise<Target[]> {
  const documentSigner = signer('document:vn')
  const sessionTranscript = await redirectTranscript({
    clientId: challenge.audience,
    nonce: challenge.nonce,
    jwkThumbprint: thumbprint,
    responseUri,
  })
  const now = gateway.now()
  const at = (days: number) => new Date(now.getTime() + days * 86_400_000)
  const draft = {
    x5chain: documentSigner.x5c,
    docType,
    nameSpaces: {
      [docType]: {
        name: 'Nguyễn Thị An',
        birthdate: '1990-02-03',
        nationalities: ['VN'],
        address: { formatted: 'Huế', country: 'VN' },
        issuing_country: 'VN',
      },
    },
    deviceKey: holder.publicJwk,
    signed: at(-1),
    validFrom: at(-1),
    validUntil: at(30),
    statement: { verification: { assurance_level: 'level 2 / authentication 4' } },
  }
  const show = Object.keys(draft.nameSpaces[docType]).map((name) => [docType, name] as const)
  const issuerSigned = await signMdoc(await prepareMdoc(draft, systemRandom), documentSigner.sign)
  const by = (sign: Sign) =>
    createDeviceResponse({ issuerSigned, docType, show, sessionTranscript, sign })
  const honest = await by(holder.sign)
  const judged = (input: string) => judge(input, session)
  const { credentials, checks } = await judged(honest)
  const original = credentials?.presentation?.[0]?.claims
  if (!original) throw new Error(`the seed of the fuzzer is refused: ${JSON.stringify(checks)}`)

  const mutated = (input: string, { kind, ...draw }: Draw): string => {
    const bytes = decodeBase64url(input)
    const change = { ...draw, kind: cborKinds[kind % cborKinds.length] ?? '' }
    return bytes ? encodeBase64url(mutateCbor(bytes, change)) : input
  }
  const resigned = async (input: string, by: Partial<Signers>): Promise<string> => {
    const tree = readItem(decodeBase64url(input) ?? new Uint8Array())
    if (!tree) return input
    await signAnew(tree, sessionTranscript, by)
    return encodeBase64url(writeItem(tree))
  }

  return [
    {
      name: 'mdoc',
      seeds: [honest, await by(stranger.sign)],
      mutate: async (input, draw) => {
        const text = mutated(input, draw)
        return draw.value % 2 === 0 ? text : resigned(text, { device: holder.sign })
      },
      judge: judged,
      isGenuine: ({ presentation = [] }) => isWithin(presentation[0]?.claims, original),
    },
    {
      name: 'mdoc-of-a-hostile-issuer',
      seeds: [honest],
      mutate: (input, draw) =>
        resigned(mutated(input, draw), { issuer: documentSigner.sign, device: holder.sign }),
      judge: judged,
      isGenuine: () => true,
    },
  ]
}

type Signers = { issuer: Sign; device: Sign }

/** What stands under a key of a map. */
function member(map: Item | undefined, key: string): Item | undefined {
  const { children = [] } = map?.major === 5 ? map : {}
  const text = new TextEncoder().encode(key)
  const at = children.findIndex(
    ({ major, bytes }, i) => i % 2 === 0 && major === 3 && bytes && isSame(bytes, text),
  )
  return at < 0 ? undefined : children[at + 1]
}

const isSame = (a: Uint8Array, b: Uint8Array) =>
  a.length === b.length && a.every((byte, i) => byte === b[i])
const bytesItem = (bytes: Uint8Array): Item => ({ major: 2, argument: 0n, width: 0, bytes })
const textItem = (text: string): Item => ({
  major: 3,
  argument: 0n,
  width: 0,
  bytes: new TextEncoder().encode(text),
})
const list = (...children: Item[]): Item => ({ major: 4, argument: 0n, width: 0, children })
const embedded = (item: Item): Item => ({
  major: 6,
  argument: 24n,
  width: 0,
  children: [bytesItem(writeItem(item))],
})
const contentOf = ({ embedded: inner, bytes }: Item) =>
  inner ? writeItem(inner) : (bytes ?? new Uint8Array())

/** Makes digests and signatures fit what a DeviceResponse has become, as far as it can be read. */
async function signAnew(
  tree: Item,
  sessionTranscript: Uint8Array,
  { issuer, device }: Partial<Signers>,
): Promise<void> {
  const document = member(tree, 'documents')?.children?.[0]
  const issuerSigned = member(document, 'issuerSigned')
  const issuerAuth = member(issuerSigned, 'issuerAuth')?.children
  if (issuer && issuerAuth) {
    await digestAnew(member(issuerSigned, 'nameSpaces'), issuerAuth[2])
    await signItem(issuerAuth, issuerAuth[2] && contentOf(issuerAuth[2]), issuer)
  }
  const deviceSigned = member(document, 'deviceSigned')
  const signature = member(member(deviceSigned, 'deviceAuth'), 'deviceSignature')?.children
  const [type, nameSpaces] = [member(document, 'docType'), member(deviceSigned, 'nameSpaces')]
  const transcript = readItem(sessionTranscript)
  if (!device || !signature || !type || !nameSpaces || !transcript) return
  const authentication = list(textItem('DeviceAuthentication'), transcript, type, nameSpaces)
  await signItem(signature, writeItem(embedded(authentication)), device)
}

async function signItem(sign1: Item[], payload: Uint8Array | undefined, sign: Sign) {
  const [protectedHeaders] = sign1
  if (!protectedHeaders || !payload || sign1.length < 4) return
  const structure = list(
    textItem('Signature1'),
    bytesItem(contentOf(protectedHeaders)),
    bytesItem(new Uint8Array()),
    bytesItem(payload),
  )
  sign1[3] = bytesItem(await sign(writeItem(structure)))
}

async function digestAnew(nameSpaces: Item | undefined, payload: Item | undefined): Promise<void> {
  const mso = payload?.embedded?.children?.[0]?.embedded
  const digests = member(mso, 'valueDigests')
  const pairs = nameSpaces?.children ?? []
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const name = new TextDecoder().decode(pairs[i]?.bytes)
    const inNameSpace = member(digests, name)?.children ?? []
    for (const item of pairs[i + 1]?.children ?? []) {
      const id = member(item.children?.[0]?.embedded, 'digestID')?.argument
      const at = inNameSpace.findIndex(
        ({ major, argument }, j) => j % 2 === 0 && major === 0 && argument === id,
      )
      if (at >= 0) inNameSpace[at + 1] = bytesItem(await sha256(writeItem(item)))
    }
  }
}
