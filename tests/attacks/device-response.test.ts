import { describe, expect, it } from 'vitest'
import { mapOf } from '../../src/credential/cbor-encoder.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import type { Forgery } from '../credential/mdoc-scene.ts'
import { expectRefused, expectVerified } from '../support/forgery.ts'
import { attack, failed } from '../support/gateway.ts'
import { sharedMdocForger } from '../support/mdoc-forgery.ts'

const shared = sharedMdocForger()
const format = 'credential.format'

it.each<[string, Lies]>([
  ['another status than 0', { responseStatus: 10 }],
  ['another version', { responseVersion: '1.1' }],
  ['the document twice (HAIP-N07)', { extraDocument: true }],
  ['another document told of', { documentErrors: true }],
  ['a byte too many', { trailingByte: true }],
])('a DeviceResponse with %s is refused (MDOC-N07)', async (_, lies) => {
  expectRefused(await attack(shared.gateway, lies, 'pid-mdoc'), format)
})

it.each<[string, NonNullable<Forgery['response']>]>([
  ['without a status', { status: undefined }],
  ['with a status that is text', { status: '0' }],
  ['without a version', { version: undefined }],
  ['with a version that is a number', { version: 1 }],
  ['without documents', { documents: undefined }],
  ['with an empty list of documents', { documents: [] }],
  ['with a document outside a list', { documents: mapOf({}) }],
  ['with a document that is null', { documents: [null] }],
  ['with an empty document', { documents: [mapOf({})] }],
  ['with errors that are none', { documentErrors: [] }],
])('a DeviceResponse %s is refused (MDOC-N07)', async (_, response) => {
  expectRefused(await shared.forger.bend({ response }), format)
})

it.each<[string, (honest: string) => string]>([
  ['in base64', (text) => `${text.slice(0, -8)}++//${text.slice(-4)}`],
  ['with padding', (text) => `${text}=`],
  ['with a line break', (text) => `${text.slice(0, 40)}\n${text.slice(40)}`],
  ['in hexadecimal', (text) => Buffer.from(text, 'base64url').toString('hex')],
  ['cut short', (text) => text.slice(0, -8)],
  ['as IssuerSigned alone', () => 'omppc3N1ZXJBdXRogA'],
  ['as an SD-JWT VC', () => 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA~'],
  ['of nothing', () => ''],
])('a DeviceResponse %s is refused (MDOC-N07)', async (_, alter) => {
  const outcome = await shared.forger.bend({}, { alter })
  expectRefused(outcome, ...failed(outcome.result))
  expect(failed(outcome.result)).toContain(format)
})

describe('each query is answered with a DeviceResponse of its own (HAIP-N07)', () => {
  const id = (name: string) => `org.gerbang.${name}.1`
  const query = (name: string, claim: string) => ({
    id: name,
    format: 'mso_mdoc',
    meta: { doctype_value: id(name) },
    claims: [{ path: [id(name), claim] }],
  })
  const ask = {
    purpose: 'labour-mobility',
    dcql_query: {
      credentials: [query('pid', 'name'), { ...query('pid', 'birthdate'), id: 'more' }],
    },
  }

  async function present(lies: Lies) {
    const wallet = await shared.gateway.citizen('vn-nguyen-thi-an', ['pid-mdoc'])
    const transaction = await shared.gateway.ask('employer-jp', ask)
    const { status, body } = await wallet.present(transaction.authorization_request, { lies })
    return { status, body, result: await transaction.read() }
  }

  it('which is good', async () => {
    expectVerified(await present({}))
  })

  it('two documents in one answer neither', async () => {
    expectRefused(await present({ extraDocument: true }), format, format)
  })
})

it.each<[string, NonNullable<Forgery['document']>]>([
  ['without a docType', { docType: undefined }],
  ['with a docType that is a number', { docType: 1 }],
  ['without IssuerSigned', { issuerSigned: undefined }],
  ['with IssuerSigned that is a list', { issuerSigned: [] }],
  ['with errors beside what is there', { errors: mapOf({}) }],
])('a document %s is refused (MDOC-N07)', async (_, document) => {
  expectRefused(await shared.forger.bend({ document }), format)
})
