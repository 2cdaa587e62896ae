import { DeviceResponse, SessionTranscript } from '@owf/mdoc'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { verifyIssuerSigned, verifyMdoc } from '../../src/credential/mdoc.ts'
import { dcApiTranscript, redirectTranscript } from '../../src/credential/session-transcript.ts'
import {
  anyCborChange,
  type Item,
  itemsOf,
  mutateCbor,
  readItem,
} from '../support/cbor-mutations.ts'
import { owfContext, owfIssue, owfPresent, owfVerify } from '../support/owf-mdoc.ts'
import {
  docType,
  forPeers,
  session as honestSession,
  type MdocScene,
  mdocScene,
} from './mdoc-scene.ts'

let s: MdocScene
beforeAll(async () => {
  s = await mdocScene()
})

const issued = () => forPeers(s).issued
const session = () => forPeers(s).session
const anchor = () => forPeers(s).anchor

/** It cannot read lengths of eight bytes. */
const readable = anyCborChange.filter(({ kind }) => kind !== 'write it wider')

/** Nor labels of headers that are text, which COSE allows (RFC 9052 1.5). */
const hasTextLabels = (bytes: Uint8Array) =>
  itemsOf(readItem(bytes) ?? nothing).some(({ children: [, headers, , signature] = [] }) =>
    Boolean(signature && headers?.children?.some(({ major }, i) => i % 2 === 0 && major === 3)),
  )
const nothing: Item = { major: 7, argument: 22n, width: 0 }

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

  it('takes whatever we take, and the same elements, of what somebody bent', async () => {
    const names = ['given_name', 'address', 'nationalities']
    const honest = decodeBase64url(await s.present(names)) ?? new Uint8Array()
    await fc.assert(
      fc.asyncProperty(readable, async (change) => {
        const bent = mutateCbor(honest, change)
        const response = encodeBase64url(bent)
        const { credential } = await verifyMdoc(response, s.policy)
        // It wants a namespace to be there.
        if (!credential || credential.disclosed.length === 0 || hasTextLabels(bent)) return
        await owfVerify(response, { ...session(), anchor: anchor(), at: s.policy.at })
        const [document] = DeviceResponse.fromEncodedForOid4Vp(response).documents ?? []
        const theirs = document?.issuerSigned.getPrettyClaims(docType)
        expect(Object.keys(theirs ?? {})).toEqual(credential.disclosed.map(([, name]) => name))
      }),
      { numRuns: 200 },
    )
  })

  const { nonce, jwkThumbprint, clientId, responseUri } = honestSession
  it('makes the same transcripts', async () => {
    const theirs = await SessionTranscript.forOid4Vp(
      { clientId, nonce, jwkThumbprint, responseUri },
      owfContext,
    )
    expect(await redirectTranscript(honestSession)).toEqual(Uint8Array.from(theirs.encode()))
    const origin = 'https://bank.example'
    const inPage = await SessionTranscript.forOid4VpDcApi(
      { origin, nonce, jwkThumbprint },
      owfContext,
    )
    expect(await dcApiTranscript({ origin, nonce, jwkThumbprint })).toEqual(
      Uint8Array.from(inPage.encode()),
    )
  })

  it('states elements by the device, which we take only where that is authorized', async () => {
    const response = await owfPresent({
      issuerSigned: s.issued,
      docType,
      show: { [docType]: ['given_name'] },
      ...session(),
      device: s.device.keys,
      deviceElements: { ns: { height: 170 } },
    })
    const { findings } = await verifyMdoc(response, s.policy)
    expect(findings.filter(({ outcome }) => outcome === 'fail')).toMatchObject([
      { check: 'credential.disclosures' },
    ])
  })
})
