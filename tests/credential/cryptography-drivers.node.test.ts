import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import type { Cryptography } from '../../src/credential/cryptography.ts'
import { drivers } from '../support/drivers.ts'

const bytes = fc.uint8Array({ maxLength: 300 })
const bytesOf = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
/** Neither zero nor as large as the order of P-256. */
const scalar = bytesOf(32).map((any) => any.with(0, 1 + ((any[0] ?? 0) % 127)))
const flipped = (any: Uint8Array, bit: number) => {
  const at = (bit >> 3) % any.length
  return any.with(at, (any[at] ?? 0) ^ (1 << (bit & 7)))
}

const each = Object.values(drivers)

/** Asks every driver the same; they give the same answer. */
async function alike<T>(ask: (c: Cryptography) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  for (const use of each) {
    use()
    answers.push(await ask(cryptography()))
  }
  for (const answer of answers) expect(answer).toEqual(answers[0])
  return answers
}

describe('the drivers answer alike', () => {
  afterAll(() => each[0]?.())

  it('there are two of them', () => {
    expect(each).toHaveLength(2)
  })

  it('digests, MACs and derived keys', async () => {
    const secret = fc.uint8Array({ minLength: 1, maxLength: 100 })
    const words = fc.string({ unit: 'binary' })
    const given = fc.asyncProperty(secret, bytes, words, async (key, data, text) => {
      await alike(async (c) => [
        await c.sha256(data),
        await c.digestText(text),
        await c.mac(await c.macKey(key), data),
        await c.hkdf(key, data, 1 + (data.length % 64)),
      ])
    })
    await fc.assert(given)
  })

  it('boxes, which do not open once a bit is another', async () => {
    const key = fc.oneof(bytesOf(16), bytesOf(32))
    const given = fc.asyncProperty(key, bytesOf(12), bytes, bytes, fc.nat(), async (...drawn) => {
      const [aes, iv, data, aad, bit] = drawn
      await alike(async (c) => {
        const sealed = await c.seal(aes, iv, data, aad)
        expect(await c.open(aes, iv, sealed, aad)).toEqual(Uint8Array.from(data))
        expect(await c.open(aes, iv, flipped(sealed, bit), aad)).toBeUndefined()
        return sealed
      })
    })
    await fc.assert(given)
  })

  it('points, what two keys share, and what is no point', async () => {
    const given = fc.asyncProperty(scalar, scalar, fc.nat(), async (mine, yours, bit) => {
      await alike(async (c) => {
        const [own, other] = [await c.agreementKey(mine), await c.agreementKey(yours)]
        const astray = flipped(other.point, bit)
        return [
          own.point,
          await c.agree(own.key, other.point),
          await c.agree(own.key, astray),
          (await c.verifyingKey('P-256', astray)) !== undefined,
        ]
      })
    })
    await fc.assert(given)
  })

  it('each other’s signatures, and none once a bit is another', async () => {
    const given = fc.asyncProperty(scalar, bytes, fc.nat(), async (secret, data, bit) => {
      const signatures: Uint8Array[] = []
      for (const use of each) {
        use()
        const { agreementKey, signingKey, sign } = cryptography()
        const { point } = await agreementKey(secret)
        signatures.push(await sign(await signingKey(secret, point), data))
      }
      await alike(async (c) => {
        const { point } = await c.agreementKey(secret)
        const key = await c.verifyingKey('P-256', point)
        for (const signature of signatures) {
          expect(key && (await c.verify(key, 'SHA-256', signature, data))).toBe(true)
          expect(key && (await c.verify(key, 'SHA-256', flipped(signature, bit), data))).toBe(false)
        }
      })
    })
    await fc.assert(given)
  })
})
