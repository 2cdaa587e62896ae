import { digestText } from '../credential/digest.ts'
import type { Json, JsonObject } from '../credential/json.ts'
import { type Finding, fail, pass, skip } from '../result.ts'
import { readTransactionData, type SentTransaction } from './transaction-data.ts'

export type TransactionDataCheck = 'key_binding.transaction_data' | 'response.transaction_data'

/** With the hash by which a proof names it. */
type Expected = SentTransaction & { hash: string }

/** What a holder signed for a credential query; absent where it cannot be relied upon. */
type Proof = { queryId: string; keyBinding?: JsonObject }

/**
 * Judges what the holders' proofs say of the transactions that the request was about (OpenID4VP 1.0
 * 8.4, B.3.3.1). `sent` are the objects exactly as the wallet got them.
 *
 * `each` finds of one proof that it authorises nothing but what it was asked to, `whole` whether every
 * transaction was authorised, by just one credential and in its time. `hashes` are those by which
 * proofs name the transactions, in their order.
 */
export async function judgeTransactionData(
  sent: readonly string[],
  proofs: readonly Proof[],
  at: Date,
): Promise<{
  hashes: string[]
  each: (proof: Proof) => Finding<TransactionDataCheck>
  whole: Finding<TransactionDataCheck>
}> {
  const expected = await Promise.all(
    readTransactionData(sent, at).map(async (each) => ({
      ...each,
      hash: await digestText(each.encoded),
    })),
  )
  return {
    hashes: expected.map(({ hash }) => hash),
    each: (proof) => judgeProof(proof, expected),
    whole: judgeWhole(proofs, expected),
  }
}

function judgeProof(
  { queryId, keyBinding }: Proof,
  expected: readonly Expected[],
): Finding<TransactionDataCheck> {
  const check = 'key_binding.transaction_data'
  if (!keyBinding) return skip(check, 'Not judged: what the credential says cannot be relied upon.')
  const { transaction_data_hashes: hashes, transaction_data_hashes_alg: alg } = keyBinding
  if (hashes === undefined) return skip(check, 'The proof authorises no transaction.')
  if (!areHashes(hashes)) {
    return fail(check, 'transaction_data_hashes must be a list of strings, each there once.')
  }
  const asked = expected.filter(({ credentialIds }) => credentialIds.includes(queryId))
  if (!hashes.every((hash) => asked.some((one) => one.hash === hash))) {
    const fault = 'A hash in transaction_data_hashes is of no transaction asked of this credential.'
    return fail(check, fault)
  }
  return alg === 'sha-256'
    ? pass(check, 'Every transaction it authorises was asked of this credential.')
    : fail(check, 'transaction_data_hashes_alg must be sha-256, as in the request.')
}

function judgeWhole(
  proofs: readonly Proof[],
  expected: readonly Expected[],
): Finding<TransactionDataCheck> {
  const check = 'response.transaction_data'
  if (expected.length === 0) return skip(check, 'The request is about no transaction.')
  if (expected.some(({ isOver }) => isOver)) {
    return fail(check, 'The time of a transaction of the request ran out before it was authorised.')
  }
  const authorisedBy = ({ hash, credentialIds }: Expected) =>
    proofs.filter(
      ({ queryId, keyBinding }) =>
        credentialIds.includes(queryId) && hashesIn(keyBinding).includes(hash),
    )
  return expected.every((transaction) => authorisedBy(transaction).length === 1)
    ? pass(check, 'Every transaction of the request is authorised by one credential.')
    : fail(check, 'A transaction of the request is authorised by no credential, or by several.')
}

const hashesIn = (keyBinding: Proof['keyBinding']): readonly Json[] => {
  const hashes = keyBinding?.transaction_data_hashes
  return Array.isArray(hashes) ? hashes : []
}

const areHashes = (hashes: Json): hashes is string[] =>
  Array.isArray(hashes) &&
  hashes.length > 0 &&
  new Set(hashes).size === hashes.length &&
  hashes.every((hash) => typeof hash === 'string')
