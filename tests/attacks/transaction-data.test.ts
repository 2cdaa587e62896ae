import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { digestText } from '../../src/credential/digest.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, expectVerified, type Members, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

const credential = (id: string, claim: string) => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:gerbang:pid:1'] },
  claims: [{ path: [claim] }],
})
const contract = (...credentialIds: string[]) => ({
  type: 'urn:gerbang:document:1',
  credential_ids: credentialIds,
  name: 'Account agreement',
  sha256: 'a'.repeat(64),
})
const signing = {
  purpose: 'bank-kyc',
  dcql_query: { credentials: [credential('pid', 'name'), credential('proof', 'birthdate')] },
  transaction_data: [contract('pid')],
}

async function attack(lies: Lies, body: Record<string, unknown> = signing) {
  const wallet = await shared.gateway.citizen('vn-nguyen-thi-an')
  const transaction = await shared.gateway.ask('bank-sg', body)
  const answer = await wallet.present(transaction.authorization_request, { lies })
  return { ...answer, result: await transaction.read() }
}

it('who agrees to what was asked is verified, and the receipt says to what', async () => {
  const { request, result, ...answer } = await attack({})
  expectVerified({ ...answer, result })
  const [sent = ''] = request.transaction_data as string[]
  expect(decodeJwt(result.receipt ?? '').transaction_data_hashes).toEqual([await digestText(sent)])
})

it('where nothing was to be agreed to, the receipt says nothing of it', async () => {
  const { transaction_data: _, ...asking } = signing
  const { result } = await attack({}, asking)
  expect(decodeJwt(result.receipt ?? '')).not.toHaveProperty('transaction_data_hashes')
})

const [each, whole] = ['key_binding.transaction_data', 'response.transaction_data']

describe('what the holder agrees to is what was asked, and nothing else (VP-N10)', () => {
  it.each<[string, Lies, string[]]>([
    ['no hash at all', { transactionDataHashes: null }, [whole]],
    ['the hash of something else', { transactionDataHashes: ['A'.repeat(43)] }, [each, whole]],
    ['another hash algorithm', { transactionDataAlg: 'sha-384' }, [each]],
    ['a hash algorithm in capitals', { transactionDataAlg: 'SHA-256' }, [each]],
    ['no hash algorithm, where one was asked for', { transactionDataAlg: null }, [each]],
    ['hashes in another credential', { transactionDataIn: 'proof' }, [each, whole]],
  ])('%s is refused', async (_, lies, checks) => {
    expectRefused(await attack(lies), ...checks)
  })

  type Claims = (encoded: string, hash: string) => Members | Promise<Members>
  it.each<[string, Claims, string[]]>([
    ['no hash in the list', () => ({ transaction_data_hashes: [] }), [each, whole]],
    ['the hash twice', (_, hash) => ({ transaction_data_hashes: [hash, hash] }), [each]],
    ['a hash more', (_, hash) => ({ transaction_data_hashes: [hash, 'A'.repeat(43)] }), [each]],
    ['the hash as a string', (_, hash) => ({ transaction_data_hashes: hash }), [each, whole]],
    ['the hash padded', (_, hash) => ({ transaction_data_hashes: [`${hash}=`] }), [each, whole]],
    ['the object', (encoded) => ({ transaction_data_hashes: [encoded] }), [each, whole]],
    [
      'the hash of the JSON and not of its encoding',
      async (encoded) => ({ transaction_data_hashes: [await digestText(atob(encoded))] }),
      [each, whole],
    ],
    [
      'the algorithm as a list',
      (_, hash) => ({ transaction_data_hashes: [hash], transaction_data_hashes_alg: ['sha-256'] }),
      [each],
    ],
  ])('%s is refused (VP-N10)', async (_, claimsFor, checks) => {
    const ask = { ...signing, dcql_query: { credentials: [credential('pid', 'name')] } }
    const binding = async ({ transaction_data: sent }: Members) => {
      const [encoded = ''] = sent as string[]
      const agreed = await claimsFor(encoded, await digestText(encoded))
      return { claims: { transaction_data_hashes_alg: 'sha-256', ...agreed } }
    }
    expectRefused(await shared.forger.attack({}, { ask, binding }), ...checks)
  })
})

it('what was agreed to elsewhere is no agreement here (VP-N10)', async () => {
  const other = await digestText('a payment of somebody else’s')
  const binding = {
    claims: { transaction_data_hashes: [other], transaction_data_hashes_alg: 'sha-256' },
  }
  expectRefused(await shared.forger.attack({}, { binding }), each)
})
