import type { DigitalCredentialOptions } from '../../src/wallet/digital-credentials.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { type Answer, kyc, type Presentation, type TestGateway } from './gateway.ts'

export const pageOrigin = 'http://localhost:3000'

type Asked = { id: string; key: string; request: DigitalCredentialOptions }

/**
 * A page of a relying party, and its backend: it asks for what the browser is to be given, and brings
 * what the browser gave.
 */
export async function openPage(
  gateway: TestGateway,
  {
    relyingParty = 'bank-sg',
    origin = pageOrigin,
    ...body
  }: Record<string, unknown> & {
    relyingParty?: string
    origin?: string
  } = {},
) {
  const {
    id,
    key,
    digital_credential_request: request,
  } = (await gateway.ask(relyingParty, {
    ...kyc,
    ...body,
    flow: 'dc_api',
    origin,
  })) as unknown as Asked & { digital_credential_request: DigitalCredentialOptions }
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
