import * as z from 'zod/mini'
import { isJsonObject, type Json, parseJsonObject } from '../credential/json.ts'
import { readInstant } from '../http/instant.ts'
import { type Presented, presentedIn } from '../presentation/verify-presented.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Report } from './report-tree.ts'

/** What the verifier knows of its own request, as far as it was said. */
export type Said = {
  purpose?: string
  /** Entity identifier, or the last part of one. */
  relyingParty?: string
  nonce?: string
  audience?: string
  /** For an mdoc: where the answer was sent, and the thumbprint of the key that it was encrypted to. */
  responseUri?: string
  jwkThumbprint?: string
  at?: Date
}

/** What a file may hold: something to judge, or a report of what was judged already. */
export type PresentedFile = { presented: Presented; said: Said } | { report: Report }

const text = z.string().check(z.minLength(1))

const SavedReport = z.object({
  outcome: text,
  checks: z
    .array(
      z.object({
        id: text,
        outcome: text,
        detail: z.string(),
        spec: z.string(),
        remedy: z.nullable(z.string()),
      }),
    )
    .check(z.maxLength(2000)),
})

const Said = z.object({
  purpose: z.exactOptional(text),
  nonce: z.exactOptional(text),
  audience: z.exactOptional(text),
  response_uri: z.exactOptional(text),
  jwk_thumbprint: z.exactOptional(text),
  at: z.exactOptional(z.union([text, z.int()])),
})

/**
 * Reads a presentation (SD-JWT VC or mdoc), the body of `POST /v1/verify`, or a saved answer of the API with
 * its report. The refusal is a sentence; whether a presentation is well-formed is for the judgement.
 */
export function readPresented(content: string): Result<PresentedFile, string> {
  if (!content.startsWith('{')) return ok({ presented: { presentation: content }, said: {} })
  const body = parseJsonObject(content)
  if (!body) return refuse('the file begins like JSON, and is no JSON object with unique names')
  const report = body.report ?? (Array.isArray(body.checks) ? body : undefined)
  if (report !== undefined) {
    const saved = SavedReport.safeParse(report)
    if (!saved.success) return refuse('report: there is none, or no whole one')
    return isConsistent(saved.data)
      ? ok({ report: saved.data })
      : refuse('report: its outcome contradicts its checks, so it was altered')
  }
  const said = Said.safeParse(body)
  const at =
    said.success && said.data.at !== undefined ? readInstant(String(said.data.at)) : undefined
  if (!said.success || (said.data.at !== undefined && !at)) {
    return refuse(
      'purpose, nonce, audience, response_uri and jwk_thumbprint must be strings, and at an instant',
    )
  }
  const presented = presentedIn(body)
  const { at: _, response_uri: responseUri, jwk_thumbprint: jwkThumbprint, ...others } = said.data
  const device = {
    ...(responseUri !== undefined && { responseUri }),
    ...(jwkThumbprint !== undefined && { jwkThumbprint }),
  }
  return presented
    ? ok({ presented, said: { ...others, ...device, ...(at && { at }) } })
    : refuse('the file must hold presentation, or vp_token and dcql_query together, or a report')
}

/** One check that fails refuses the whole; nothing but checks verifies. */
function isConsistent({ outcome, checks }: Report): boolean {
  const failed = checks.some((check) => check.outcome === 'fail')
  return checks.length > 0 && failed === (outcome !== 'verified')
}

/** Every presentation in it, by the query that it answers. */
export function presentationsIn(presented: Presented): { queryId: string; presentation: string }[] {
  if ('presentation' in presented) {
    return [{ queryId: 'presentation', presentation: presented.presentation }]
  }
  const { vpToken } = presented
  if (!isJsonObject(vpToken)) return []
  const strings = (value: Json) =>
    Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
  return Object.entries(vpToken).flatMap(([queryId, answers]) =>
    strings(answers).map((presentation) => ({ queryId, presentation })),
  )
}
