import { beforeAll, expect } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { digestText } from '../../src/credential/digest.ts'
import type { Sign } from '../../src/credential/jws.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { freshHolderKey, type HolderKey } from '../../src/wallet/holder-key.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { signer } from '../wallet/parties.ts'
import { failed, kyc, origin, type TestGateway, testGateway } from './gateway.ts'
import { encode, signAny } from './raw-jws.ts'

/** Members to put over the honest ones; `undefined` leaves one out. */
export type Members = Record<string, unknown>

/** Who signs, and with which certificates. */
export type Maker = { x5c: readonly string[]; sign: Sign }

/** How a credential differs from the honest one; its issuer signs it all the same. */
export type Forgery = {
  header?: Members
  claims?: Members
  /** After the honest disclosures. `claims` must have the digests, where they are to fit. */
  disclosures?: readonly string[]
  by?: Maker
}

/** How the key binding differs; the holder signs it all the same. */
export type Binding = { claims?: Members; header?: Members; sign?: Sign }

export type AnswerOptions = {
  /** The relying party and its request; what bank KYC asks, unless said otherwise. */
  relyingParty?: string
  ask?: Record<string, unknown>
  /** What happens to the presentation after it was bound. */
  alter?: (presentation: string) => string | Promise<string>
  lies?: Lies
}

export type Attempt = AnswerOptions & {
  binding?: Binding | ((request: Members) => Binding | Promise<Binding>)
}

export type Outcome = Awaited<ReturnType<typeof answerNew>>
export type Forger = Awaited<ReturnType<typeof createForger>>

/** A disclosure of any shape, and the digest that calls for it. */
export async function disclosure(
  ...parts: readonly unknown[]
): Promise<{ text: string; digest: string }> {
  const text = encode([encodeBase64url(systemRandom(16)), ...parts])
  return { text, digest: await digestText(text) }
}

/**
 * An attacker with the issuer of Viet Nam on his side: credentials of any shape, truly signed by its
 * example key for a holder of ours, and presented to the gateway through its front door.
 */
export async function createForger(gateway: TestGateway, itsHolder?: HolderKey) {
  const vietnam = signer('credential:vn')
  const holder = itsHolder ?? (await freshHolderKey())
  const cnf = { jwk: holder.publicJwk }
  const now = () => Math.floor(gateway.now().getTime() / 1000)
  const name = await disclosure('name', 'Nguyễn Thị An')
  const birthdate = await disclosure('birthdate', '1990-02-03')
  const country = await disclosure('VN')
  const nationalities = await disclosure('nationalities', [{ '...': country.digest }])
  const decoy = await digestText('a decoy')
  const honest = {
    digests: [name, birthdate, nationalities].map(({ digest }) => digest).concat(decoy),
    disclosures: [name, birthdate, nationalities, country].map(({ text }) => text),
  }

  /** As issued: everything before the KB-JWT. */
  async function sdJwt(forgery: Forgery = {}): Promise<string> {
    const { sign, x5c } = forgery.by ?? vietnam
    const claims = {
      iss: `${origin}/issuers/vn`,
      vct: 'urn:gerbang:pid:1',
      exp: now() + 86_400,
      cnf,
      issuing_country: 'VN',
      env: 'sandbox',
      verification: { assurance_level: 'level 2 / authentication 4' },
      _sd: honest.digests,
      ...forgery.claims,
    }
    const header = { alg: 'ES256', typ: 'dc+sd-jwt', x5c, ...forgery.header }
    const jwt = await signAny(header, claims, sign)
    return `${[jwt, ...honest.disclosures, ...(forgery.disclosures ?? [])].join('~')}~`
  }

  /** The presentation of an SD-JWT, bound to a request. */
  async function bind(
    sdJwt: string,
    { nonce, client_id: aud }: Members,
    { claims, header, sign = holder.sign }: Binding = {},
  ): Promise<string> {
    const payload = { iat: now(), aud, nonce, sd_hash: await digestText(sdJwt), ...claims }
    return sdJwt + (await signAny({ alg: 'ES256', typ: 'kb+jwt', ...header }, payload, sign))
  }

  /** Answers a new request with an SD-JWT: what the wallet hears, and what the bank then reads. */
  const present = (sdJwt: string, { binding, ...attempt }: Attempt = {}) =>
    answerNew(gateway, 'dc+sd-jwt', attempt, async (request) =>
      bind(sdJwt, request, typeof binding === 'function' ? await binding(request) : binding),
    )

  return {
    holder,
    honest,
    vietnam,
    sdJwt,
    bind,
    present,
    /** Presents a forged credential. */
    attack: async (forgery: Forgery, attempt?: Attempt) => present(await sdJwt(forgery), attempt),
  }
}

/** Answers a new request for one format with what is made for it: what the wallet hears, and what is read. */
export async function answerNew(
  gateway: TestGateway,
  format: 'dc+sd-jwt' | 'mso_mdoc',
  { relyingParty = 'bank-sg', ask = kyc, alter = (p) => p, lies }: AnswerOptions,
  make: (request: Members) => Promise<string>,
) {
  const wallet = gateway.newWallet()
  const formats = 'ask' in ask && { formats: [format] }
  const transaction = await gateway.ask(relyingParty, { ...ask, ...formats })
  const link = transaction.authorization_request
  const { request } = await wallet.preview(link)
  const presentation = await alter(await make(request))
  const { status, body } = await wallet.present(link, {
    lies: { presentations: [presentation], ...lies },
  })
  return { status, body, presentation, request, transaction, result: await transaction.read() }
}

/** One gateway for all tests of a file, and who forges before it: both are there when the first begins. */
export function sharedForger() {
  const shared = {} as { gateway: TestGateway; forger: Forger }
  beforeAll(async () => {
    shared.gateway = await testGateway()
    shared.forger = await createForger(shared.gateway)
  })
  return shared
}

/** Refused to the wallet at once, and to the relying party for good, by exactly these checks. */
export function expectRefused(
  { status, body, result }: Pick<Outcome, 'status' | 'body' | 'result'>,
  ...checks: string[]
): void {
  expect(failed(result).toSorted()).toEqual(checks.toSorted())
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_request' })
  expect(result).toMatchObject({ status: 'refused', credentials: null })
}

/** Nothing wrong with it: what an attack differs from. */
export function expectVerified({ status, result }: Pick<Outcome, 'status' | 'result'>): void {
  expect(failed(result)).toEqual([])
  expect(status).toBe(200)
  expect(result).toMatchObject({ status: 'verified' })
}
