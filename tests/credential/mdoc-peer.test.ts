import { beforeAll, describe, expect, it } from 'vitest'
import { verifyIssuerSigned, verifyMdoc } from '../../src/credential/mdoc.ts'
import { owfIssue, owfPresent, owfVerify } from '../support/owf-mdoc.ts'
import { docType, type MdocScene, mdocScene } from './mdoc-scene.ts'

let s: MdocScene
beforeAll(async () => {
  s = await mdocScene()
})

const issued = () => ({
  docType,
  nameSpaces: s.draft.nameSpaces,
  issuer: s.issuer.leaf.keys,
  x5chain: s.issuer.x5c,
  deviceKey: s.draft.deviceKey,
  validity: s.draft,
})
const session = () => ({ sessionTranscript: s.policy.sessionTranscript ?? new Uint8Array() })
const anchor = () => s.issuer.anchor.certificate

describe('the library of the OpenWallet Foundation', () => {
  it('takes what we issue and present', async () => {
    const response = await s.present(['given_name', 'address'])
    await owfVerify(response, { ...session(), anchor: anchor(), at: s.policy.at })
  })

  it('presents what we issue, and we take it', async () => {
    const response = await owfPresent({
      issuerSigned: s.issued,
      docType,
      show: { [docType]: ['family_name', 'nationalities'] },
      ...session(),
      device: s.device.keys,
    })
    const { findings, credential } = await verifyMdoc(response, s.policy)
    expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect(credential?.claims).toEqual({
      [docType]: { family_name: 'Nguyễn', nationalities: ['VN'] },
    })
  })

  it('issues, and we take it', async () => {
    const { findings, credential } = await verifyIssuerSigned(await owfIssue(issued()), s.policy)
    expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect(credential?.claims).toEqual(s.draft.nameSpaces)
  })
})
