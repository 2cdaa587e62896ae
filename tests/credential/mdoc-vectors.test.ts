import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { verifyCoseSign1, x5chainOf } from '../../src/credential/cose.ts'
import { parseDeviceResponse } from '../../src/credential/device-response.ts'
import { verifyMdoc } from '../../src/credential/mdoc.ts'
import { dcApiTranscript, redirectTranscript } from '../../src/credential/session-transcript.ts'
import { verifyPath } from '../../src/credential/x509.ts'
import { hasVectors, jsonVector, vector } from '../support/vectors.ts'

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const response = (path: string) => encodeBase64url(fromHex(vector(path)))
const derOf = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '')

describe.skipIf(!hasVectors)('session transcripts of OpenID4VP 1.0 B.2.6', () => {
  type Example<Input> = { input: Input; SessionTranscript_hex: string }
  const example = () =>
    jsonVector<{
      jwk_sha256_thumbprint_hex: string
      redirect: Example<{ client_id: string; nonce: string; response_uri: string }>
      dc_api: Example<{ origin: string; nonce: string }>
    }>('openid4vp/mdoc-session-transcript.json')

  it('by redirects (MDOC-V02, MDOC-V03)', async () => {
    const { redirect, jwk_sha256_thumbprint_hex } = example()
    const { client_id, nonce, response_uri } = redirect.input
    const made = await redirectTranscript({
      clientId: client_id,
      nonce,
      jwkThumbprint: fromHex(jwk_sha256_thumbprint_hex),
      responseUri: response_uri,
    })
    expect(toHex(made)).toBe(redirect.SessionTranscript_hex)
    expect(toHex(made)).toBe(vector('openid4vp/mdoc-session-transcript-redirect.hex'))
  })

  it('by the Digital Credentials API (MDOC-V04)', async () => {
    const { dc_api, jwk_sha256_thumbprint_hex } = example()
    const jwkThumbprint = fromHex(jwk_sha256_thumbprint_hex)
    const made = await dcApiTranscript({ ...dc_api.input, jwkThumbprint })
    expect(toHex(made)).toBe(dc_api.SessionTranscript_hex)
    expect(toHex(made)).toBe(vector('openid4vp/mdoc-session-transcript-dc-api.hex'))
  })
})

describe.skipIf(!hasVectors)("a wallet's presentation by OpenID4VP 1.0", () => {
  const inputs = () =>
    jsonVector<Record<string, string>>('mdoc/animo-mdoc-05/inputs.json') as {
      client_id: string
      nonce: string
      response_uri: string
      verifier_jwk_sha256_thumbprint_hex: string
      verify_at: string
      SessionTranscript_hex: string
    }
  const verify = async (change: Partial<ReturnType<typeof inputs>> = {}) => {
    const given = { ...inputs(), ...change }
    return verifyMdoc(response('mdoc/animo-mdoc-05/deviceResponse.hex'), {
      at: new Date(given.verify_at),
      anchors: [
        { id: 'animo', certificate: derOf(vector('mdoc/animo-mdoc-05/rootCertificate.pem')) },
      ],
      sessionTranscript: await redirectTranscript({
        clientId: given.client_id,
        nonce: given.nonce,
        jwkThumbprint: fromHex(given.verifier_jwk_sha256_thumbprint_hex),
        responseUri: given.response_uri,
      }),
    })
  }

  it('is accepted, from transcript to claims', async () => {
    const { findings, credential } = await verify()
    expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect(credential).toMatchObject({ docType: 'eu.europa.ec.eudi.pid.1', anchor: 'animo' })
    expect(credential?.disclosed).toHaveLength(2)
  })

  it.each([{ nonce: 'another' }, { client_id: 'playground.animo.id' }])(
    'is refused in another session: %j',
    async (change) => {
      const { findings } = await verify(change)
      expect(findings.filter(({ outcome }) => outcome === 'fail')).toMatchObject([
        { check: 'key_binding.signature' },
      ])
    },
  )
})

describe.skipIf(!hasVectors)('the example of ISO/IEC 18013-5 Annex D', () => {
  const text = () => response('mdoc/iso18013-5-annexD-device-response.hex')
  const at = new Date('2021-01-01T00:00:00Z')

  it('is signed by its document signer', async () => {
    const document = parseDeviceResponse(text())
    if (!document.ok) return expect.unreachable(document.error)
    const { issuerAuth, payload } = document.value.issuerSigned
    // The root is not in the example.
    const path = await verifyPath(x5chainOf(issuerAuth.unprotectedHeaders), at, 'mdoc')
    if (!path.ok) return expect.unreachable(path.error)
    expect(await verifyCoseSign1(issuerAuth, path.value.leafKey, payload)).toBe(true)
  })

  it('has every digest, and its deviceMac is refused by name', async () => {
    const sessionTranscript = fromHex(vector('mdoc/iso18013-5-annexD-session-transcript-bytes.hex'))
    const { findings } = await verifyMdoc(text(), { at, anchors: [], sessionTranscript })
    expect(findings.filter(({ outcome }) => outcome === 'fail')).toMatchObject([
      { check: 'credential.chain' },
      { check: 'key_binding.present', detail: expect.stringContaining('deviceMac') },
    ])
    const passed = findings.filter(({ outcome }) => outcome === 'pass').map(({ check }) => check)
    expect(passed).toEqual([
      'credential.format',
      'credential.header',
      'credential.disclosures',
      'credential.claims',
      'credential.validity',
    ])
  })
})
