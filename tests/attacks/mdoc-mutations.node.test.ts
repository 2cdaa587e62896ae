import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mdocTargets } from '../fuzz/mdoc.ts'
import type { Draw } from '../fuzz/target.ts'
import { challenge } from '../fuzz/world.ts'
import { type Presentation, testGateway } from '../support/gateway.ts'

// One seed a day: whoever runs this today sees the same mutations, and tomorrow there are others.
const seed = Math.floor(Date.now() / 86_400_000)

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.nat(),
  part: fc.nat(),
  at: fc.nat(),
  value: fc.nat(),
  text: fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
})

it('2,000 mutated mdocs are refused, and what is accepted shows nothing else; none is too much', async () => {
  const gateway = await testGateway({ LOG_LEVEL: 'error' })
  const key = await gateway.keyOf('bank-sg')
  const [target] = await mdocTargets({
    gateway,
    async judge(presentation, { responseUri, jwkThumbprint } = {}) {
      const session = { response_uri: responseUri, jwk_thumbprint: jwkThumbprint }
      const body = { presentation, purpose: 'bank-kyc', ...challenge, ...session }
      const answer = await gateway.post<Presentation>('/v1/verify', body, key)
      expect(answer.status, presentation).toBeLessThan(500)
      const { report, credentials = null } = answer.body
      return { checks: report?.checks ?? [], credentials }
    },
  })
  const [honest = ''] = target?.seeds ?? []
  let refused = 0

  async function holds(change: Draw) {
    const presentation = (await target?.mutate(honest, change)) ?? honest
    if (presentation === honest) return
    const { credentials } = (await target?.judge(presentation)) ?? {}
    if (!credentials) return void refused++
    expect(target?.isGenuine(credentials), JSON.stringify({ change, presentation })).toBe(true)
  }

  const batch = fc.array(draw, { minLength: 100, maxLength: 100 })
  await fc.assert(
    fc.asyncProperty(batch, async (changes) => {
      await Promise.all(changes.map(holds))
    }),
    { seed, numRuns: 26, endOnFailure: true },
  )
  expect(refused).toBeGreaterThanOrEqual(2000)
}, 60_000)
