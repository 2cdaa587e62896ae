import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { cryptography } from '../../src/credential/crypto.ts'
import { sha256 } from '../../src/credential/digest.ts'
import type { Json, JsonObject } from '../../src/credential/json.ts'
import { parseJsonObject } from '../../src/credential/json.ts'
import { keyPairFromSeed } from '../../src/credential/jwe.ts'
import { signJws } from '../../src/credential/jws.ts'
import { type MdocDraft, prepareMdoc, signMdoc } from '../../src/credential/mdoc.ts'
import { type TrustedCertificate, x509Hash } from '../../src/credential/x509.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import type { HeldMdoc, HeldSdJwtVc } from '../../src/wallet/held-credential.ts'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'

// The parties a wallet meets, made of nothing but the example keys; there is no network.

export const now = () => new Date('2026-06-01T12:00:00Z')
export const seconds = Math.floor(now().getTime() / 1000)

let counter = 0
export const random = (size: number) => {
  counter++
  return Uint8Array.from({ length: size }, (_, i) => (counter >> (8 * (i % 4))) & 0xff)
}

const keys = jwkKeyRing(exampleKeys, cryptography())

/** A purpose's key of the sandbox: its x5c, and how it signs. */
export function signer(purpose: string) {
  const [{ kid, x5c = [] }] = keys.publicKeys(purpose)
  return { kid, x5c, sign: (bytes: Uint8Array) => keys.sign(purpose, bytes) }
}

export type Route = (request: {
  body: string
  headers: Headers
  method: string
}) => Response | Promise<Response>

/** Answers the URLs it was given; any other is a fault of the wallet. Remembers what was sent. */
export function scripted(routes: Record<string, Route>) {
  const sent: { url: string; body: string; headers: Headers; method: string }[] = []
  const fetch = async (url: string, init: RequestInit = {}) => {
    const route = routes[url]
    if (!route) throw new Error(`nobody is at ${url}`)
    const request = {
      body: String(init.body ?? ''),
      headers: new Headers(init.headers),
      method: init.method ?? 'GET',
    }
    sent.push({ url, ...request })
    return route(request)
  }
  return { fetch, sent, to: (url: string) => sent.filter((request) => request.url === url) }
}

/** Marks a value as selectively disclosable, for `sdJwt`. */
export const hidden = (value: unknown) => ({ hidden: value })

/** An SD-JWT VC of any shape, nested and recursive disclosures included, by the issuer of `vn`. */
export async function sdJwt(
  claims: object,
  { header = {}, by = 'credential:vn' }: { header?: JsonObject; by?: string } = {},
): Promise<string> {
  const disclosures: string[] = []
  const disclose = async (...parts: Json[]) => {
    const salt = encodeBase64url(random(16))
    const disclosure = encodeBase64url(new TextEncoder().encode(JSON.stringify([salt, ...parts])))
    disclosures.push(disclosure)
    return encodeBase64url(await sha256(disclosure))
  }
  const isHidden = (value: unknown): value is { hidden: unknown } =>
    typeof value === 'object' && value !== null && 'hidden' in value

  async function pack(value: unknown): Promise<Json> {
    if (typeof value !== 'object' || value === null) return value as Json
    if (Array.isArray(value)) {
      const elements: Json[] = []
      for (const element of value) {
        if (!isHidden(element)) elements.push(await pack(element))
        else elements.push({ '...': await disclose(await pack(element.hidden)) })
      }
      return elements
    }
    const object: JsonObject = {}
    const digests: string[] = []
    for (const [name, member] of Object.entries(value)) {
      if (isHidden(member)) digests.push(await disclose(name, await pack(member.hidden)))
      else object[name] = await pack(member)
    }
    return digests.length > 0 ? { ...object, _sd: digests } : object
  }

  const { sign, x5c, kid } = signer(by)
  const payload = (await pack(claims)) as JsonObject
  const jwt = await signJws({ typ: 'dc+sd-jwt', kid, x5c, ...header }, payload, sign)
  return `${[jwt, ...disclosures].join('~')}~`
}

export const identityType = 'https://credentials.example.com/identity_credential'

const plain = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if ('hidden' in value) return plain(value.hidden)
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}

/** A credential in a wallet, as if it had been received. */
export async function holding(
  claims: object,
  { vct = identityType, by = 'credential:vn' } = {},
): Promise<HeldSdJwtVc> {
  const holderKey = await freshHolderKey()
  const exp = seconds + 86_400
  const whole = { vct, exp, cnf: { jwk: holderKey.publicJwk }, ...claims }
  return {
    configurationId: 'identity',
    format: 'dc+sd-jwt',
    vct,
    issuer: 'https://issuer.example',
    claims: plain(whole) as JsonObject,
    sdJwt: await sdJwt(whole, { by }),
    holderKey,
  }
}

export const documentType = 'org.example.identity.1'

/** An mdoc as an issuer hands it out; by the issuer of `vn`, unless said otherwise. */
export async function issuerSigned(
  elements: JsonObject,
  { deviceKey, by = 'document:vn', docType = documentType, ...change }: MdocOptions,
): Promise<string> {
  const { sign, x5c } = signer(by)
  const day = 86_400_000
  const draft = {
    x5chain: x5c,
    docType,
    nameSpaces: { [docType]: elements },
    deviceKey,
    signed: now(),
    validFrom: now(),
    validUntil: new Date(now().getTime() + day),
    ...change,
  }
  return signMdoc(await prepareMdoc(draft, random), sign)
}

type MdocOptions = Partial<MdocDraft> & Pick<MdocDraft, 'deviceKey'> & { by?: string }

/** An mdoc in a wallet, as if it had been received. */
export async function holdingMdoc(
  elements: JsonObject,
  { docType = documentType, ...options }: Omit<MdocOptions, 'deviceKey'> = {},
): Promise<HeldMdoc> {
  const holderKey = await freshHolderKey()
  return {
    configurationId: 'identity',
    format: 'mso_mdoc',
    docType,
    issuer: 'https://issuer.example',
    claims: { [docType]: elements },
    issuerSigned: await issuerSigned(elements, {
      docType,
      deviceKey: holderKey.publicJwk,
      ...options,
    }),
    holderKey,
  }
}

/** The payload of a JWS, or of the parts of one. */
export const payloadOf = (jwt = ''): JsonObject => part(jwt, 1)
export const headerOf = (jwt = ''): JsonObject => part(jwt, 0)
const part = (jwt: string, i: number) =>
  parseJsonObject(decodeBase64url(jwt.split('.')[i] ?? '') ?? '') ?? {}

/** What disclosures say, without their salts. */
export const disclosedIn = (presentation = '') =>
  presentation
    .split('~')
    .slice(1, -1)
    .map((text) => JSON.parse(new TextDecoder().decode(decodeBase64url(text))).slice(1))

/** The roots that certificates of the example keys lead to. */
export function anchor(pem: string): TrustedCertificate {
  return { id: 'anchor', certificate: pem.replace(/-----.*-----|\s/g, '') }
}

/** A verifier with one transaction: what its request says, and what arrives at it. */
export async function verifier({
  payload: change = {},
  header = {},
  signAs = 'access:bank-sg',
  clientId,
  link = {},
  answer = () => Response.json({ redirect_uri: 'https://bank.example/done?response_code=c' }),
}: {
  payload?: JsonObject
  header?: JsonObject
  signAs?: string
  clientId?: string
  link?: Record<string, string>
  answer?: Route
} = {}) {
  const { sign, x5c } = signer(signAs)
  const id = clientId ?? `x509_hash:${await x509Hash(x5c[0] ?? '')}`
  const { publicJwk, privateKey } = await keyPairFromSeed(new Uint8Array(32).fill(7))
  const encryptionKey = { ...publicJwk, kid: 'enc-1', alg: 'ECDH-ES', use: 'enc' } as JsonObject
  const requestUri = 'https://gateway.example/requests/1'
  const responseUri = 'https://gateway.example/responses/1'
  const payload: JsonObject = {
    iss: id,
    client_id: id,
    aud: 'https://self-issued.me/v2',
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    nonce: 'n-0S6_WzA2Mj',
    state: 'a-state',
    response_uri: responseUri,
    client_metadata: {
      vp_formats_supported: { 'dc+sd-jwt': {} },
      jwks: { keys: [encryptionKey] },
      encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
    },
    dcql_query: {
      credentials: [
        {
          id: 'pid',
          format: 'dc+sd-jwt',
          meta: { vct_values: [identityType] },
          claims: [{ path: ['name'] }],
        },
      ],
    },
    ...change,
  }
  const routes: Record<string, Route> = {
    [requestUri]: async ({ body }) => {
      const walletNonce = new URLSearchParams(body).get('wallet_nonce')
      const signed = { ...(walletNonce && { wallet_nonce: walletNonce }), ...payload }
      const jwt = await signJws({ typ: 'oauth-authz-req+jwt', x5c, ...header }, signed, sign)
      return new Response(jwt, { headers: { 'content-type': 'application/oauth-authz-req+jwt' } })
    },
    [responseUri]: answer,
  }
  const query = new URLSearchParams({ client_id: id, request_uri: requestUri, ...link })
  return {
    ...scripted(routes),
    clientId: id,
    payload,
    encryptionKey,
    privateKey,
    requestUri,
    responseUri,
    request: `openid4vp://?${query}`,
  }
}
