import { beforeAll, describe, expect, it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { failed, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let wallet: Awaited<ReturnType<TestGateway['citizen']>>
beforeAll(async () => {
  gateway = await testGateway()
  wallet = await gateway.citizen('vn-nguyen-thi-an')
})

const payment = {
  type: 'urn:gerbang:payment:1',
  payee_ubin: 'urn:gerbang:ubin:sg-uen:202599901Z',
  payee_name: 'Merlion Market',
  qr_sha256: 'a'.repeat(64),
  amount: '12.50',
  currency: 'SGD',
  expires_at: '2026-11-24T09:00:00Z',
}
const document = { type: 'urn:gerbang:document:1', name: 'Contract', sha256: 'b'.repeat(43) }
const pid = {
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:gerbang:pid:1'] },
  claims: [{ path: ['name'] }],
}

/** Two credentials, the first of which may authorise a payment, and either of them a document. */
async function authorise(lies: Lies = {}, transaction_data: object[] | undefined = both) {
  const transaction = await gateway.ask('bank-sg', {
    purpose: 'bank-kyc',
    dcql_query: {
      credentials: [
        { id: 'a', ...pid },
        { id: 'b', ...pid },
      ],
    },
    ...(transaction_data.length > 0 && { transaction_data }),
  })
  const presented = await wallet.present(transaction.authorization_request, { lies })
  return { presented, result: await transaction.read() }
}
const both = [
  { ...payment, credential_ids: ['a'] },
  { ...document, credential_ids: ['b', 'a'] },
]

describe('a transaction is authorised', () => {
  it('by one credential that may, and the holder was shown it', async () => {
    const { presented, result } = await authorise()
    expect(presented.status).toBe(200)
    expect(presented.authorised).toMatchObject(both)
    expect(result.status).toBe('verified')
    const outcomes = result.report?.checks.filter(({ id }) => id.endsWith('.transaction_data'))
    expect(outcomes?.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['key_binding.transaction_data', 'pass'],
      ['key_binding.transaction_data', 'skip'],
      ['response.transaction_data', 'pass'],
    ])
  })

  it('in the very words in which it was sent, for as long as it is asked', async () => {
    const { presented } = await authorise()
    const [first] = presented.request.transaction_data as string[]
    expect(JSON.parse(Buffer.from(first ?? '', 'base64url').toString())).toEqual({
      ...both[0],
      transaction_data_hashes_alg: ['sha-256'],
    })
    expect((await authorise({}, [])).presented.request).not.toHaveProperty('transaction_data')
  })
})

describe('VP-N10: a transaction is not authorised', () => {
  const proof = 'key_binding.transaction_data'
  const whole = 'response.transaction_data'
  const other = 'A'.repeat(43)

  it.each<[string, Lies, string[]]>([
    ['by the hash of another', { transactionDataHashes: [other] }, [proof, whole]],
    ['without hashes', { transactionDataHashes: null }, [whole]],
    ['by hashes of another algorithm', { transactionDataAlg: 'sha-512' }, [proof]],
    ['by hashes of no algorithm', { transactionDataAlg: null }, [proof]],
    ['by a credential that was not asked to', { transactionDataIn: 'b' }, [proof, whole]],
  ])('%s', async (_, lies, failures) => {
    const { presented, result } = await authorise(lies)
    expect(presented.status).toBe(400)
    expect(result).toMatchObject({ status: 'refused', credentials: null })
    expect(failed(result)).toEqual(failures)
  })

  it('where none was asked for', async () => {
    const { presented, result } = await authorise({ transactionDataHashes: [other] }, [])
    expect(presented.status).toBe(400)
    expect(new Set(failed(result))).toEqual(new Set([proof]))
  })
})
