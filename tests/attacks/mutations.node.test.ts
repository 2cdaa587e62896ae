import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import { createForger, type Forger } from '../support/forgery.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import {
  isWithin,
  type Mutation,
  mutate,
  mutation,
  takeApart,
  type World,
} from '../support/mutations.ts'

// One seed a day: whoever runs this today sees the same mutations, and tomorrow there are others.
const seed = Math.floor(Date.now() / 86_400_000)

type Verified = {
  report: { outcome: string }
  credentials: Record<string, { claims: Record<string, unknown> }[]> | null
}

const challenge = { nonce: 'a-nonce-of-the-relying-party', audience: 'x509_hash:of-its-own' }

let gateway: TestGateway
let forger: Forger
let world: World
let honest: string
let key: string
beforeAll(async () => {
  gateway = await testGateway()
  forger = await createForger(gateway)
  key = await gateway.keyOf('bank-sg')
  const bound = { nonce: challenge.nonce, client_id: challenge.audience }
  honest = await forger.bind(await forger.sdJwt(), bound)
  const somebody = await createForger(gateway)
  const other = takeApart(await somebody.bind(await somebody.sdJwt(), bound))
  const stranger = (await freshHolderKey()).sign
  world = { other, sign: { stranger, holder: forger.holder.sign } }
})

const judge = (presentation: string) =>
  gateway.post<Verified>('/v1/verify', { presentation, purpose: 'bank-kyc', ...challenge }, key)

const claimsOf = ({ credentials }: Verified) => credentials?.presentation?.[0]?.claims ?? {}

it('what is mutated is verified as it stands', async () => {
  const { status, body } = await judge(honest)
  expect({ status, outcome: body.report.outcome }).toEqual({ status: 200, outcome: 'verified' })
})

it('20,000 mutated presentations are refused, and what is accepted shows nothing else; none is too much', async () => {
  const original = claimsOf((await judge(honest)).body)
  let refused = 0

  async function holds(change: Mutation) {
    const presentation = await mutate(honest, change, world)
    if (presentation === undefined) return
    const { status, body } = await judge(presentation)
    expect(status, JSON.stringify({ change, body })).toBeLessThan(500)
    if (status !== 200 || body.report.outcome !== 'verified') return void refused++
    // Only the holder can bind anew, and only what the issuer signed.
    expect(change.rebind, JSON.stringify({ change, presentation })).toBe('holder')
    expect(isWithin(claimsOf(body), original), JSON.stringify({ change, presentation })).toBe(true)
  }

  const batch = fc.array(mutation, { minLength: 100, maxLength: 100 })
  await fc.assert(
    fc.asyncProperty(batch, async (changes) => {
      await Promise.all(changes.map(holds))
    }),
    { seed, numRuns: 235, endOnFailure: true },
  )
  expect(refused).toBeGreaterThanOrEqual(20_000)
}, 120_000)
