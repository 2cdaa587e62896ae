/**
 * Makes the sandbox's keys and certificates, all of them public on purpose.
 *
 *     node keys-example/generate.ts [--origin http://localhost:8787] [--out FOLDER] [--complete]
 *
 * Every run makes a new world: new anchors, and so a new registry; unless it is told to complete the
 * one in the folder, of which it keeps all there is and makes what is missing. `--origin` is the
 * PUBLIC_URL that the certificates of issuers and relying parties name; without it they name localhost,
 * whatever the port.
 */
import 'reflect-metadata'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as x509 from '@peculiar/x509'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { type KeyPurpose, keyPurposeIds } from '../src/credential/key-purpose.ts'
import type { KeyFile, PurposeJwk } from '../src/platform/jwk-key-ring.ts'

const options = readOptions()
if (options.origin !== undefined && !isWebOrigin(options.origin)) {
  misused('--origin must be http or https, host and port, no path and no trailing slash')
}
const files = ['keys.jwks.json', 'certificate-authorities.jwks.json', 'wallet-provider.jwk.json']
const there = files.filter((name) => existsSync(join(options.out, name)))
const missing = files.filter((name) => !there.includes(name))
if (options.complete && missing.length > 0) {
  misused(
    `--complete: not in ${options.out}: ${missing.join(', ')}. Leave it out to make all keys.`,
  )
}
// What was certified with an authority's key is worth as little as the key, once that is gone.
if (!options.complete && there.length > 0) {
  misused(
    `Already in ${options.out}: ${there.join(', ')}. Give another --out, or --complete what is there.`,
  )
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        origin: { type: 'string' },
        out: { type: 'string', default: import.meta.dirname },
        complete: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error))
  }
}

function isWebOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

function misused(sentence: string): never {
  console.error(`${sentence}\nnpm run keys -- [--out FOLDER] [--origin URL] [--complete]`)
  process.exit(2)
}

const read = (name: string) => JSON.parse(readFileSync(join(options.out, name), 'utf8'))
const file: KeyFile = options.complete ? read('keys.jwks.json') : { keys: [], anchors: {} }
const kept = new Map<string, PurposeJwk>(
  (options.complete
    ? [
        ...file.keys,
        ...read('certificate-authorities.jwks.json').keys,
        read('wallet-provider.jwk.json'),
      ]
    : []
  ).map((jwk) => [jwk.purpose, jwk]),
)

const states = ['bn', 'kh', 'id', 'la', 'my', 'mm', 'ph', 'sg', 'th', 'tl', 'vn', 'jp']
const relyingParties: [id: string, country: string, name: string][] = [
  ['bank-sg', 'SG', 'Merlion Bank (sandbox)'],
  ['telco-my', 'MY', 'Kenyalang Telecom (sandbox)'],
  ['shop-th', 'TH', 'Chang Market (sandbox)'],
  ['employer-jp', 'JP', 'Sakura Works (sandbox)'],
  ['customs-vn', 'VN', 'Sen Forwarding (sandbox)'],
  ['bank-ph', 'PH', 'Sampaguita Bank (sandbox)'],
  ['esign-id', 'ID', 'Garuda Sign (sandbox)'],
  ['gov-bn', 'BN', 'Simpur Portal (sandbox)'],
]

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const notBefore = new Date('2026-01-01T00:00:00Z')
const years = (n: number) => new Date(Date.UTC(2026 + n, 0, 1))

type Party = { name: string; keys: CryptoKeyPair; certificate: x509.X509Certificate }

const newKeys = () =>
  crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
/** An authority that is kept, ready to certify others. */
async function keptAuthority(name: string, { kty, crv, x, y, d, x5c }: PurposeJwk): Promise<Party> {
  const importKey = (jwk: JWK, usage: KeyUsage) =>
    crypto.subtle.importKey('jwk', jwk as JsonWebKey, algorithm, true, [usage])
  const publicJwk = { kty, crv, x, y } as JWK
  const publicKey = await importKey(publicJwk, 'verify')
  const privateKey = await importKey({ ...publicJwk, d } as JWK, 'sign')
  const certificate = new x509.X509Certificate(x5c?.[0] ?? '')
  return { name, keys: { publicKey, privateKey }, certificate }
}
const subject = (name: string, country?: string) =>
  `CN=${name}, O=gerbang sandbox${country ? `, C=${country}` : ''}`

/** A certificate that may sign others; `depth` is how many of those may stand below it. */
async function authority(name: string, by: Party | undefined, depth: number): Promise<Party> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: by?.name ?? name,
    notBefore,
    notAfter: years(by ? 15 : 20),
    publicKey: keys.publicKey,
    signingKey: (by?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, depth, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create((by?.keys ?? keys).publicKey),
    ],
  })
  return { name, keys, certificate }
}

/** A certificate for one purpose, and no other, such as credentials, status lists or requests. */
async function signer(
  purpose: KeyPurpose,
  name: string,
  by: Party,
  alternativeNames: x509.JsonGeneralNames = [],
): Promise<Party> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: by.name,
    notBefore,
    notAfter: years(10),
    publicKey: keys.publicKey,
    signingKey: by.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      // ISO/IEC 18013-5 Annex B has it critical for who signs mdocs.
      new x509.ExtendedKeyUsageExtension([keyPurposeIds[purpose]], purpose === 'mdoc'),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(by.keys.publicKey),
      ...(alternativeNames.length > 0
        ? [new x509.SubjectAlternativeNameExtension(alternativeNames)]
        : []),
    ],
  })
  return { name, keys, certificate }
}

/** RFC 5280 4.1.2.2: positive and unpredictable. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f)
  return Buffer.from(bytes).toString('hex')
}

const der = ({ certificate }: Party) => Buffer.from(certificate.rawData).toString('base64')

/** A private JWK for a purpose; `x5c` is the leaf and the intermediate, never the anchor. */
async function purposeJwk(
  purpose: string,
  keys: CryptoKeyPair,
  chain: Party[] = [],
): Promise<PurposeJwk> {
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', keys.privateKey)
  const jwk = { kty, crv, x, y, d } as JWK
  const kid = await calculateJwkThumbprint(jwk)
  return { purpose, kid, alg: 'ES256', ...jwk, ...(chain.length > 0 && { x5c: chain.map(der) }) }
}

/** A key with a certificate, and the authority's own above it; the one that is kept, if there is one. */
async function certified(
  purpose: string,
  use: KeyPurpose,
  name: string,
  by: Party,
  alternativeNames: x509.JsonGeneralNames = [],
): Promise<PurposeJwk> {
  const known = kept.get(purpose)
  if (known) return known
  const party = await signer(use, name, by, alternativeNames)
  return purposeJwk(purpose, party.keys, [party, by])
}

const keys: PurposeJwk[] = []
const anchors: Record<string, string> = {}
const authorities: PurposeJwk[] = []

async function anchorAndIssuing(id: string, name: string, country?: string): Promise<Party> {
  const [anchor, root, issuing] = [
    file.anchors[id],
    kept.get(`ca:${id}:root`),
    kept.get(`ca:${id}`),
  ]
  if (anchor && root && issuing) {
    anchors[id] = anchor
    authorities.push(root, issuing)
    return keptAuthority(subject(name, country), issuing)
  }
  const newRoot = await authority(subject(`${name} root`, country), undefined, 1)
  const newIssuing = await authority(subject(name, country), newRoot, 0)
  anchors[id] = der(newRoot)
  authorities.push(await purposeJwk(`ca:${id}:root`, newRoot.keys))
  authorities.push(await purposeJwk(`ca:${id}`, newIssuing.keys, [newIssuing]))
  return newIssuing
}

const { origin = 'http://localhost:8787' } = options
const { hostname } = new URL(origin)
for (const cc of states) {
  const country = cc.toUpperCase()
  const ca = await anchorAndIssuing(`issuer-${cc}`, `${country} national identity CA`, country)
  const names: x509.JsonGeneralNames = [
    { type: 'dns', value: hostname },
    { type: 'url', value: `${origin}/issuers/${cc}` },
  ]
  // An mdoc says by its signer's certificate alone who issued it: a URI would have to be the issuer's,
  // port included; without one it is the only issuer that the state has.
  const namesOfDocument = options.origin === undefined ? names.slice(0, 1) : names
  const named = (what: string) => subject(`${country} ${what} signer`, country)
  keys.push(
    await certified(`credential:${cc}`, 'credential', named('credential'), ca, names),
    await certified(`document:${cc}`, 'mdoc', named('document'), ca, namesOfDocument),
    await certified(`status-list:${cc}`, 'status-list', named('status list'), ca, names),
  )
}

const readerCa = await anchorAndIssuing('reader', 'Relying party access CA')
for (const [id, country, name] of relyingParties) {
  const names: x509.JsonGeneralNames = [{ type: 'dns', value: hostname }]
  keys.push(await certified(`access:${id}`, 'access', subject(name, country), readerCa, names))
}
const registrar = subject('Relying party registrar')
keys.push(await certified('registration', 'registration', registrar, readerCa))

const walletCa = await anchorAndIssuing('wallet-provider', 'Wallet provider CA')
const walletProvider = await certified(
  'wallet-provider',
  'wallet-attestation',
  subject('Sandbox wallet provider'),
  walletCa,
)

async function newSecret(): Promise<PurposeJwk> {
  const k = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
  const jwk: JWK = { kty: 'oct', k }
  return { purpose: 'secrets', kid: await calculateJwkThumbprint(jwk), ...jwk }
}
keys.push(kept.get('receipt') ?? (await purposeJwk('receipt', await newKeys())))
keys.push(kept.get('secrets') ?? (await newSecret()))

const write = (path: string, text: string) => writeFileSync(join(options.out, path), text)
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const pem = (base64: string) =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`

/** By their `x`: production must refuse these private keys, too, and need not carry them for that. */
const others = [...authorities, walletProvider].map(({ x }) => x)

mkdirSync(join(options.out, 'anchors'), { recursive: true })
write('keys.jwks.json', json({ keys, anchors, others }))
write('certificate-authorities.jwks.json', json({ keys: authorities }))
write('wallet-provider.jwk.json', json(walletProvider))
for (const [id, certificate] of Object.entries(anchors)) {
  write(join('anchors', `${id}.pem`), pem(certificate))
}
console.log(`${keys.length} keys and ${Object.keys(anchors).length} anchors in ${options.out}`)
