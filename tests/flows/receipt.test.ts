import { exportJWK, generateKeyPair } from 'jose'
import { expect, it } from 'vitest'
import { exampleKeys } from '../../src/example-keys.ts'
import { verifyReceipt } from '../../src/presentation/verify-receipt.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

/** The receipt of a verdict on a citizen at the bank in Singapore. */
async function receiptOf(gateway: TestGateway, persona: string): Promise<string> {
  const wallet = await gateway.citizen(persona)
  const transaction = await gateway.ask()
  await wallet.present(transaction.authorization_request)
  return (await transaction.read()).receipt ?? ''
}
const jwksOf = async (gateway: TestGateway) => (await gateway.get('/.well-known/jwks.json')).body

it('every receipt of ours is good by the keys that we publish, verified or refused', async () => {
  const gateway = await testGateway()
  const jwks = await jwksOf(gateway)
  const at = Date.parse('2026-11-24T08:00:00Z') / 1000
  expect(await verifyReceipt(await receiptOf(gateway, 'vn-nguyen-thi-an'), jwks)).toMatchObject({
    ok: true,
    value: { receipt: { outcome: 'verified', iat: at, at, purpose: 'bank-kyc' } },
  })
  const { body } = await gateway.get<{ personas: { id: string; issuer: string }[] }>(
    '/sandbox/personas',
  )
  const laotian = body.personas.find(({ issuer }) => issuer === 'la')
  expect(await verifyReceipt(await receiptOf(gateway, laotian?.id ?? ''), jwks)).toMatchObject({
    ok: true,
    value: { receipt: { outcome: 'refused', presentations: [{ recognition: null }] } },
  })
})

it('a receipt stays good when its key has been retired, and only for the time of that key', async () => {
  const receipt = await receiptOf(await testGateway(), 'vn-nguyen-thi-an')
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const changedAt = Date.parse('2026-12-01T00:00:00Z') / 1000
  const successor = { ...(await exportJWK(privateKey)), kid: 'new', purpose: 'receipt', iat: 1 }
  const later = async (end: number) => {
    const retired = ({ purpose }: { purpose: string }) => purpose === 'receipt' && { exp: end }
    const keys = exampleKeys.keys.map((key) => ({ ...key, ...retired(key) }))
    const gateway = await testGateway({
      KEYS_JWKS: JSON.stringify({ ...exampleKeys, keys: [successor, ...keys] }),
    })
    return jwksOf(gateway)
  }
  const jwks = await later(changedAt)
  expect(jwks).toMatchObject({ keys: [{ kid: 'new', iat: 1 }, { exp: changedAt }] })
  expect(JSON.stringify(jwks)).not.toContain('"d"')
  expect(await verifyReceipt(receipt, jwks)).toMatchObject({ ok: true })
  expect(await verifyReceipt(receipt, await later(changedAt - 30 * 86_400))).toMatchObject({
    ok: false,
    error: expect.stringContaining('had been retired'),
  })
})
