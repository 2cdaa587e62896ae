import { beforeAll, describe, expect, it } from 'vitest'
import { verifyMdoc } from '../../src/credential/mdoc.ts'
import { auth0Failures, auth0Present } from '../support/auth0-mdoc.ts'
import { docType, forPeers, type MdocScene, mdocScene } from './mdoc-scene.ts'

let s: MdocScene
beforeAll(async () => {
  s = await mdocScene()
})

const issued = () => forPeers(s).issued
const session = () => forPeers(s).session
const anchor = () => forPeers(s).anchor

describe('the library of Auth0', () => {
  it('takes what we issue and present', async () => {
    const response = await s.present(['given_name', 'address'])
    expect(await auth0Failures(response, { ...session(), anchor: anchor() })).toEqual([
      // It knows no instant but the present, and wants a country in the name of a certificate.
      'MSO_VALIDITY_AT_VERIFICATION_TIME',
      'ISSUER_SUBJECT_COUNTRY_NAME_PRESENCE',
    ])
  })

  it('issues and presents, and we take it', async () => {
    const response = await auth0Present({
      ...issued(),
      show: [
        [docType, 'family_name'],
        [docType, 'address'],
      ],
      ...session(),
      device: s.device.keys,
    })
    const { findings, credential } = await verifyMdoc(response, s.policy)
    expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect(credential?.claims).toEqual({
      [docType]: { family_name: 'Nguyễn', address: { country: 'VN', locality: 'Huế' } },
    })
  })
})
