import { describe, expect, it } from 'vitest'
import { expectRefused } from '../support/forgery.ts'
import { attack, failed } from '../support/gateway.ts'
import { pidDoctype, sharedMdocForger } from '../support/mdoc-forgery.ts'

const shared = sharedMdocForger()

describe('the document type is one, whoever says it (MDOC-N03)', () => {
  it('a wallet that says another than the issuer signed is refused', async () => {
    const outcome = await attack(shared.gateway, { docType: 'org.gerbang.age.1' }, 'pid-mdoc')
    expectRefused(outcome, 'credential.claims')
  })

  it('so is one whose device signed over another', async () => {
    const outcome = await shared.forger.bend({ deviceDocType: 'org.gerbang.age.1' })
    expectRefused(outcome, 'key_binding.signature')
  })

  it('an issuer that signs another is refused', async () => {
    const outcome = await shared.forger.bend({ mso: { docType: 'org.gerbang.age.1' } })
    expectRefused(outcome, 'credential.claims')
  })

  it.each(['ORG.GERBANG.PID.1', `${pidDoctype} `, 'org.gerbang.age.1', 'urn:gerbang:pid:1'])(
    'what is not of the type that was asked for is no answer: %s',
    async (other) => {
      const all = { mso: { docType: other }, document: { docType: other }, deviceDocType: other }
      const outcome = await shared.forger.bend(all)
      expectRefused(outcome, ...failed(outcome.result))
      expect(failed(outcome.result)).toContain('query.type')
    },
  )
})
