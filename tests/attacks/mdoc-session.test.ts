import { expect, it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, expectVerified } from '../support/forgery.ts'
import { attack, failed, kyc } from '../support/gateway.ts'
import { sharedMdocForger } from '../support/mdoc-forgery.ts'

const shared = sharedMdocForger()
const refusedAt = 'key_binding.signature'

it('what the device signs for this very request is good', async () => {
  expectVerified(await shared.forger.bend({}))
  expectVerified(await attack(shared.gateway, {}, 'pid-mdoc'))
})

it.each<[string, Lies]>([
  ['another nonce', { nonce: 'another' }],
  ['no nonce', { nonce: '' }],
  ['the client_id without its prefix', { audience: (id) => id.replace('x509_hash:', '') }],
  ['another client_id', { audience: 'x509_san_dns:localhost' }],
  ['another response_uri', { responseUri: 'https://verifier.example/response' }],
  ['the thumbprint of another key', { jwkThumbprint: 'other' }],
  ['no thumbprint, as for an answer in the clear', { jwkThumbprint: null }],
  ['the handover of drafts 18 to 24, ISO/IEC TS 18013-7', { handover: 'iso-18013-7' }],
  ['the handover of the browser', { handover: 'dc-api' }],
  ['the handover of the browser in draft 24', { handover: 'dc-api-draft-24' }],
])('a device that signed over %s is refused (MDOC-N01, VER-12)', async (_, lies) => {
  expectRefused(await attack(shared.gateway, lies, 'pid-mdoc'), refusedAt)
})

it('an answer is good for its own request alone, be it to the same relying party (MDOC-N01)', async () => {
  const wallet = await shared.gateway.citizen('vn-nguyen-thi-an', ['pid-mdoc'])
  const [first, second] = [await shared.gateway.ask(), await shared.gateway.ask()]
  const { response } = await wallet.present(first.authorization_request)
  const presentations = Object.values(response.vp_token as Record<string, string[]>).flat()
  await wallet.present(second.authorization_request, { lies: { presentations } })
  expect(failed(await second.read())).toEqual([refusedAt])
})

it('nor to another that asks the same (MDOC-N01)', async () => {
  const wallet = await shared.gateway.citizen('sg-lim-hui-min', ['pid-mdoc'])
  const [bank, telco] = [
    await shared.gateway.ask('bank-sg', { ...kyc, ask: ['name'] }),
    await shared.gateway.ask('telco-my', { purpose: 'sim-registration', ask: ['name'] }),
  ]
  const { response } = await wallet.present(bank.authorization_request)
  const presentations = Object.values(response.vp_token as Record<string, string[]>).flat()
  await wallet.present(telco.authorization_request, { lies: { presentations } })
  expect(failed(await telco.read())).toEqual([refusedAt])
})
