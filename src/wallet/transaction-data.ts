import * as z from 'zod/mini'
import { decodeBase64url } from '../credential/base64url.ts'
import { digestText } from '../credential/digest.ts'
import { type JsonObject, parseJsonObject } from '../credential/json.ts'
import type { DcqlQuery } from './dcql.ts'
import type { Lies } from './lies.ts'
import { insist, insistShape } from './rule.ts'
import type { Selection } from './select.ts'

/** A transaction that the holder is asked to authorise (OpenID4VP 1.0 8.4). */
export type Transaction = {
  /** As it was sent: this string is what is hashed. */
  encoded: string
  credentialIds: string[]
  /** What a person must see before she says yes. */
  content: JsonObject
}

const text = z.string().check(z.minLength(1))
const common = {
  credential_ids: z.array(text).check(z.minLength(1)),
  transaction_data_hashes_alg: z.optional(z.array(z.string())),
}
const TransactionData = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('urn:gerbang:payment:1'),
    payee_ubin: text,
    payee_name: text,
    qr_sha256: text,
    amount: text,
    currency: text,
    expires_at: z.union([z.int(), text]),
  }),
  z.strictObject({
    ...common,
    type: z.literal('urn:gerbang:document:1'),
    name: text,
    sha256: text,
  }),
])

/** Reads `transaction_data`: a wallet must refuse what it does not know to its last member (8.4). */
export function readTransactions(value: unknown, { credentials }: DcqlQuery): Transaction[] {
  if (value === undefined) return []
  const ids = credentials.map(({ id }) => id)
  const encoded = insistShape(z.array(z.string()).check(z.minLength(1)), value, 'transaction_data')
  return encoded.map((encoded) => {
    const content = parseJsonObject(decodeBase64url(encoded) ?? '')
    insist(content, 'transaction_data is no JSON object in base64url (OpenID4VP 1.0 5.1)')
    const read = insistShape(TransactionData, content, 'transaction_data')
    insist(
      read.credential_ids.every((id) => ids.includes(id)),
      'transaction_data names a credential that is not asked for (OpenID4VP 1.0 5.1)',
    )
    insist(
      read.transaction_data_hashes_alg?.includes('sha-256') ?? true,
      'transaction_data is not hashed with sha-256 (OpenID4VP 1.0 B.3.3.1)',
    )
    return { encoded, credentialIds: read.credential_ids, content }
  })
}

/** Whether what is shown suffices to authorise every transaction. */
export const canAuthorise = (transactions: readonly Transaction[], shown: readonly Selection[]) =>
  transactions.every((transaction) => authoriser(transaction, shown) !== undefined)

/** The one credential that authorises a transaction: the first that may (OpenID4VP 1.0 5.1). */
const authoriser = ({ credentialIds }: Transaction, shown: readonly Selection[]) =>
  shown.find(
    ({ queryId, credential }) =>
      // No type of transaction says by which element an mdoc would authorise it (B.2.1).
      credential.format === 'dc+sd-jwt' && credentialIds.includes(queryId),
  )?.queryId

/**
 * What the proof of one presentation says of transactions (OpenID4VP 1.0 B.3.3.1): the hash of each
 * that this credential authorises, over the string exactly as it was sent.
 */
export async function transactionClaims(
  transactions: readonly Transaction[],
  shown: readonly Selection[],
  { queryId }: Pick<Selection, 'queryId'>,
  lies: Lies,
): Promise<JsonObject> {
  const { transactionDataHashes: lied, transactionDataAlg: alg = 'sha-256' } = lies
  const speaker = lies.transactionDataIn
  const authorised = transactions.filter(
    (transaction) => queryId === (speaker ?? authoriser(transaction, shown)),
  )
  const hashes = await Promise.all(authorised.map(({ encoded }) => digestText(encoded)))
  const said = hashes.length > 0 || transactions.length === 0 ? (lied ?? hashes) : hashes
  if (said.length === 0 || lied === null) return {}
  return {
    transaction_data_hashes: [...said],
    ...(alg !== null && { transaction_data_hashes_alg: alg }),
  }
}
