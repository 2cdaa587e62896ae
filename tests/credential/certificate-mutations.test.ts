import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { verifyChain } from '../../src/credential/x509.ts'
import { anyAlteration } from '../support/any-certificate.ts'
import { certifiedSigner } from '../support/certificates.ts'

const at = new Date('2026-06-01T00:00:00Z')
let honest: Awaited<ReturnType<typeof certifiedSigner>>
beforeAll(async () => {
  honest = await certifiedSigner()
})

const verdict = async (x5c: readonly string[]) =>
  verifyChain(x5c, [honest.anchor], at, 'credential')

it('a chain is believed, and with any byte of a certificate altered it is not', async () => {
  expect(await verdict(honest.x5c)).toMatchObject({ ok: true })
  await fc.assert(
    fc.asyncProperty(fc.nat(1), anyAlteration, async (which, alter) => {
      const der = Uint8Array.from(Buffer.from(honest.x5c[which] ?? '', 'base64'))
      const altered = Buffer.from(alter(der)).toString('base64')
      fc.pre(altered !== honest.x5c[which])
      expect(await verdict(honest.x5c.with(which, altered))).toMatchObject({
        ok: false,
        error: expect.stringMatching(/\.$/),
      })
    }),
    { numRuns: 800 },
  )
})

it('every byte of every certificate counts', async () => {
  for (const [which, base64] of honest.x5c.entries()) {
    const der = Uint8Array.from(Buffer.from(base64, 'base64'))
    for (const [position, byte] of der.entries()) {
      const altered = der.with(position, byte ^ (1 << (position % 8)))
      const x5c = honest.x5c.with(which, Buffer.from(altered).toString('base64'))
      expect((await verdict(x5c)).ok, `byte ${position} of certificate ${which}`).toBe(false)
    }
  }
})

it('whatever is no certificate is refused, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), async (all) => {
      const x5c = all.map((bytes) => Buffer.from(bytes).toString('base64'))
      expect(await verdict(x5c)).toMatchObject({ ok: false })
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (json) => {
      expect(await verdict(json as string[])).toMatchObject({ ok: false })
      expect(await verdict([json] as string[])).toMatchObject({ ok: false })
    }),
  )
})
