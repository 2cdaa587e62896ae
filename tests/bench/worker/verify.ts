import { encodeBase64url } from '../../../src/credential/base64url.ts'
import { type SdJwtVcPolicy, verifySdJwtVc } from '../../../src/credential/sd-jwt-vc.ts'

// Runs in workerd, as a Worker of its own: it verifies one presentation as often as it is told to.

export type Fixture = {
  presentation: string
  policy: Omit<SdJwtVcPolicy, 'at'> & { at: string }
  issuerJwk: JsonWebKey
  digests: [disclosure: string, digest: string][]
}

const json = new TextDecoder()
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

const bytesOf = (text: string) => Uint8Array.fromBase64(text, { alphabet: 'base64url' })
const read = (text: string) => JSON.parse(json.decode(bytesOf(text)))

function cut(jws: string) {
  const [head = '', payload = '', signature = ''] = jws.split('.')
  return {
    input: utf8.encode(`${head}.${payload}`),
    signature: bytesOf(signature),
    payload: read(payload),
  }
}

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
const importKey = (jwk: JsonWebKey) => crypto.subtle.importKey('jwk', jwk, ecdsa, false, ['verify'])

/** WebCrypto alone: both signatures, the holder's key, a digest for each disclosure, and sd_hash. */
async function floor({ presentation, issuerJwk, digests }: Fixture) {
  const end = presentation.lastIndexOf('~') + 1
  const issuer = cut(presentation.slice(0, presentation.indexOf('~')))
  const holder = cut(presentation.slice(end))
  const bound = utf8.encode(presentation.slice(0, end))
  const pairs = digests.map(([text, digest]) => ({ bytes: utf8.encode(text), digest }))
  const issuerKey = await importKey(issuerJwk)
  return async () => {
    const jwk = issuer.payload.cnf.jwk
    const signed = await crypto.subtle.verify(es256, issuerKey, issuer.signature, issuer.input)
    const holderKey = await importKey(jwk)
    const bindsIt = await crypto.subtle.verify(es256, holderKey, holder.signature, holder.input)
    if (!signed || !bindsIt) throw new Error('not signed')
    for (const { bytes, digest } of pairs) {
      if ((await sha256(bytes)) !== digest) throw new Error('another digest')
    }
    if ((await sha256(bound)) !== holder.payload.sd_hash) throw new Error('another sd_hash')
  }
}

/** The least that reads the presentation too: it checks what the floor does, and no rule besides. */
async function byHand({ presentation, issuerJwk }: Fixture) {
  const issuerKey = await importKey(issuerJwk)
  return async () => {
    const bytes = utf8.encode(presentation)
    const [issuer = '', ...disclosures] = presentation.split('~')
    const holder = disclosures.pop() ?? ''
    const end = presentation.length - holder.length
    const [header = '', payload = '', signature = ''] = issuer.split('.')
    const [kbHeader = '', kbPayload = '', kbSignature = ''] = holder.split('.')
    const input = bytes.subarray(0, header.length + 1 + payload.length)
    const kbInput = bytes.subarray(end, end + kbHeader.length + 1 + kbPayload.length)
    const [{ x5c }, claims, { typ }, { sd_hash }] = [header, payload, kbHeader, kbPayload].map(read)
    const signed = await crypto.subtle.verify(es256, issuerKey, bytesOf(signature), input)
    const holderKey = await importKey(claims.cnf.jwk)
    const bindsIt = await crypto.subtle.verify(es256, holderKey, bytesOf(kbSignature), kbInput)
    if (!signed || !bindsIt || !x5c || typ !== 'kb+jwt') throw new Error('not signed')
    const called = new Set(claims._sd)
    let at = issuer.length + 1
    for (const disclosure of disclosures) {
      const digest = await sha256(bytes.subarray(at, at + disclosure.length))
      if (!called.has(digest)) throw new Error('not called for')
      const [, name, value] = read(disclosure)
      claims[name] = value
      for (const inner of value?._sd ?? []) called.add(inner)
      at += disclosure.length + 1
    }
    if ((await sha256(bytes.subarray(0, end))) !== sd_hash) throw new Error('another sd_hash')
    if (!claims.name) throw new Error('not verified')
  }
}

const verifiers = { floor, byHand, ours }

export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const fixture = (await request.json()) as Fixture
    const once = await verifiers[searchParams.get('who') as keyof typeof verifiers](fixture)
    for (let i = Number(searchParams.get('times')); i > 0; i--) await once()
    return new Response('done')
  },
}
