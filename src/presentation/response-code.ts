import { digestText } from '../credential/digest.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import { ok, type Result, refuse } from '../result.ts'
import { asOf, type Transaction, type TransactionStore } from './transaction.ts'

type Deps = { clock: Clock; transactions: Pick<TransactionStore, 'find' | 'takeResponseCode'> }

/**
 * Takes the response code that a browser brought back to the relying party (OpenID4VP 1.0 8.2, 14.3),
 * and gives the transaction as it stands then.
 *
 * It works once: who comes second with the same code has it from somewhere else. On the same device
 * the result is told to nobody before; elsewhere no code is needed, but one that is brought counts. One
 * that comes after the ten minutes is taken, too: what it gives is the refusal.
 */
export async function takeResponseCode(
  { clock, transactions }: Deps,
  transaction: Transaction,
  responseCode: string,
): Promise<Result<Transaction, Refusal<'response_code_used' | 'response_code_wrong'>>> {
  const hash = await digestText(responseCode)
  const now = clock()
  const taken = await transactions.takeResponseCode(transaction.id, hash, now)
  const found = (await transactions.find(transaction.id)) ?? transaction
  if (taken) return ok(asOf(found, now))
  if ('responseCodeHash' in found && found.responseCodeHash === hash) {
    const detail = 'This response_code was used before. Read the result without it.'
    return refuse({ code: 'response_code_used', detail })
  }
  const detail = 'This response_code was not sent with the browser. Read without it, or start anew.'
  return refuse({ code: 'response_code_wrong', detail })
}
