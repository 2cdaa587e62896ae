import { createDeviceResponse } from '../../src/credential/device-response.ts'
import type { EcPublicJwk } from '../../src/credential/jwk.ts'
import { keyPurposeIds } from '../../src/credential/key-purpose.ts'
import {
  type MdocDraft,
  type MdocPolicy,
  prepareMdoc,
  signMdoc,
} from '../../src/credential/mdoc.ts'
import { redirectTranscript } from '../../src/credential/session-transcript.ts'
import { certifiedSigner, signer, signWith } from '../support/certificates.ts'
import { at, countingRandom, issuerId } from './scene.ts'

export const docType = 'org.gerbang.pid.1'

/** What went into the request that is answered. */
export const session = {
  clientId: 'x509_hash:abc',
  nonce: 'nonce-of-this-request',
  jwkThumbprint: new Uint8Array(32).fill(7),
  responseUri: 'https://verifier.example/response',
}

export type MdocScene = Awaited<ReturnType<typeof mdocScene>>

/** An issuer, a holder's device, and the verifier's policy. */
export async function mdocScene() {
  const issuer = await certifiedSigner(issuerId, { extendedUsage: [keyPurposeIds.mdoc] })
  const device = await signer('Device')
  const { x, y } = await crypto.subtle.exportKey('jwk', device.keys.publicKey)
  const hoursFromNow = (hours: number) => new Date(at.getTime() + hours * 3_600_000)
  const draft: MdocDraft = {
    x5chain: issuer.x5c,
    docType,
    nameSpaces: {
      [docType]: {
        given_name: 'An',
        family_name: 'Nguyễn',
        birthdate: '1990-01-01',
        address: { country: 'VN', locality: 'Huế' },
        nationalities: ['VN'],
      },
    },
    deviceKey: { kty: 'EC', crv: 'P-256', x, y } as EcPublicJwk,
    signed: hoursFromNow(-1),
    validFrom: hoursFromNow(-1),
    validUntil: hoursFromNow(1),
    status: { uri: 'https://issuer.example/status/1', idx: 7 },
    statement: { issuing_country: 'VN', verification: { assurance_level: '2' } },
  }
  const issued = await signMdoc(await prepareMdoc(draft, countingRandom()), issuer.sign)
  const policy: MdocPolicy = {
    at,
    anchors: [issuer.anchor],
    sessionTranscript: await redirectTranscript(session),
  }
  const signDevice = signWith(device.keys)

  /** An honest presentation of some elements, in the session of the policy or another. */
  async function present(names: string[], change: Partial<typeof session> = {}) {
    return createDeviceResponse({
      issuerSigned: issued,
      docType,
      show: names.map((name) => [docType, name]),
      sessionTranscript: await redirectTranscript({ ...session, ...change }),
      sign: signDevice,
    })
  }

  return { issuer, device, draft, issued, policy, signDevice, present }
}
