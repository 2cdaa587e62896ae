import { createHash, randomBytes } from 'node:crypto'
import { Openid4vciClient, setGlobalConfig } from '@openid4vc/openid4vci'
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifyMdoc } from '../../src/credential/mdoc.ts'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { redirectTranscript } from '../../src/credential/session-transcript.ts'
import { auth0Failures } from '../support/auth0-mdoc.ts'
import { type HolderKey, holderKey, issuerAnchors, issuers, start } from '../support/issuance.ts'
import { owfPresent, owfVerify } from '../support/owf-mdoc.ts'

setGlobalConfig({ allowInsecureUrls: true })

// The library takes the time from the machine.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }))
afterEach(() => vi.useRealTimers())

type Client = ConstructorParameters<typeof Openid4vciClient>[0]
type World = Awaited<ReturnType<typeof issuers>>

const notNeeded = () => {
  throw new Error('nothing here is encrypted or signed')
}

/** A wallet of somebody else's making, which knows our issuers by their metadata alone. */
function foreignWallet({ app }: World, keys: HolderKey[]) {
  const callbacks = {
    fetch: async (url: string, init: RequestInit) => app.request(url, init),
    hash: (data: Uint8Array) => createHash('sha256').update(data).digest(),
    generateRandom: (size: number) => randomBytes(size),
    signJwt: async (
      { publicJwk }: { publicJwk: { x?: string } },
      { header, payload }: { header: JWTHeaderParameters; payload: JWTPayload },
    ) => {
      const key = keys.find((k) => k.publicJwk.x === publicJwk.x)
      if (!key) throw new Error('not a key of this wallet')
      const jwt = await new SignJWT(payload).setProtectedHeader(header).sign(key.privateKey)
      return { jwt, signerJwk: publicJwk }
    },
    clientAuthentication: () => {},
    decryptJwe: notNeeded,
    encryptJwe: notNeeded,
    verifyJwt: notNeeded,
  }
  return new Openid4vciClient({ callbacks: callbacks as unknown as Client['callbacks'] })
}

const signer = ({ publicJwk }: HolderKey) =>
  ({ method: 'jwk', alg: 'ES256', publicJwk: { ...publicJwk, kty: 'EC' } }) as const

/** The whole way, by metadata: offer, token, nonce, key proof, credential. */
async function fetchCredential(configurationId: string, makeDpopKey?: () => Promise<HolderKey>) {
  const world = await issuers()
  const [key, dpopKey] = [await holderKey(), await makeDpopKey?.()]
  const wallet = foreignWallet(world, dpopKey ? [key, dpopKey] : [key])
  const { uri, txCode } = await world.offer({
    tx_code: true,
    credential_configuration_ids: [configurationId],
  })

  const credentialOffer = await wallet.resolveCredentialOffer(uri)
  const issuerMetadata = await wallet.resolveIssuerMetadata(credentialOffer.credential_issuer)
  const { accessTokenResponse, dpop } = await wallet.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    txCode,
    ...(dpopKey && { dpop: { signer: signer(dpopKey) } }),
  })

  const { c_nonce: nonce } = await wallet.requestNonce({ issuerMetadata })
  const configuration = { issuerMetadata, credentialConfigurationId: configurationId }
  const { jwt } = await wallet.createCredentialRequestJwtProof({
    ...configuration,
    signer: signer(key),
    nonce,
  })
  const { credentialResponse } = await wallet.retrieveCredentials({
    ...configuration,
    accessToken: accessTokenResponse.access_token,
    proofs: { jwt: [jwt] },
    ...(dpop && { dpop }),
  })
  const [first] = (credentialResponse.credentials ?? []) as { credential: string }[]
  const known = issuerMetadata.knownCredentialConfigurations[configurationId]
  const { token_type: tokenType } = accessTokenResponse
  return { key, tokenType, credential: first?.credential ?? '', known }
}

describe('a wallet built on @openid4vc/openid4vci', () => {
  it.each([
    ['Bearer', undefined],
    ['DPoP', holderKey],
  ] as const)('gets a credential with a %s token', async (expected, makeDpopKey) => {
    const { key, tokenType, credential } = await fetchCredential('pid-sd-jwt', makeDpopKey)
    expect(tokenType).toBe(expected)
    const policy = { at: start, anchors: issuerAnchors, keyBinding: 'none' } as const
    const verified = await verifySdJwtVc(credential, policy)
    expect(verified.credential?.claims.name).toBe('Nguyễn Thị An')
    expect(verified.credential?.claims.cnf).toMatchObject({ jwk: { x: key.publicJwk.x } })
  })

  it('gets an mdoc, which the field’s libraries present and take', async () => {
    const { key, credential, known } = await fetchCredential('pid-mdoc')
    expect(known).toMatchObject({ format: 'mso_mdoc', doctype: pid })
    const anchor = issuerAnchors.find(({ id }) => id === 'issuer-vn')?.certificate ?? ''
    const session = { anchor, at: start, sessionTranscript }
    const response = await owfPresent({
      issuerSigned: credential,
      docType: pid,
      show: { [pid]: ['name', 'address'] },
      sessionTranscript,
      device: key,
    })
    await owfVerify(response, session)
    expect(await auth0Failures(response, session)).toEqual([])
    const verified = await verifyMdoc(response, { ...session, anchors: issuerAnchors })
    expect(verified.credential?.claims).toEqual({
      [pid]: { name: 'Nguyễn Thị An', address: expect.objectContaining({ country: 'VN' }) },
    })
  })
})

const pid = 'org.gerbang.pid.1'
const sessionTranscript = await redirectTranscript({
  clientId: 'x509_hash:of-somebody',
  nonce: 'a-nonce',
  jwkThumbprint: new Uint8Array(32),
  responseUri: 'https://verifier.example/response',
})
