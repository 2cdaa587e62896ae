import { digestText } from '../credential/digest.ts'
import { newSecret } from '../credential/secret.ts'
import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type DecideDeps, decide } from './decide.ts'
import { findOpen } from './find-open.ts'
import { readResponse } from './read-response.ts'
import { withResponseCode } from './redirect-uri.ts'
import { describeFailures } from './report.ts'
import type { TransactionStore } from './transaction.ts'

export type ReceiveDeps = DecideDeps & { transactions: Pick<TransactionStore, 'findByHandle'> }

/** What the wallet hears (OpenID4VP 1.0 8.2): where to send the browser. */
export type Received = { redirectUri: string }

/**
 * Takes what was posted to the response URI (OpenID4VP 1.0 8.3.1, `direct_post.jwt`). What cannot be tied
 * to the transaction is turned away and changes nothing.
 */
export async function receiveResponse(
  deps: ReceiveDeps,
  handle: string,
  form: ReadonlyMap<string, string>,
): Promise<Result<Received, Refusal>> {
  const now = deps.clock()
  const found = await findOpen(deps, handle, now)
  if (!found.ok) return found
  const transaction = found.value
  const response = await readResponse(deps, transaction, form)
  if (!response.ok) return response
  const responseCode = newSecret(deps.random)
  const sentBack = { responseCodeHash: await digestText(responseCode) }
  const decided = await decide(deps, transaction, response.value, sentBack, now)
  if (!decided.ok) return decided
  if (decided.value.status === 'refused') {
    return refuse({ code: 'presentation_refused', detail: describeFailures(decided.value.report) })
  }
  const back = transaction.redirectUri ?? `${deps.origin}/presentations/done`
  return ok({ redirectUri: withResponseCode(back, responseCode) })
}
