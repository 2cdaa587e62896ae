import * as z from 'zod/mini'
import type { Json, JsonObject } from '../credential/json.ts'
import { signJws } from '../credential/jws.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import { bearerSender, dpopSender, type TokenSender } from './dpop.ts'
import type { HeldCredential } from './held-credential.ts'
import { freshHolderKey, type HolderKey } from './holder-key.ts'
import { type Fetch, insistJson, send } from './http.ts'
import {
  type CredentialConfiguration,
  discoverAuthorizationServer,
  discoverIssuer,
  type IssuerMetadata,
} from './metadata.ts'
import { type CredentialOffer, readOffer } from './offer.ts'
import { readReceivedMdoc } from './received-mdoc.ts'
import { readReceivedSdJwtVc } from './received-sd-jwt-vc.ts'
import { insist, insistShape } from './rule.ts'
import { credentialNames, redeemCode, type TokenResponse } from './token.ts'

export type ReceiveDeps = {
  fetch: Fetch
  now: () => Date
  random: (size: number) => Uint8Array<ArrayBuffer>
}
export type ReceiveOptions = {
  /** The transaction code, which reached the person on another channel. */
  txCode?: string | undefined
  /** Binds the access token to a key (RFC 9449) instead of sending it as Bearer. */
  dpop?: boolean
}

const CredentialResponse = z.object({
  credentials: z.array(z.object({ credential: z.string() })).check(z.minLength(1)),
})

/** What one round of credential requests has in common. */
type Errand = {
  deps: ReceiveDeps
  sender: TokenSender
  issuer: IssuerMetadata
  token: TokenResponse
}

/**
 * Takes up a credential offer by the pre-authorized code flow of OpenID4VCI 1.0, knowing nothing but
 * the offer: every endpoint comes from metadata. Each credential gets a key of its own and is checked
 * before it is kept. Configurations in a format that the wallet does not know are left.
 */
export async function receive(
  deps: ReceiveDeps,
  offerLink: string,
  { txCode, dpop = false }: ReceiveOptions,
): Promise<HeldCredential[]> {
  const offer = await readOffer(deps.fetch, offerLink)
  const issuer = await discoverIssuer(deps.fetch, offer.credentialIssuer)
  const server = await discoverAuthorizationServer(deps.fetch, issuer, offer)
  const wanted = configurationsOf(offer, issuer)
  const sender = dpop ? await dpopSender(deps) : bearerSender(deps)
  const token = await redeemCode(sender, server, offer, txCode)
  const received: HeldCredential[] = []
  for (const [id, configuration] of wanted) {
    const errand = { deps, sender, issuer, token }
    for (const naming of credentialNames(token, id)) {
      received.push(await requestCredential(errand, id, configuration, naming))
    }
  }
  return received
}

/** How a credential of each format that we know names the holder's key (OpenID4VCI 1.0 12.2.4). */
const bindingMethods: ReadonlyMap<string, string> = new Map([
  ['dc+sd-jwt', 'jwk'],
  ['mso_mdoc', 'cose_key'],
])

function configurationsOf(
  offer: CredentialOffer,
  issuer: IssuerMetadata,
): [string, CredentialConfiguration][] {
  const supported = new Map(Object.entries(issuer.credential_configurations_supported))
  const offered = offer.configurationIds.map((id): [string, CredentialConfiguration] => {
    const configuration = supported.get(id)
    insist(configuration, `The issuer offers ${id}, which its metadata does not describe`)
    return [id, configuration]
  })
  const known = offered.filter(([, { format }]) => bindingMethods.has(format))
  const names = [...bindingMethods.keys()].join(', ')
  insist(known.length > 0, `The offer has nothing in a format that this wallet knows: ${names}`)
  return known
}

async function requestCredential(
  { deps, sender, issuer, token }: Errand,
  configurationId: string,
  configuration: CredentialConfiguration,
  naming: JsonObject,
): Promise<HeldCredential> {
  const { cryptographic_binding_methods_supported: methods = [], format } = configuration
  const method = bindingMethods.get(format) ?? ''
  insist(
    methods.includes(method) &&
      configuration.proof_types_supported?.jwt?.proof_signing_alg_values_supported.includes(
        'ES256',
      ),
    `${configurationId} cannot be bound to a key by an ES256 jwt proof with a ${method}`,
  )
  const holderKey = await freshHolderKey()
  const proof = await createKeyProof(holderKey, {
    aud: issuer.credential_issuer,
    iat: toNumericDate(deps.now()),
    ...(await freshNonce(deps.fetch, issuer)),
  })
  const request: Json = { ...naming, proofs: { jwt: [proof] } }
  const answer = await sender.send(
    issuer.credential_endpoint,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    },
    token.access_token,
  )
  insist(answer.status !== 202, 'The issuer defers the credential, and this wallet does not wait')
  const what = 'The credential response'
  const { credentials } = insistShape(CredentialResponse, insistJson(answer, what), what)
  const [only] = credentials
  insist(only && credentials.length === 1, 'One key proof is answered by one credential (8.3)')
  const readReceived = format === 'mso_mdoc' ? readReceivedMdoc : readReceivedSdJwtVc
  const received = await readReceived(only.credential, configuration, holderKey, deps.now())
  return { ...received, configurationId, issuer: issuer.credential_issuer, holderKey }
}

/** The `jwt` key proof (OpenID4VCI 1.0 F.1). There is no `iss`: a pre-authorized wallet is nobody. */
function createKeyProof(key: HolderKey, payload: JsonObject): Promise<string> {
  return signJws({ typ: 'openid4vci-proof+jwt', jwk: key.publicJwk }, payload, key.sign)
}

/** A `c_nonce` for one proof (OpenID4VCI 1.0 7), where the issuer has a nonce endpoint. */
async function freshNonce(fetch: Fetch, issuer: IssuerMetadata): Promise<{ nonce?: string }> {
  if (issuer.nonce_endpoint === undefined) return {}
  const answer = await send(fetch, issuer.nonce_endpoint, { method: 'POST' })
  const { c_nonce: nonce } = insistJson(answer, 'The nonce response')
  insist(typeof nonce === 'string', 'The nonce response has no c_nonce (OpenID4VCI 1.0 7.2)')
  return { nonce }
}
