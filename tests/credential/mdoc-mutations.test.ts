import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { verifyMdoc } from '../../src/credential/mdoc.ts'
import { anyCborChange, mutateCbor } from '../support/cbor-mutations.ts'
import { docType, type MdocScene, mdocScene } from './mdoc-scene.ts'

let s: MdocScene
let honest: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  s = await mdocScene()
  const names = Object.keys(s.draft.nameSpaces[docType] ?? {})
  honest = decodeBase64url(await s.present(names)) ?? new Uint8Array()
})

/** Whoever carries a document may leave elements out of sight, and nothing else. */
async function expectRefusedOrLess(bytes: Uint8Array, what: string) {
  const { findings, credential } = await verifyMdoc(encodeBase64url(bytes), s.policy)
  expect(findings).toHaveLength(15)
  const isRefused = findings.some(({ outcome }) => outcome === 'fail')
  expect(isRefused, what).toBe(credential === undefined)
  if (!credential) return
  const { docType: type, claims, statement, status } = credential
  expect({ type, statement, status }, what).toMatchObject({
    ...{ type: docType, statement: s.draft.statement, status: s.draft.status },
  })
  expect(s.draft.nameSpaces, what).toMatchObject(claims)
}

describe('a presented mdoc', () => {
  it('in which any one byte is another shows nothing that was not shown', async () => {
    const masks = [1, 0x20, 0xff]
    for (const [i, byte] of honest.entries()) {
      const mask = masks[i % masks.length] ?? 1
      await expectRefusedOrLess(honest.with(i, byte ^ mask), `byte ${i} ^ ${mask}`)
    }
  })

  it('cut short anywhere is refused', async () => {
    for (let length = 0; length < honest.length; length += 7) {
      const { credential } = await verifyMdoc(encodeBase64url(honest.slice(0, length)), s.policy)
      expect(credential).toBeUndefined()
    }
  })

  it('that somebody bent shows nothing that was not shown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCborChange, { minLength: 1, maxLength: 3 }), async (changes) => {
        const bent = changes.reduce((bytes, each) => mutateCbor(bytes, each), honest)
        await expectRefusedOrLess(bent, JSON.stringify(changes))
      }),
      { numRuns: 300 },
    )
  })
})
