import { decodeBase64url, encodeBase64url } from '../../../src/credential/base64url.ts'
import { type SdJwtVcPolicy, verifySdJwtVc } from '../../../src/credential/sd-jwt-vc.ts'

// Runs in workerd, as a Worker of its own: it verifies one presentation as often as it is told to.

export type Fixture = {
  presentation: string
  policy: Omit<SdJwtVcPolicy, 'at'> & { at: string }
  issuerJwk: JsonWebKey
  digests: [disclosure: string, digest: string][]
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
const es256 = { name: 'ECDSA', hash: 'SHA-256' }
const utf8 = new TextEncoder()

async function ours({ presentation, policy }: Fixture): Promise<() => Promise<void>> {
  const whole = { ...policy, at: new Date(policy.at) }
  return async () => {
    const { credential } = await verifySdJwtVc(presentation, whole)
    if (!credential?.claims.name) throw new Error('not verified')
  }
}

function cut(jws: string) {
  const [head = '', payload = '', signature = ''] = jws.split('.')
  const bytes = (text: string) => decodeBase64url(text) ?? new Uint8Array()
  return {
    input: utf8.encode(`${head}.${payload}`),
    signature: bytes(signature),
    payload: JSON.parse(new TextDecoder().decode(bytes(payload))),
  }
}

/** WebCrypto alone: both signatures, the holder's key, a digest for each disclosure, and sd_hash. */
async function floor({ presentation, issuerJwk, digests }: Fixture) {
  const end = presentation.lastIndexOf('~') + 1
  const issuer = cut(presentation.slice(0, presentation.indexOf('~')))
  const holder = cut(presentation.slice(end))
  const bound = utf8.encode(presentation.slice(0, end))
  const pairs = digests.map(([text, digest]) => ({ bytes: utf8.encode(text), digest }))
  const issuerKey = await crypto.subtle.importKey('jwk', issuerJwk, ecdsa, false, ['verify'])
  const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
    encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  return async () => {
    const jwk = issuer.payload.cnf.jwk
    const signed = await crypto.subtle.verify(es256, issuerKey, issuer.signature, issuer.input)
    const holderKey = await crypto.subtle.importKey('jwk', jwk, ecdsa, false, ['verify'])
    const bindsIt = await crypto.subtle.verify(es256, holderKey, holder.signature, holder.input)
    if (!signed || !bindsIt) throw new Error('not signed')
    for (const { bytes, digest } of pairs) {
      if ((await sha256(bytes)) !== digest) throw new Error('another digest')
    }
    if ((await sha256(bound)) !== holder.payload.sd_hash) throw new Error('another sd_hash')
  }
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const fixture = (await request.json()) as Fixture
    const once = await (searchParams.get('who') === 'floor' ? floor(fixture) : ours(fixture))
    for (let i = Number(searchParams.get('times')); i > 0; i--) await once()
    return new Response('done')
  },
}
