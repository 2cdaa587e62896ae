import { type JsonObject, parseJsonObject } from '../credential/json.ts'
import { insist, insistUrl } from './rule.ts'

/** The network, as a door. Both `fetch` and Hono's `app.request` fit. */
export type Fetch = (url: string, init?: RequestInit) => Response | Promise<Response>

export type HttpRequest = { method?: 'POST'; headers?: Record<string, string>; body?: string }
export type HttpAnswer = { status: number; headers: Headers; text: string }

const maxBytes = 1024 * 1024

/**
 * One exchange. Redirects are not followed (OpenID4VP 1.0 14.8): where an answer comes from is what
 * the rules speak of.
 */
export async function send(
  fetch: Fetch,
  url: string,
  request: HttpRequest = {},
): Promise<HttpAnswer> {
  const { href } = insistUrl(url, url)
  const response = await fetch(href, { ...request, redirect: 'manual' })
  return {
    status: response.status,
    headers: response.headers,
    text: await readText(response, href),
  }
}

export function form(fields: Record<string, string>, headers?: Record<string, string>) {
  const body = new URLSearchParams(fields).toString()
  const contentType = 'application/x-www-form-urlencoded'
  return { method: 'POST', headers: { ...headers, 'content-type': contentType }, body } as const
}

export function mediaTypeOf({ headers }: HttpAnswer): string | undefined {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
}

/** The JSON object of a successful answer. `what` names the answer in the sentence that is thrown. */
export function insistJson(answer: HttpAnswer, what: string): JsonObject {
  insist(answer.status === 200, `${what} came with status ${answer.status}: ${errorOf(answer)}`)
  insist(mediaTypeOf(answer) === 'application/json', `${what} is not application/json`)
  const json = parseJsonObject(answer.text)
  insist(json, `${what} is no JSON object`)
  return json
}

/** The error code and description of an OAuth error response (RFC 6749 5.2), as one phrase. */
export function errorOf({ text }: HttpAnswer): string {
  const { error, error_description: description } = parseJsonObject(text) ?? {}
  const phrases = [error, description].filter((part) => typeof part === 'string')
  return phrases.length > 0 ? phrases.join(', ') : 'no OAuth error was given'
}

async function readText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    insist(size <= maxBytes, `${url} answered with more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return new Blob(chunks).text()
}
