import { describe, expect, it } from 'vitest'
import {
  disclosure,
  expectRefused,
  expectVerified,
  type Forger,
  sharedForger,
} from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'
import { encode } from '../support/raw-jws.ts'

// Too much of anything is refused before it costs anything: each of these has the five seconds of any
// test, and needs a few milliseconds of them.

const shared = sharedForger()

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => encode(['salt', `c${i}`, i]))

describe('of disclosures', () => {
  it('10,000 are refused', async () => {
    expectRefused(await shared.forger.attack({ disclosures: many(10_000) }), 'credential.format')
  })

  it('501 are refused, and 500 that belong there are good', async () => {
    const own = await Promise.all(Array.from({ length: 496 }, (_, i) => disclosure(`c${i}`, i)))
    const claims = { _sd: [...shared.forger.honest.digests, ...own.map(({ digest }) => digest)] }
    const disclosures = own.map(({ text }) => text)
    expectVerified(await shared.forger.attack({ claims, disclosures }))
    const tooMany = [...disclosures, encode(['salt', 'one more', true])]
    expectRefused(await shared.forger.attack({ claims, disclosures: tooMany }), 'credential.format')
  })

  it('one of 300 kB is refused', async () => {
    const { text, digest } = await disclosure('portrait', 'A'.repeat(300_000))
    const claims = { _sd: [...shared.forger.honest.digests, digest] }
    expectRefused(await shared.forger.attack({ claims, disclosures: [text] }), 'credential.format')
  })

  it('30 inside each other are good, and 40 are refused', async () => {
    expectVerified(await shared.forger.attack(await nested(30)))
    expectRefused(await shared.forger.attack(await nested(40)), 'credential.disclosures')
  })

  async function nested(depth: number) {
    const disclosures: string[] = []
    let inner = await disclosure('deepest', 1)
    for (let i = 1; i < depth; i++) {
      disclosures.push(inner.text)
      inner = await disclosure('deeper', { _sd: [inner.digest] })
    }
    disclosures.push(inner.text)
    return { claims: { _sd: [...shared.forger.honest.digests, inner.digest] }, disclosures }
  }
})

describe('a key binding', () => {
  it('of 500 kB is refused', async () => {
    const binding = { claims: { filler: 'x'.repeat(500_000) } }
    expectRefused(await shared.forger.attack({}, { binding }), 'credential.format')
  })

  it('of a mebibyte is not even read, and the transaction stays open', async () => {
    const { status, transaction, wallet } = await attack(shared.gateway, {
      vpToken: (honest) => ({
        'pid-sd-jwt': (honest['pid-sd-jwt'] ?? []).map((p) => p + 'A'.repeat(1024 * 1024)),
      }),
    })
    expect(status).toBe(413)
    expect(await transaction.read()).toMatchObject({ status: 'retrieved' })
    expect(await wallet.present(transaction.authorization_request)).toMatchObject({ status: 200 })
  })
})

describe('a credential', () => {
  it.each<[string, Parameters<Forger['attack']>[0]]>([
    ['with a claim of 300 kB', { claims: { filler: 'x'.repeat(300_000) } }],
    ['with a header of 300 kB', { header: { filler: 'x'.repeat(300_000) } }],
  ])('%s is refused', async (_, forgery) => {
    expectRefused(await shared.forger.attack(forgery), 'credential.format')
  })

  it('with 200 certificates of its own is refused', async () => {
    const x5c = Array(100)
      .fill([...shared.forger.vietnam.x5c])
      .flat()
    const { status, result } = await shared.forger.attack({ header: { x5c: x5c.slice(0, 150) } })
    expect(status).toBe(400)
    expect(result).toMatchObject({ status: 'refused', credentials: null })
  })

  it('with 4,000 digests that nobody explains is good: decoys are nobody’s fault', async () => {
    const decoys = Array.from({ length: 4000 }, (_, i) => `${i}`.padStart(43, 'A'))
    expectVerified(
      await shared.forger.attack({ claims: { _sd: [...shared.forger.honest.digests, ...decoys] } }),
    )
  })
})

it.each<[string, (honest: string[]) => unknown]>([
  [
    '10,000 presentations',
    (honest) => ({ 'pid-sd-jwt': Array(10_000).fill('x~y').concat(honest) }),
  ],
  ['10,000 query ids', () => Object.fromEntries(many(10_000).map((id) => [id, ['x~y']]))],
  ['a presentation of 500 kB', () => ({ 'pid-sd-jwt': ['x'.repeat(500_000)] })],
  ['500,000 tildes', () => ({ 'pid-sd-jwt': ['~'.repeat(500_000)] })],
  ['500,000 full stops', () => ({ 'pid-sd-jwt': ['.'.repeat(500_000)] })],
])('a vp_token with %s is refused', async (_, vpToken) => {
  const { status, result } = await attack(shared.gateway, {
    vpToken: (honest) => vpToken(honest['pid-sd-jwt'] ?? []),
  })
  expect(status).toBe(400)
  expect(result).toMatchObject({ status: 'refused', credentials: null })
})
