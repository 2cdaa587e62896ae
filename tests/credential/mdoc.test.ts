import { beforeAll, describe, expect, it } from 'vitest'
import { readIssuerSigned } from '../../src/credential/device-response.ts'
import { type MdocPolicy, verifyIssuerSigned, verifyMdoc } from '../../src/credential/mdoc.ts'
import { docType, type MdocScene, mdocScene } from './mdoc-scene.ts'
import { issuerId } from './scene.ts'

const checks = [
  'credential.format',
  'credential.header',
  'credential.chain',
  'credential.signature',
  'credential.disclosures',
  'credential.claims',
  'credential.issuer',
  'credential.validity',
  'key_binding.present',
  'key_binding.header',
  'key_binding.signature',
  'key_binding.nonce',
  'key_binding.audience',
  'key_binding.time',
  'key_binding.sd_hash',
]

let s: MdocScene
beforeAll(async () => {
  s = await mdocScene()
})

/** The ids of the checks that failed; and, always, that a failure yields no credential. */
async function failures(text: string, change: Partial<MdocPolicy> = {}): Promise<string[]> {
  const { findings, credential } = await verifyMdoc(text, { ...s.policy, ...change })
  expect(findings.map(({ check }) => check)).toEqual(checks)
  const failed = findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
  expect(credential === undefined).toBe(failed.length > 0)
  return failed
}

describe('an honest presentation', () => {
  it('yields the elements that were shown, and what the issuer says of the whole', async () => {
    const text = await s.present(['given_name', 'address'])
    const { findings, credential } = await verifyMdoc(text, s.policy)
    expect(findings.map(({ outcome }) => outcome)).toEqual([
      ...Array(13).fill('pass'),
      ...Array(2).fill('skip'),
    ])
    expect(credential).toMatchObject({
      docType,
      issuer: issuerId,
      anchor: 'anchor-root',
      claims: { [docType]: { given_name: 'An', address: { country: 'VN', locality: 'Huế' } } },
      statement: s.draft.statement,
      status: s.draft.status,
    })
    expect(Object.keys(credential?.claims[docType] ?? {})).toHaveLength(2)
    expect(credential?.disclosed).toContainEqual([docType, 'address'])
    expect(credential?.authorityKeyIds).toHaveLength(2)
  })

  it('of another session is signed over something else (MDOC-N01)', async () => {
    expect(await failures(await s.present(['given_name'], { nonce: 'another' }))).toEqual([
      'key_binding.signature',
    ])
  })
})

describe('what an issuer hands out', () => {
  it('is verified before there is anything to prove', async () => {
    const { findings, credential } = await verifyIssuerSigned(s.issued, s.policy)
    expect(findings.map(({ check }) => check)).toEqual(checks)
    expect(findings.slice(-7).map(({ outcome }) => outcome)).toEqual(Array(7).fill('skip'))
    expect(credential?.claims).toEqual(s.draft.nameSpaces)
  })

  it('is read by its holder', () => {
    expect(readIssuerSigned(s.issued)).toMatchObject({
      docType,
      elements: s.draft.nameSpaces,
      deviceKey: s.draft.deviceKey,
      x5chain: s.issuer.x5c,
      validUntil: s.draft.validUntil,
    })
  })
})
