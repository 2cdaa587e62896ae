import { isJsonObject, type Json } from '../credential/json.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { DcqlQuery } from './dcql.ts'

/** One presentation, and the credential query that it is to answer. */
export type Presented = { queryId: string; presentation: string }

/** More than any query of ours can be answered with; a bound on the work one answer may cause. */
const maxPresentations = 16

/**
 * Takes a `vp_token` apart (OpenID4VP 1.0 8.1): an object with the ids of credential queries, and for
 * each an array of presentations, just one unless the query says `multiple`, and none that is there twice. The refusal is a sentence.
 */
export function readVpToken(
  vpToken: Json | undefined,
  query: DcqlQuery,
): Result<Presented[], string> {
  if (!isJsonObject(vpToken)) return refuse('vp_token is not a JSON object.')
  const presented: Presented[] = []
  for (const [queryId, answers] of Object.entries(vpToken)) {
    const asked = query.credentials.find(({ id }) => id === queryId)
    if (!asked) return refuse('vp_token answers a credential query that was not in the request.')
    if (!Array.isArray(answers) || answers.length === 0) {
      return refuse(`vp_token: ${queryId} is not an array with at least one presentation.`)
    }
    if (answers.length > 1 && !asked.multiple) {
      return refuse(`vp_token: ${queryId} has more than one presentation, but multiple is not set.`)
    }
    if (new Set(answers).size < answers.length) {
      return refuse(`vp_token: ${queryId} has the same presentation twice.`)
    }
    for (const presentation of answers) {
      if (typeof presentation !== 'string') {
        return refuse(`vp_token: a presentation of ${queryId} is not a string.`)
      }
      presented.push({ queryId, presentation })
    }
  }
  if (presented.length === 0) return refuse('vp_token is empty.')
  return presented.length > maxPresentations
    ? refuse(`vp_token has more than ${maxPresentations} presentations.`)
    : ok(presented)
}
