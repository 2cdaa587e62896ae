import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { type MdocDocument, parseDeviceResponse } from '../../src/credential/device-response.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import { systemRandom } from '../../src/platform/random.ts'
import type { Persona } from '../../src/providers/profile.ts'
import { states } from '../../src/providers/states.ts'
import type { HeldCredential } from '../../src/wallet/held-credential.ts'
import type { Presented } from '../../src/wallet/present.ts'
import { createWallet, type Wallet } from '../../src/wallet/wallet.ts'
import { fileDatabase } from '../support/database.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { findLeaks, type Place, type Secret, shortest } from '../support/leaks.ts'
import { openPage } from '../support/page.ts'

const flows = 200
const folder = mkdtempSync(join(tmpdir(), 'gerbang-at-rest-'))
const file = join(folder, 'gerbang.db')
const { database, close } = fileDatabase(file)
afterAll(() => {
  close()
  rmSync(folder, { recursive: true })
})

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway({}, { database })
  for (let round = 0; round < flows; round++) {
    await flow(round)
    gateway.advance(5)
    if (round % 50 === 49) await gateway.deps.housekeeping()
  }
}, 60_000)

/** The database as it lies on the disk, what is not yet written back to it, and the log. */
const places = (): Place[] => [
  ...['', '-wal', '-shm'].map((part) => ({
    name: `database${part}`,
    bytes: readFileSync(file + part),
  })),
  { name: 'log', bytes: Buffer.from(gateway.lines.join('\n')) },
]

/** What must not be found, by its value: what several say, such as a persona's name, is one secret. */
const secrets = new Map<string, Secret>()
const found = () => findLeaks([...secrets.values()], places())

/** Claims with words from a short list, which say nothing of anybody by themselves. */
const vocabulary = ['name_order', 'birthdate_precision', 'residence_status', 'document_type']

/** Left out: the vocabulary, and what is too short to be told from chance, such as country codes. */
function keep(what: string, value: unknown): void {
  if (value === undefined || value === null) return
  if (value instanceof Uint8Array) {
    secrets.set(encodeBase64url(value), { what, value })
  } else if (typeof value === 'object') {
    for (const [name, each] of Object.entries(value)) {
      if (!vocabulary.includes(name)) keep(`${what} ${name}`, each)
    }
  } else if (Buffer.byteLength(String(value)) >= shortest) {
    secrets.set(String(value), { what, value: String(value) })
  }
}

/** A wallet with a fresh credential, and all that passed between it and the issuer. */
async function walletOf(
  { id, identifiers, person }: Persona,
  round: number,
  configuration: 'pid-sd-jwt' | 'pid-mdoc',
): Promise<Wallet> {
  const numbers = identifiers.map(({ value }) => value)
  keep('of the person:', { ...person, numbers })
  const { body } = await gateway.post<{
    credential_offer_uri: string
    credential_offer: { grants: Record<string, Record<string, unknown>> }
    tx_code?: string
  }>('/sandbox/offers', {
    issuer: id.slice(0, 2),
    persona: id,
    credential_configuration_ids: [configuration],
    grant: 'pre-authorized_code',
    tx_code: round % 2 === 0,
  })
  const { tx_code: txCode, credential_offer: offer } = body
  const [grant] = Object.values(offer.grants)
  keep('of the offer:', { txCode, code: grant?.['pre-authorized_code'] })
  const wallet = createWallet({
    random: systemRandom,
    now: gateway.now,
    async fetch(url, init) {
      const response = await gateway.fetch(url, init)
      const text = await response.clone().text()
      if (!/"(access_token|c_nonce|credentials)":/.test(text)) return response
      const { access_token, c_nonce, credentials } = JSON.parse(text)
      keep('of the issuance:', { access_token, c_nonce, credentials })
      return response
    },
  })
  const [held] = await wallet.accept(body.credential_offer_uri, { txCode, dpop: round % 3 === 0 })
  const { person_token, cnf } = held ? claimsOf(held) : {}
  keep('of the credential:', { person_token, cnf, key: held?.holderKey.publicJwk })
  return wallet
}

/** What the holder can show, in the same words for both formats. */
const claimsOf = (held: HeldCredential): JsonObject =>
  held.format === 'mso_mdoc' ? (held.claims[held.docType] as JsonObject) : held.claims

type Shown = Pick<Presented, 'response'> & { form: object; redirectUri?: string }

function keepPresented({ response, form, redirectUri }: Shown): void {
  keep('of the answer:', form)
  const presentations = Object.values((response.vp_token ?? {}) as Record<string, string[]>)
  for (const presentation of presentations.flat()) {
    const mdoc = parseDeviceResponse(presentation)
    if (mdoc.ok) {
      keep('of the presentation:', { presentation, ...partsOf(mdoc.value) })
      continue
    }
    const [issuerJwt = '', ...disclosures] = presentation.split('~')
    const kbJwt = disclosures.pop() ?? ''
    const [, payload, signature] = issuerJwt.split('.')
    const [, proof, proofSignature] = kbJwt.split('.')
    const signed = { payload, signature, proof, proofSignature }
    keep('of the presentation:', { presentation, ...disclosures, ...signed })
  }
  keep('of the browser:', { code: redirectUri && codeIn(redirectUri) })
}

/** Bytes of an mdoc that are nobody else's: in CBOR they need not be text. */
function partsOf({ issuerSigned: { issuerAuth, items }, deviceSigned }: MdocDocument) {
  const proof = deviceSigned.ok ? deviceSigned.value.signature.signature : undefined
  const encoded = items.map(({ encoded }) => encoded)
  return { ...encoded, signature: issuerAuth.signature, proof }
}

const codeIn = (uri: string) => new URL(uri).searchParams.get('response_code')

/** What becomes of a transaction, the lie by which it does, and what the relying party reads then. */
const endings = [
  { name: 'read', flow: 'cross_device' },
  { name: 'read by code', flow: 'same_device' },
  { name: 'never come back for', flow: 'same_device' },
  { name: 'lied to', flow: 'cross_device', lies: { nonce: 'another' } },
  { name: 'denied', flow: 'same_device' },
  { name: 'deleted', flow: 'cross_device' },
  { name: 'not read in time', flow: 'cross_device' },
  { name: 'brought by a page', flow: 'dc_api' },
] as const
const endedAs = new Set<string>()

const personas = [...states.values()]
  .flatMap((state) => state.personas)
  .filter(({ kind }) => kind !== 'legal')

/** A request that tells nothing of who will answer it. */
function asking({ person }: Persona) {
  const optional = (['document_number', 'address'] as const).filter((each) => person[each])
  return { ask: ['name', 'birthdate', 'nationalities', 'person_token', ...optional] }
}

/** A request that names the values it expects, and what is to be signed; half of them by value. */
function knowing(wallet: Wallet, round: number) {
  const [held] = wallet.credentials()
  if (!held) throw new Error('the wallet holds nothing')
  const { name, birthdate } = claimsOf(held)
  const document = `Contract ${round} of ${name}`
  keep('of the request:', { document })
  const isMdoc = held.format === 'mso_mdoc'
  const at = (claim: string) => (isMdoc ? [held.docType, claim] : [claim])
  const claims = [{ path: at('name') }, { path: at('birthdate'), values: [birthdate] }]
  const meta = isMdoc ? { doctype_value: held.docType } : { vct_values: [held.vct] }
  const contract = {
    ...{ type: 'urn:gerbang:document:1', credential_ids: ['pid'] },
    ...{ name: document, sha256: '0'.repeat(64) },
  }
  return {
    dcql_query: { credentials: [{ id: 'pid', format: held.format, meta, claims }] },
    // No transaction can be authorised by an mdoc.
    ...(!isMdoc && { transaction_data: [contract] }),
    ...(round % 2 === 0 && { client_id_prefix: 'redirect_uri' }),
  }
}

type Ending = Exclude<(typeof endings)[number], { flow: 'dc_api' }>

async function shownAtLink(wallet: Wallet, asked: object, ending: Ending) {
  const { authorization_request, ...transaction } = await gateway.ask('bank-sg', {
    ...asked,
    flow: ending.flow,
    redirect_uri: 'http://localhost/callback',
  })
  const presented =
    ending.name === 'denied'
      ? await wallet.decline(authorization_request)
      : await wallet.present(authorization_request, 'lies' in ending ? { lies: ending.lies } : {})
  return { ...transaction, presented }
}

async function shownToPage(wallet: Wallet, asked: object) {
  const page = await openPage(gateway, { ...asked, client_id_prefix: 'x509_hash' })
  let vp_token = {}
  const remember = (honest: Record<string, string[]>) => {
    vp_token = honest
    return honest
  }
  const credential = await wallet.get(page.origin, page.request, { lies: { vpToken: remember } })
  await page.bring(credential)
  return { ...page, presented: { response: { vp_token }, form: credential.data } }
}

/** One person, one offer, one credential, one transaction, one ending. */
async function flow(round: number): Promise<void> {
  const persona = personas[round % personas.length] as Persona
  const ending = endings[round % endings.length] ?? endings[0]
  // In turns, as often as every ending has come.
  const isMdoc = Math.floor(round / endings.length) % 2 === 1
  const wallet = await walletOf(persona, round, isMdoc ? 'pid-mdoc' : 'pid-sd-jwt')
  const asked = {
    purpose: 'bank-kyc',
    ...(round % 3 === 0 ? knowing(wallet, round) : asking(persona)),
  }
  const { id, key, read, presented } =
    ending.flow === 'dc_api'
      ? await shownToPage(wallet, asked)
      : await shownAtLink(wallet, asked, ending)
  keep('of the relying party:', { key })
  keepPresented(presented)

  const path = `/v1/presentations/${id}`
  if (ending.name === 'not read in time') return
  if (ending.name === 'deleted') {
    await gateway.call(path, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } })
  } else if (ending.name === 'read by code' && 'redirectUri' in presented) {
    await gateway.get(`${path}?response_code=${codeIn(presented.redirectUri)}`, key)
  }
  const { status, credentials } = await read()
  endedAs.add(`${ending.name}: ${status}`)
  keep(
    'of the result:',
    Object.values(credentials ?? {}).flatMap((all) => all[0]?.claims),
  )
}

describe(`${flows} people were asked, and nothing of them is at rest`, () => {
  it('although all twelve states and every ending were there', () => {
    expect(new Set(personas.map(({ id }) => id.slice(0, 2)))).toEqual(new Set(states.keys()))
    expect([...endedAs].sort()).toEqual([
      'brought by a page: refused',
      'brought by a page: verified',
      'deleted: 404',
      'denied: denied',
      'lied to: refused',
      'never come back for: answered',
      'never come back for: refused',
      'read by code: refused',
      'read by code: verified',
      'read: refused',
      'read: verified',
    ])
    expect(secrets.size).toBeGreaterThan(15 * flows)
  })

  it('while some results can be read, and others have expired', () => {
    expect(found()).toEqual([])
  })

  it('when all have expired, and the log of the database is written back', async () => {
    gateway.advance(601)
    await gateway.deps.housekeeping()
    await database.orm.run(sql`PRAGMA wal_checkpoint(PASSIVE)`)
    expect(found()).toEqual([])
  })
})

describe('the search finds what is there', () => {
  const leaksOf = (value: string) =>
    findLeaks([{ what: 'it', value }], places()).map(({ where }) => where)

  it('such as what is kept rightly: ids in the database, routes in the log', async () => {
    const { id } = await gateway.ask()
    expect(new Set(leaksOf(id))).toEqual(new Set(['database-wal']))
    expect(leaksOf('/v1/presentations')).toEqual(['log'])
  })

  const base64 = (before: string, value: string) =>
    Buffer.from(`${before}${value}!`).toString('base64')
  const base64url = (...text: [string, string]) =>
    base64(...text)
      .replaceAll('+', '-')
      .replaceAll('/', '_')

  it.each<[string, (value: string) => string]>([
    ['as it is', (value) => `>${value}<`],
    ['as JSON', (value) => JSON.stringify({ name: value })],
    [
      'as JSON of nothing but ASCII',
      (value) => value.replaceAll('"', '\\"').replace('Đ', '\\u0110'),
    ],
    ['in a URL', (value) => `https://wallet.example/?name=${encodeURIComponent(value)}`],
    ['in a form', (value) => new URLSearchParams({ name: value }).toString()],
    ['as hex', (value) => Buffer.from(value).toString('hex')],
    ['as HEX', (value) => Buffer.from(value).toString('hex').toUpperCase()],
    ...['', 'a', 'ab'].flatMap((before): [string, (value: string) => string][] => [
      [`after '${before}' as base64`, (value) => base64(before, value)],
      [`after '${before}' as base64url`, (value) => base64url(before, value)],
    ]),
  ])('%s', async (how, spell) => {
    const value = `${how} Đao "M?~"`
    await database.orm.run(sql`INSERT INTO seen_proofs VALUES (${spell(value)}, 0)`)
    gateway.lines.push(spell(value))
    expect(leaksOf(value)).toEqual(['database-wal', 'log'])
  })

  it.each<[string, (value: Uint8Array) => string | Uint8Array]>([
    ['as they are', (value) => value],
    ['as hex', (value) => Buffer.from(value).toString('hex')],
    ['as base64url', (value) => Buffer.from(value).toString('base64url')],
    ['within base64', (value) => Buffer.from([7, ...value, 7]).toString('base64')],
  ])('bytes, %s', (_, spell) => {
    const value = Uint8Array.from({ length: 20 }, (_, i) => 250 - 7 * i)
    const bytes = Buffer.concat([Buffer.from('>'), Buffer.from(spell(value)), Buffer.from('<')])
    const place = { name: 'file', bytes }
    expect(findLeaks([{ what: 'it', value }], [place])).not.toEqual([])
  })

  it('but a short number only where it stands alone, and not within an instant', () => {
    const search = (value: string, text: string) =>
      findLeaks([{ what: 'it', value }], [{ name: 'log', bytes: Buffer.from(text) }]).length > 0
    expect(search('123456', '1795123456789 0123456')).toBe(false)
    expect(search('0123456', '1795123456789 0123456')).toBe(true)
    expect(search('123456', Buffer.from('[{"iat":1795123456}]').toString('base64'))).toBe(false)
    expect(search('123456', Buffer.from('{"code":"123456"}').toString('base64'))).toBe(true)
  })
})
