import { Agent, request as httpRequest } from 'node:http'
import type { Sign } from '../../../src/credential/jws.ts'
import { createKbJwt } from '../../../src/credential/key-binding.ts'
import { encryptJwe, importPublic } from '../by-hand.ts'

// Relying party and wallet in one, and as light as can be: it drives every server alike, and what it
// costs is not counted.

export type HeldByHand = {
  /** With the disclosures that are shown, and the last tilde. */
  sdJwt: string
  sign: Sign
}

export type Reply = { status: number; body: string; ms: number }

export type HttpClient = ReturnType<typeof httpClient>

/** One that keeps its connections. */
export function httpClient(inFlight: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  return {
    call(url: string, method = 'GET', headers: Record<string, string> = {}, body = '') {
      return new Promise<Reply>((resolve, reject) => {
        const began = performance.now()
        const length = { 'content-length': String(Buffer.byteLength(body)) }
        const sent = httpRequest(
          url.replace('//localhost', '//127.0.0.1'),
          // The gateway sends whoever calls it by its address to its name.
          { agent, method, headers: { host: new URL(url).host, ...headers, ...(body && length) } },
          (response) => {
            const chunks: Buffer[] = []
            response.on('data', (chunk: Buffer) => chunks.push(chunk))
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                body: Buffer.concat(chunks).toString(),
                ms: performance.now() - began,
              }),
            )
          },
        )
        sent.on('error', reject)
        sent.end(body)
      })
    },
    close: () => agent.destroy(),
  }
}

export type Terms = { apiKey: string; body: string; queryId: string; held: HeldByHand }
const json = { 'content-type': 'application/json' }
const formEncoded = { 'content-type': 'application/x-www-form-urlencoded' }

/**
 * A whole flow: a transaction begun, its request object fetched, answered by a wallet, and the result
 * read. Gives back how long the server took for the four of them. Throws where one goes wrong.
 */
export async function flow(http: HttpClient, origin: string, terms: Terms): Promise<number> {
  const authorization = `Bearer ${terms.apiKey}`
  const presentations = `${origin}/v1/presentations`
  const started = await http.call(presentations, 'POST', { ...json, authorization }, terms.body)
  expectStatus(started, 201)
  const { id, authorization_request: link } = JSON.parse(started.body)
  const requestUri = new URL(link).searchParams.get('request_uri') ?? ''
  const fetched = await http.call(requestUri)
  expectStatus(fetched, 200)
  const { responseUri, form } = await answerTo(fetched.body, terms)
  const answered = await http.call(responseUri, 'POST', formEncoded, form)
  expectStatus(answered, 200)
  const read = await http.call(`${presentations}/${id}`, 'GET', { authorization })
  expectStatus(read, 200)
  const result = JSON.parse(read.body)
  const name = result.credentials?.[terms.queryId]?.[0]?.claims?.name
  if (result.status !== 'verified' || !name) throw new Error(`not verified: ${read.body}`)
  return started.ms + fetched.ms + answered.ms + read.ms
}

function expectStatus({ status, body }: Reply, expected: number): void {
  if (status !== expected) throw new Error(`${status} instead of ${expected}: ${body}`)
}

/** What a wallet answers; who asks was verified at some other time. */
export async function answerTo(requestObject: string, { held, queryId }: Terms) {
  const [, payload = ''] = requestObject.split('.')
  const asked = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const { client_id: audience, nonce } = asked
  const binding = { sdJwt: held.sdJwt, nonce, audience, iat: new Date() }
  const kbJwt = await createKbJwt(binding, held.sign)
  const vpToken = { [queryId]: [held.sdJwt + kbJwt] }
  const [jwk] = asked.client_metadata.jwks.keys
  const plaintext = JSON.stringify({ vp_token: vpToken, state: asked.state })
  const jwe = encryptJwe(plaintext, importPublic(jwk), 'A128GCM', jwk.kid)
  return { responseUri: String(asked.response_uri), form: `response=${jwe}` }
}
