import { beforeAll } from 'vitest'
import { decodeBase64url } from '../../src/credential/base64url.ts'
import type { Encodable } from '../../src/credential/cbor-encoder.ts'
import { coseHeader, x5chainHeader } from '../../src/credential/cose.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import { type MdocDraft, prepareMdoc, signMdoc } from '../../src/credential/mdoc.ts'
import { redirectTranscript } from '../../src/credential/session-transcript.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import { type Forgery, mdocForger } from '../credential/mdoc-scene.ts'
import { signer } from '../wallet/parties.ts'
import { type AnswerOptions, answerNew, type Maker, type Members } from './forgery.ts'
import { type TestGateway, testGateway } from './gateway.ts'

export const pidDoctype = 'org.gerbang.pid.1'

/** How a document differs from the honest one; its issuer signs it all the same. */
export type MdocForgery = Partial<Omit<MdocDraft, 'deviceKey' | 'x5chain'>> & {
  by?: Maker
  /** Instead of name and birthdate: all that it has. */
  elements?: JsonObject
}

const kyc = { purpose: 'bank-kyc', ask: ['name', 'birthdate'] }

export type MdocForger = Awaited<ReturnType<typeof createMdocForger>>

/**
 * An attacker with the document signer of Viet Nam on his side: mdocs of any content and any shape,
 * truly signed by its example key for a device of ours, and presented to the gateway through its front
 * door.
 */
export async function createMdocForger(gateway: TestGateway) {
  const vietnam = signer('document:vn')
  const device = await freshHolderKey()

  /** As issued. */
  async function issuerSigned({ by = vietnam, elements, ...change }: MdocForgery = {}) {
    const signed = new Date(gateway.now().getTime() - 3_600_000)
    const docType = change.docType ?? pidDoctype
    const draft: MdocDraft = {
      x5chain: [...by.x5c],
      docType,
      nameSpaces: { [docType]: elements ?? { name: 'Nguyễn Thị An', birthdate: '1990-02-03' } },
      deviceKey: device.publicJwk,
      signed,
      validFrom: signed,
      validUntil: new Date(signed.getTime() + 86_400_000),
      statement: { verification: { assurance_level: 'level 2 / authentication 4' } },
      ...change,
    }
    return { draft, by, text: await signMdoc(await prepareMdoc(draft, systemRandom), by.sign) }
  }

  type Issued = Awaited<ReturnType<typeof issuerSigned>>
  const forgerOf = ({ draft: { docType }, text, by }: Issued, transcript: Uint8Array) =>
    mdocForger({ issuer: by, docType, issued: text, signDevice: device.sign, transcript })

  /** All its elements, and the device's signature for a request; of another shape, where one is said. */
  const bind = async (issued: Issued, request: Members, shape: Forgery = {}): Promise<string> =>
    forgerOf(issued, await transcriptFor(request)).forge(shape)

  const honest = await issuerSigned()
  const { held, mso } = forgerOf(honest, new Uint8Array())

  return {
    device,
    vietnam,
    held,
    mso,
    issuerSigned,
    bind,
    /** Presents a document of other content: what the wallet hears, and what is then read. */
    attack: (forgery: MdocForgery = {}, attempt: AnswerOptions = {}) =>
      answerNew(gateway, 'mso_mdoc', { ask: kyc, ...attempt }, async (request) =>
        bind(await issuerSigned(forgery), request),
      ),
    /** Presents the honest document in another shape. */
    bend: (shape: Forgery = {}, attempt: AnswerOptions = {}) =>
      answerNew(gateway, 'mso_mdoc', { ask: kyc, ...attempt }, (request) =>
        bind(honest, request, shape),
      ),
  }
}

/** One gateway for all tests of a file, and who forges mdocs before it. */
export function sharedMdocForger() {
  const shared = {} as { gateway: TestGateway; forger: MdocForger }
  beforeAll(async () => {
    shared.gateway = await testGateway()
    shared.forger = await createMdocForger(shared.gateway)
  })
  return shared
}

/** What a device signs for a request that came by a link (OpenID4VP 1.0 B.2.6.1). */
export function transcriptFor(request: Members): Promise<Uint8Array> {
  const { jwks } = request.client_metadata as { jwks: { keys: { kid: string }[] } }
  return redirectTranscript({
    clientId: String(request.client_id),
    nonce: String(request.nonce),
    responseUri: String(request.response_uri),
    // Our verifier calls its key by its thumbprint.
    jwkThumbprint: decodeBase64url(jwks.keys[0]?.kid ?? '') ?? null,
  })
}

/** Signed by somebody else, who says so. */
export const issuedBy = ({ x5c, sign }: Maker): Forgery => ({
  issuerUnprotected: new Map<number, Encodable>([[coseHeader.x5chain, x5chainHeader(x5c)]]),
  signIssuer: sign,
})
