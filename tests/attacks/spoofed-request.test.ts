import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/credential/json.ts'
import { x509Hash } from '../../src/credential/x509.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import { authority, signer as certify, type Party, signWith } from '../support/certificates.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { signAny } from '../support/raw-jws.ts'
import { headerOf, payloadOf, signer } from '../wallet/parties.ts'

// Somebody between the wallet and us, who has read the link and answers in our place.

let gateway: TestGateway
let root: Party
let leaf: Party
beforeAll(async () => {
  gateway = await testGateway()
  root = await authority('Somebody')
  leaf = await certify('Merlion Bank', { by: root })
})

const readerAnchors = [{ id: 'reader', certificate: exampleKeys.anchors.reader ?? '' }]
const hash = async (der: string) => `x509_hash:${await x509Hash(der)}`

/** A request object in place of the genuine one. */
type Spoof = (genuine: { header: JsonObject; payload: JsonObject }) => Promise<{
  jwt: string
  /** Another client_id for the link, too. */
  clientId?: string
}>

/** What a wallet makes of it; it knows the anchor of readers, or, as some do, none. */
async function ask(spoof: Spoof, anchored: boolean) {
  const holder = await gateway.citizen('vn-nguyen-thi-an')
  const transaction = await gateway.ask()
  const link = new URL(transaction.authorization_request)
  const requestUri = link.searchParams.get('request_uri') ?? ''
  const genuine = String((await gateway.call(requestUri)).body)
  const parts = { header: headerOf(genuine), payload: payloadOf(genuine) }
  const { jwt, clientId } = await spoof(parts)
  if (clientId !== undefined) link.searchParams.set('client_id', clientId)
  const posted: string[] = []
  const wallet = createWallet({
    now: gateway.now,
    random: systemRandom,
    credentials: holder.credentials(),
    ...(anchored && { readerAnchors }),
    async fetch(url, init) {
      if (url === requestUri) {
        return new Response(jwt, { headers: { 'content-type': 'application/oauth-authz-req+jwt' } })
      }
      posted.push(String(url))
      return gateway.fetch(url, init)
    },
  })
  const presented = wallet.present(link.href)
  return { presented, posted, transaction, holder }
}

const bank = signer('access:bank-sg')
const signedByBank: (change: object, more?: object) => Spoof =
  (headerChange, payloadChange = {}) =>
  async ({ header, payload }) => ({
    jwt: await signAny({ ...header, ...headerChange }, { ...payload, ...payloadChange }, bank.sign),
  })

const signedBy =
  (x5c: () => string[], { sign }: { sign: (bytes: Uint8Array) => Promise<Uint8Array> }): Spoof =>
  async ({ header, payload }) => {
    const clientId = await hash(x5c()[0] ?? '')
    const own = { ...payload, client_id: clientId, iss: clientId }
    return { jwt: await signAny({ ...header, x5c: x5c() }, own, sign), clientId }
  }

it('the genuine request is answered', async () => {
  for (const anchored of [true, false]) {
    const { presented } = await ask(signedByBank({}), anchored)
    expect(await presented).toMatchObject({ status: 200 })
  }
})

const stolen = { sign: (bytes: Uint8Array) => signWith(leaf.keys)(bytes) }

describe('a wallet shows nothing for a request that is not what it says (VP-N12)', () => {
  it.each<[string, Spoof, RegExp]>([
    ['without typ', signedByBank({ typ: undefined }), /typ oauth-authz-req\+jwt/],
    ['of another typ', signedByBank({ typ: 'JWT' }), /typ oauth-authz-req\+jwt/],
    ['with alg none', signedByBank({ alg: 'none' }), /not signed with ES256/],
    [
      'whose client_id is the hash of another certificate',
      async ({ header, payload }) => ({
        jwt: await signAny({ ...header, x5c: [leaf.der] }, payload, stolen.sign),
      }),
      /not the hash|not accepted/,
    ],
    [
      'signed by another key than the certificate’s',
      async ({ header, payload }) => ({ jwt: await signAny(header, payload, stolen.sign) }),
      /not signed/,
    ],
    [
      'with the root in x5c (HAIP-N01)',
      signedBy(() => [...bank.x5c, exampleKeys.anchors.reader ?? ''], bank),
      /self-signed|trust anchor/,
    ],
    [
      'by a certificate that signed itself (HAIP-N01)',
      signedBy(() => [root.der], { sign: (bytes) => signWith(root.keys)(bytes) }),
      /authority|self-signed/,
    ],
    [
      'by an issuer’s certificate',
      signedBy(() => [...signer('credential:vn').x5c], signer('credential:vn')),
      /other purposes/,
    ],
    [
      'for another client_id than the link',
      signedByBank({}, { client_id: 'x509_hash:AAAA' }),
      /client_id/,
    ],
    [
      'that sends the answer elsewhere in the open',
      signedByBank({}, { response_mode: 'direct_post' }),
      /response_mode/,
    ],
  ])('%s', async (_, spoof, rule) => {
    const { presented, posted, transaction, holder } = await ask(spoof, false)
    await expect(presented).rejects.toThrow(rule)
    expect(posted).toEqual([])
    const honest = await holder.present(transaction.authorization_request)
    expect(honest).toMatchObject({ status: 200 })
  })

  it('by somebody whom no anchor of readers vouches for', async () => {
    const { presented, posted } = await ask(
      signedBy(() => [leaf.der], stolen),
      true,
    )
    await expect(presented).rejects.toThrow(/no trust anchor/)
    expect(posted).toEqual([])
  })
})
