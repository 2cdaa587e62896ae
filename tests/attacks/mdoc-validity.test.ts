import { describe, expect, it } from 'vitest'
import { mapOf } from '../../src/credential/cbor-encoder.ts'
import { readMobileSecurityObject } from '../../src/credential/mobile-security-object.ts'
import { expectRefused, expectVerified } from '../support/forgery.ts'
import { failed, mdocIn } from '../support/gateway.ts'
import { sharedMdocForger } from '../support/mdoc-forgery.ts'

const shared = sharedMdocForger()

async function present(wallet: Awaited<ReturnType<typeof shared.gateway.citizen>>) {
  const transaction = await shared.gateway.ask()
  const { status, body } = await wallet.present(transaction.authorization_request)
  return { status, body, result: await transaction.read() }
}

it.each(['expired', 'not-yet-valid'])(
  'an %s mdoc is refused (MDOC-N04, VER-13)',
  async (validity) => {
    const wallet = await shared.gateway.citizen('vn-nguyen-thi-an', ['pid-mdoc'], { validity })
    expectRefused(await present(wallet), 'credential.validity')
  },
)

describe('what is signed, and when it is good, follow one another', () => {
  const hours = (n: number) => {
    const at = new Date(shared.gateway.now().getTime() + n * 3_600_000)
    return { tag: 0, value: `${at.toISOString().slice(0, 19)}Z` }
  }
  const from = (signed: number, validFrom: number, validUntil: number) => ({
    mso: {
      validityInfo: mapOf({
        signed: hours(signed),
        validFrom: hours(validFrom),
        validUntil: hours(validUntil),
      }),
    },
  })

  it('so that an honest one is good', async () => {
    expectVerified(await shared.forger.bend(from(-2, -1, 1)))
  })

  it.each<[string, [number, number, number]]>([
    ['ended this very second', [-2, -2, 0]],
    ['begins in an hour', [-2, 1, 2]],
    ['was signed in the future', [1, 1, 2]],
    ['is good before it was signed', [-1, -2, 2]],
    ['ends before it begins', [-3, -1, -2]],
    // The document signers of the sandbox are certified since January 2026.
    ['was signed before its signer was certified', [-24 * 365, -1, 1]],
  ])('one that %s is refused (MDOC-N04)', async (_, times) => {
    expectRefused(await shared.forger.bend(from(...times)), 'credential.validity')
  })

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['a text without a tag', '2026-11-24T00:00:00Z'],
    ['a number', 1_795_507_200],
    ['of another zone', { tag: 0, value: '2026-11-24T07:00:00+07:00' }],
    ['of a day that is none', { tag: 0, value: '2026-11-31T00:00:00Z' }],
    ['in fractions of a second', { tag: 0, value: '2026-11-24T00:00:00.000Z' }],
  ])('a time that is %s is none (MDOC-N04)', async (_, value) => {
    const times = { signed: hours(-1), validFrom: hours(-1), validUntil: hours(1) }
    const members = Object.entries({ ...times, validUntil: value }).filter(
      ([, v]) => v !== undefined,
    )
    const validityInfo = mapOf(Object.fromEntries(members) as Parameters<typeof mapOf>[0])
    expectRefused(await shared.forger.bend({ mso: { validityInfo } }), 'credential.claims')
  })
})

it.each(['revoked', 'suspended'])(
  'a %s mdoc is refused at once (TSL-N01, VER-14)',
  async (status) => {
    const wallet = await shared.gateway.citizen('vn-nguyen-thi-an', ['pid-mdoc'])
    const { mso } = mdocIn(wallet).issuerSigned
    const read = readMobileSecurityObject(mso)
    const { uri, idx } = (read.ok && read.value.status) || {}
    expect((await present(wallet)).status).toBe(200)
    const change = { status_list_uri: uri, idx, status }
    expect((await shared.gateway.post('/sandbox/credentials/status', change)).status).toBe(204)
    const { result } = await present(wallet)
    expect(failed(result)).toEqual(['status.value'])
  },
)
