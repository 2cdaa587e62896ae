import { createHash, randomBytes } from 'node:crypto'
import { Openid4vciClient, setGlobalConfig } from '@openid4vc/openid4vci'
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { type HolderKey, holderKey, issuerAnchors, issuers, start } from '../support/issuance.ts'

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

describe('a wallet built on @openid4vc/openid4vci', () => {
  it.each([
    ['Bearer', undefined],
    ['DPoP', holderKey],
  ] as const)('gets a credential with a %s token', async (tokenType, makeDpopKey) => {
    const world = await issuers()
    const [key, dpopKey] = [await holderKey(), await makeDpopKey?.()]
    const wallet = foreignWallet(world, dpopKey ? [key, dpopKey] : [key])
    const { uri, txCode } = await world.offer({ tx_code: true })

    const credentialOffer = await wallet.resolveCredentialOffer(uri)
    const issuerMetadata = await wallet.resolveIssuerMetadata(credentialOffer.credential_issuer)
    const { accessTokenResponse, dpop } =
      await wallet.retrievePreAuthorizedCodeAccessTokenFromOffer({
        credentialOffer,
        issuerMetadata,
        txCode,
        ...(dpopKey && { dpop: { signer: signer(dpopKey) } }),
      })
    expect(accessTokenResponse.token_type).toBe(tokenType)

    const { c_nonce: nonce } = await wallet.requestNonce({ issuerMetadata })
    const configuration = { issuerMetadata, credentialConfigurationId: 'pid-sd-jwt' }
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
    const policy = { at: start, anchors: issuerAnchors, keyBinding: 'none' } as const
    const verified = await verifySdJwtVc(first?.credential ?? '', policy)
    expect(verified.credential?.claims.name).toBe('Nguyễn Thị An')
    expect(verified.credential?.claims.cnf).toMatchObject({ jwk: { x: key.publicJwk.x } })
  })
})
