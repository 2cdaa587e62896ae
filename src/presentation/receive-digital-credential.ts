import type { JsonObject } from '../credential/json.ts'
import type { Refusal } from '../errors.ts'
import { type Result, refuse } from '../result.ts'
import { type DecideDeps, decide } from './decide.ts'
import { protocols } from './digital-credential-request.ts'
import { openAsOf } from './find-open.ts'
import { readBrowserResponse } from './read-response.ts'
import type { Decided, InBrowser, Transaction } from './transaction.ts'

/** What `navigator.credentials.get` gave to a page (W3C Digital Credentials API). */
export type DigitalCredential = { protocol: string; data: JsonObject }

/**
 * Takes what the browser gave to the relying party's page (OpenID4VP 1.0 A.4): whichever form of the
 * request was answered, and a wallet's error, too. What cannot be tied to the transaction is turned away
 * and changes nothing, so that the page may ask again.
 */
export async function receiveDigitalCredential(
  deps: DecideDeps,
  stored: Extract<Transaction, InBrowser>,
  { protocol, data }: DigitalCredential,
): Promise<Result<Decided, Refusal>> {
  const now = deps.clock()
  const open = await openAsOf(deps.keys, stored, now)
  if (!open.ok) return open
  if (!Object.values<string>(protocols).includes(protocol)) return refuse(anotherProtocol)
  const response = await readBrowserResponse(deps, open.value, data)
  return response.ok ? decide(deps, open.value, response.value, {}, now) : response
}

const anotherProtocol: Refusal = {
  code: 'response_unusable',
  detail: `protocol: none of ${Object.values(protocols).join(', ')}. Send what the browser gave.`,
}
