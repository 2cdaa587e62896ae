import type { Lies } from '../../src/wallet/lies.ts'
import { type Answer, kyc, type Presentation, type TestGateway } from './gateway.ts'

export const pageOrigin = 'http://localhost:3000'

/** The forms in which a request comes, the one that says most first (OpenID4VP 1.0 A.1). */
export const protocols = [
  'openid4vp-v1-signed',
  'openid4vp-v1-multisigned',
  'openid4vp-v1-unsigned',
]

type Change = Record<string, unknown> & { relyingParty?: string; origin?: string }

/**
 * A page of a relying party, and its backend: it asks for what the browser is to be given (what bank KYC
 * asks, unless the purpose is another), and brings what the browser gave.
 */
export async function openPage(gateway: TestGateway, change: Change = {}) {
  const { relyingParty, origin = pageOrigin, ...body } = change
  const asked = 'purpose' in body ? body : { ...kyc, ...body }
  const started = await gateway.ask(relyingParty, { ...asked, flow: 'dc_api', origin })
  const { id, key, digital_credential_request: request } = started
  return {
    id,
    key,
    origin,
    request,
    bring: (credential: unknown, by = key): Promise<Answer<Presentation & { code?: string }>> =>
      gateway.post(`/v1/presentations/${id}/response`, credential, by),
    read: async () => (await gateway.get<Presentation>(`/v1/presentations/${id}`, key)).body,
  }
}

/** An honest citizen of Viet Nam answers a page of the bank with a wallet that lies in one way. */
export async function attackPage(gateway: TestGateway, lies: Lies) {
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const page = await openPage(gateway)
  const credential = await wallet.get(page.origin, page.request, { lies })
  const brought = await page.bring(credential)
  return { ...brought, page, wallet, credential, result: await page.read() }
}
