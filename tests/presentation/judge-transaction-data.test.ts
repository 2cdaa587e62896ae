import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { digestText } from '../../src/credential/digest.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import { judgeTransactionData } from '../../src/presentation/judge-transaction-data.ts'

const at = new Date('2026-11-24T08:00:00Z')
const about = (credential_ids: string[], nonce = '1', more: JsonObject = {}) =>
  encodeBase64url(new TextEncoder().encode(JSON.stringify({ credential_ids, nonce, ...more })))
const payment = about(['pid', 'age'])
const document = about(['pid'], '2')
const proof = async (queryId: string, sent: readonly string[], more: JsonObject = {}) => ({
  queryId,
  keyBinding: {
    transaction_data_hashes: await Promise.all(sent.map(digestText)),
    transaction_data_hashes_alg: 'sha-256',
    ...more,
  },
})
const silent = (queryId: string) => ({ queryId, keyBinding: {} })

type Proof = Parameters<typeof judgeTransactionData>[1][number]

async function outcomes(sent: readonly string[], ...proofs: Proof[]) {
  const { each, whole } = await judgeTransactionData(sent, proofs, at)
  return { each: proofs.map((proof) => each(proof).outcome), whole: whole.outcome }
}

describe('transaction data (OpenID4VP 1.0 8.4, B.3.3.1)', () => {
  it('is authorised by one credential that was named for it', async () => {
    const both = await proof('pid', [payment, document])
    expect(await outcomes([payment, document], both, silent('age'))).toEqual({
      each: ['pass', 'skip'],
      whole: 'pass',
    })
  })

  it('may be divided among the credentials', async () => {
    const divided = [await proof('pid', [document]), await proof('age', [payment])]
    expect(await outcomes([payment, document], ...divided)).toEqual({
      each: ['pass', 'pass'],
      whole: 'pass',
    })
  })

  it.each<[number | string, string]>([
    [at.getTime() / 1000 + 1, 'pass'],
    [at.getTime() / 1000, 'fail'],
    ['2026-11-24T15:00:01+07:00', 'pass'],
    ['2026-11-24T15:00:00+07:00', 'fail'],
  ])('that ends at %s is authorised in time: %s', async (expires_at, whole) => {
    const ending = about(['pid'], '3', { expires_at })
    const both = await proof('pid', [payment, ending])
    expect(await outcomes([payment, ending], both)).toEqual({ each: ['pass'], whole })
  })

  it('nobody asked for, nobody authorised', async () => {
    expect(await outcomes([], silent('pid'))).toEqual({ each: ['skip'], whole: 'skip' })
  })

  it('is not judged where the proof cannot be relied upon', async () => {
    expect(await outcomes([payment], { queryId: 'pid' })).toEqual({ each: ['skip'], whole: 'fail' })
  })

  it.each<[string, () => Promise<Proof[]>, { each: string[]; whole: string }]>([
    ['no hash', async () => [silent('pid')], { each: ['skip'], whole: 'fail' }],
    [
      'one hash of two missing',
      async () => [await proof('pid', [payment])],
      { each: ['pass'], whole: 'fail' },
    ],
    [
      'a hash of something else',
      async () => [await proof('pid', [payment, document, 'another'])],
      { each: ['fail'], whole: 'pass' },
    ],
    [
      'a credential that was not named',
      async () => [await proof('pid', [payment]), await proof('age', [document])],
      { each: ['pass', 'fail'], whole: 'fail' },
    ],
    [
      'two credentials for one transaction',
      async () => [await proof('pid', [payment, document]), await proof('age', [payment])],
      { each: ['pass', 'pass'], whole: 'fail' },
    ],
    [
      'another algorithm',
      async () => [
        await proof('pid', [payment, document], { transaction_data_hashes_alg: 'sha-512' }),
      ],
      { each: ['fail'], whole: 'pass' },
    ],
    [
      'a hash twice',
      async () => [await proof('pid', [payment, document, document])],
      { each: ['fail'], whole: 'pass' },
    ],
    [
      'no list',
      async () => [{ queryId: 'pid', keyBinding: { transaction_data_hashes: payment } }],
      { each: ['fail'], whole: 'fail' },
    ],
    [
      'an empty list',
      async () => [{ queryId: 'pid', keyBinding: { transaction_data_hashes: [] } }],
      { each: ['fail'], whole: 'fail' },
    ],
  ])('is refused with %s (VP-N10)', async (_, proofs, expected) => {
    expect(await outcomes([payment, document], ...(await proofs()))).toEqual(expected)
  })

  it('that was not asked for is refused (VP-N10)', async () => {
    const uncalled = await proof('pid', [payment])
    expect(await outcomes([], uncalled)).toEqual({ each: ['fail'], whole: 'skip' })
  })
})
