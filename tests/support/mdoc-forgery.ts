import { decodeBase64url } from '../../src/credential/base64url.ts'
import { createDeviceResponse } from '../../src/credential/device-response.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import { type MdocDraft, prepareMdoc, signMdoc } from '../../src/credential/mdoc.ts'
import { redirectTranscript } from '../../src/credential/session-transcript.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import { signer } from '../wallet/parties.ts'
import type { Attempt, Maker, Members } from './forgery.ts'
import type { TestGateway } from './gateway.ts'

export const pidDoctype = 'org.gerbang.pid.1'

/** How a document differs from the honest one; its issuer signs it all the same. */
export type MdocForgery = Partial<Omit<MdocDraft, 'deviceKey' | 'x5chain'>> & {
  by?: Maker
  /** Instead of name and birthdate: all that it has. */
  elements?: JsonObject
}

const kyc = { purpose: 'bank-kyc', ask: ['name', 'birthdate'], formats: ['mso_mdoc'] }

/**
 * An attacker with the document signer of Viet Nam on his side: mdocs of any content, truly signed by
 * its example key for a device of ours, and presented to the gateway through its front door.
 */
export async function createMdocForger(gateway: TestGateway) {
  const wallet = gateway.newWallet()
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
    return { draft, text: await signMdoc(await prepareMdoc(draft, systemRandom), by.sign) }
  }

  /** All its elements, and the device's signature for a request. */
  async function bind(
    { draft, text }: Awaited<ReturnType<typeof issuerSigned>>,
    request: Members,
  ): Promise<string> {
    const { jwks } = request.client_metadata as { jwks: { keys: { kid: string }[] } }
    return createDeviceResponse({
      issuerSigned: text,
      docType: draft.docType,
      show: Object.entries(draft.nameSpaces).flatMap(([namespace, elements]) =>
        Object.keys(elements).map((element) => [namespace, element] as const),
      ),
      sessionTranscript: await redirectTranscript({
        clientId: String(request.client_id),
        nonce: String(request.nonce),
        responseUri: String(request.response_uri),
        jwkThumbprint: decodeBase64url(jwks.keys[0]?.kid ?? '') ?? null,
      }),
      sign: device.sign,
    })
  }

  /** Presents a forged document: what the wallet hears, and what the relying party then reads. */
  async function attack(
    forgery: MdocForgery = {},
    { relyingParty = 'bank-sg', ask = kyc, alter = (p) => p, lies }: Omit<Attempt, 'binding'> = {},
  ) {
    const transaction = await gateway.ask(relyingParty, ask)
    const link = transaction.authorization_request
    const { request } = await wallet.preview(link)
    const presentation = await alter(await bind(await issuerSigned(forgery), request))
    const { status, body } = await wallet.present(link, {
      lies: { presentations: [presentation], ...lies },
    })
    return { status, body, presentation, request, transaction, result: await transaction.read() }
  }

  return { device, vietnam, issuerSigned, bind, attack }
}
