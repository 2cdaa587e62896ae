import { parseJsonObject } from '../../../src/credential/json.ts'
import { parseSdJwt } from '../../../src/credential/sd-jwt.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import type { DcqlQuery } from '../../../src/wallet/dcql.ts'
import { disclosuresOf, readHeldSdJwt } from '../../../src/wallet/held-sd-jwt.ts'
import { select } from '../../../src/wallet/select.ts'
import { createWallet } from '../../../src/wallet/wallet.ts'
import type { HeldByHand, Terms } from './client.ts'

export const query = {
  credentials: [
    {
      id: 'pid',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['urn:gerbang:pid:1'] },
      claims: [
        { path: ['name'] },
        { path: ['birthdate'] },
        { path: ['nationalities'] },
        { path: ['address', 'country'] },
      ],
    },
  ],
}

async function json(response: Response) {
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`)
  return response.json()
}

export async function apiKeyOf(origin: string, relyingParty: string): Promise<string> {
  const { relying_parties: parties } = await json(await fetch(`${origin}/sandbox/relying-parties`))
  return parties.find(({ id }: { id: string }) => id === relyingParty).api_key
}

/** A wallet with a fresh credential of one persona. */
export async function citizen(
  origin: string,
  persona = 'vn-nguyen-thi-an',
  configuration = 'pid-sd-jwt',
) {
  const offered = await fetch(`${origin}/sandbox/offers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      issuer: persona.slice(0, 2),
      persona,
      credential_configuration_ids: [configuration],
      grant: 'pre-authorized_code',
      tx_code: false,
    }),
  })
  const { credential_offer_uri: offer } = await json(offered)
  const wallet = createWallet({ fetch, random: systemRandom, now: () => new Date() })
  const [held] = await wallet.accept(offer)
  if (!held) throw new Error('nothing was issued')
  return { wallet, held }
}

/**
 * What every server is asked for, and by whom it is answered: a credential that the gateway issued.
 * `env` is what a server by hand must be told of it.
 */
export async function termsOf(
  origin: string,
): Promise<{ terms: Terms; env: Record<string, string> }> {
  const apiKey = await apiKeyOf(origin, 'bank-sg')
  const { held } = await citizen(origin)
  if (held.format !== 'dc+sd-jwt') throw new Error('no SD-JWT VC was issued')
  const [selection] = (await select(query as DcqlQuery, [held])) ?? []
  const read = parseSdJwt(held.sdJwt)
  const payload = read.ok ? parseJsonObject(read.value.jws.payload) : undefined
  if (!selection || !payload) throw new Error('the credential does not answer the query')
  const { issuerJwt, disclosures } = await readHeldSdJwt(held)
  const shown: HeldByHand = {
    sdJwt: [issuerJwt, ...disclosuresOf(disclosures, selection.claims), ''].join('~'),
    sign: held.holderKey.sign,
  }
  const body = JSON.stringify({ purpose: 'bank-kyc', dcql_query: query })
  const { uri, idx } = (payload.status as { status_list: { uri: string; idx: number } }).status_list
  const env = { API_KEY: apiKey, ISSUER: String(payload.iss), STATUS: `${uri} ${idx}` }
  return { terms: { apiKey, body, queryId: 'pid', held: shown }, env }
}
