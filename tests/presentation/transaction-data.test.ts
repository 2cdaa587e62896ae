import { describe, expect, it } from 'vitest'
import type { DcqlQuery } from '../../src/presentation/dcql.ts'
import {
  encodeTransactionData,
  readTransactionData,
} from '../../src/presentation/transaction-data.ts'

const now = new Date('2026-11-24T08:00:00Z')
const seconds = now.getTime() / 1000
const credential = { format: 'dc+sd-jwt', meta: { vct_values: ['t'] } }
const query: DcqlQuery = {
  credentials: [
    { id: 'pid', ...credential },
    { id: 'consent', ...credential },
  ],
}
const payment = {
  type: 'urn:gerbang:payment:1',
  credential_ids: ['consent'],
  payee_ubin: 'urn:gerbang:ubin:sg-uen:202599901Z',
  payee_name: 'ASEAN GW DEMO',
  qr_sha256: 'a'.repeat(43),
  amount: '12.50',
  currency: 'SGD',
  expires_at: seconds + 60,
}
const document = {
  type: 'urn:gerbang:document:1',
  credential_ids: ['pid', 'consent'],
  name: 'Hợp đồng.pdf',
  sha256: '0123456789abcdef'.repeat(4),
}
const encode = (...objects: unknown[]) => encodeTransactionData(objects, query, now)
const decode = (encoded: string) => JSON.parse(Buffer.from(encoded, 'base64url').toString())

describe('transaction data', () => {
  it('is for no mdoc: nothing says how one would authorise it', () => {
    const mdoc = { id: 'mdoc', format: 'mso_mdoc', meta: { doctype_value: 'd' } }
    const both = { credentials: [...query.credentials, mdoc] }
    const of = (...ids: string[]) =>
      encodeTransactionData([{ ...document, credential_ids: ids }], both, now)
    expect(of('pid')).toMatchObject({ ok: true })
    for (const ids of [['mdoc'], ['pid', 'mdoc']]) {
      expect(of(...ids)).toEqual({
        ok: false,
        error: expect.stringMatching(/\.credential_ids: an mdoc/),
      })
    }
  })

  it('is encoded with the algorithm by which it is hashed, and read back', () => {
    const encoded = encode(payment, document)
    if (!encoded.ok) throw new Error(encoded.error)
    const transaction_data_hashes_alg = ['sha-256']
    expect(encoded.value.map(decode)).toEqual([
      { ...payment, transaction_data_hashes_alg },
      { ...document, transaction_data_hashes_alg },
    ])
    expect(encoded.value.join()).toMatch(/^[\w-]+,[\w-]+$/)
    const [first = '', second = ''] = encoded.value
    const read = (at: Date) => readTransactionData(encoded.value, at)
    expect(read(now)).toEqual([
      { encoded: first, credentialIds: ['consent'], isOver: false },
      { encoded: second, credentialIds: ['pid', 'consent'], isOver: false },
    ])
    const later = new Date((seconds + 60) * 1000)
    expect(read(later).map(({ isOver }) => isOver)).toEqual([true, false])
  })

  it.each<[string, object]>([
    ['an amount without cents', { amount: '500000' }],
    ['an amount below one', { amount: '0.05' }],
    ['a time by RFC 3339', { expires_at: '2026-11-24T15:00:01+07:00' }],
    ['a digest in hexadecimal', { qr_sha256: 'AB'.repeat(32) }],
    ['the algorithm that it would have anyway', { transaction_data_hashes_alg: ['sha-256'] }],
    ['a name in any script', { payee_name: 'ร้านค้า 店 متجر' }],
  ])('may have %s', (_, change) => {
    expect(encode({ ...payment, ...change })).toMatchObject({ ok: true })
  })
})

describe('transaction data is refused', () => {
  it.each<[string, object, RegExp]>([
    ['of no type', { type: undefined }, /^transaction_data\.0\.type: .*urn:gerbang:payment:1/],
    ['of an unknown type', { type: 'urn:gerbang:payment:2' }, /\.type/],
    ['of a type that every object has', { type: 'constructor' }, /\.type/],
    ['with a member missing', { payee_ubin: undefined }, /\.payee_ubin: this does not fit/],
    ['with a member too many', { tip: '1' }, /has a member that does not fit/],
    ['for no credential', { credential_ids: [] }, /credential_ids/],
    ['for a credential that is not asked for', { credential_ids: ['other'] }, /credential_ids/],
    ['for a credential twice', { credential_ids: ['pid', 'pid'] }, /each once/],
    ['with a number for an amount', { amount: 12.5 }, /amount/],
    ['with an amount of nothing', { amount: '0.00' }, /amount/],
    ['with a negative amount', { amount: '-1' }, /amount/],
    ['with an amount in words', { amount: '1e9' }, /amount/],
    ['with an amount that begins with zeros', { amount: '0012' }, /amount/],
    ['with a currency that is none', { currency: 'S$' }, /currency/],
    ['with a payee outside the registers', { payee_ubin: '202599901Z' }, /payee_ubin/],
    ['with an empty name', { payee_name: '' }, /payee_name/],
    ['with an endless name', { payee_name: 'n'.repeat(201) }, /payee_name/],
    ['with a name that turns the text around', { payee_name: 'a\u202eb' }, /payee_name/],
    ['with a name of several lines', { payee_name: 'a\nb' }, /payee_name/],
    ['with a name of two lines, by a separator', { payee_name: 'a\u2028b' }, /payee_name/],
    ['with a name that marks a direction', { payee_name: 'a\u200fb' }, /payee_name/],
    ['with a name of nothing but space', { payee_name: ' ' }, /payee_name/],
    ['with a name that cannot be seen', { payee_name: '\u3164' }, /payee_name/],
    ['with a name that has tags in it', { payee_name: 'a\u{e0041}' }, /payee_name/],
    ['with a name of two paragraphs', { payee_name: 'a\u2029b' }, /payee_name/],
    ['with a digest that is too short', { qr_sha256: 'a'.repeat(42) }, /qr_sha256/],
    ['that is over', { expires_at: seconds }, /expires_at: it must be in the future/],
    ['that is over, by RFC 3339', { expires_at: '2026-11-24T08:00:00Z' }, /in the future/],
    ['that ends on no day', { expires_at: 'tomorrow' }, /expires_at/],
    ['hashed otherwise', { transaction_data_hashes_alg: ['sha-512'] }, /hashes_alg/],
  ])('%s', (_, change, why) => {
    expect(encode({ ...payment, ...change })).toEqual({
      ok: false,
      error: expect.stringMatching(why),
    })
  })

  it.each<[string, unknown]>([
    ['none', []],
    ['no list', payment],
    ['no objects', ['x']],
    ['nothing', [null]],
    ['more than eight', Array.from({ length: 9 }, (_, i) => ({ ...document, name: `${i}` }))],
    ['the same twice, which no proof could tell apart', [document, payment, document]],
  ])('where there is %s', (_, value) => {
    expect(encodeTransactionData(value, query, now)).toMatchObject({ ok: false })
  })

  it('by the place where it stands', () => {
    expect(encode(document, { ...document, sha256: '' })).toEqual({
      ok: false,
      error: expect.stringMatching(/^transaction_data\.1\.sha256/),
    })
  })

  it('in words without quotes or anything that it brought', () => {
    const { error } = encode({ ...payment, 'tip"\n': 1 }) as { error: string }
    expect(error).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
  })
})
