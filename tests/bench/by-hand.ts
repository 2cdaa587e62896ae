import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  hkdfSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'

// A verifier and issuer by hand, as fast as node:crypto lets one be: the floors, and what the bare
// server is made of. What each function checks is all that it checks.

export const assert = (holds: unknown, what: string): void => {
  if (!holds) throw new Error(what)
}

export const digest = (text: string): string => hash('sha256', text, 'base64url')

const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())

export function verifyEs256(key: KeyObject, jws: string): boolean {
  const end = jws.lastIndexOf('.')
  const signature = Buffer.from(jws.slice(end + 1), 'base64url')
  return verifyBytes(key, Buffer.from(jws.slice(0, end)), signature)
}

export const verifyBytes = (key: KeyObject, data: Buffer, signature: Buffer): boolean =>
  verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)

export function signEs256(key: KeyObject, header: object, payload: object): string {
  const input = `${encode(header)}.${encode(payload)}`
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

export const importPublic = (jwk: JsonWebKey): KeyObject =>
  createPublicKey({ key: jwk, format: 'jwk' })
export const importPrivate = (jwk: JsonWebKey): KeyObject =>
  createPrivateKey({ key: jwk, format: 'jwk' })

export type Issuer = {
  key: KeyObject
  names: readonly string[]
  notBefore: number
  notAfter: number
}

/**
 * Two certificates to an anchor's key: each signed by the next, in force, of an authority or of a
 * signer; the leaf's extended key usage, its names and its key.
 */
export function followChain(
  [leafDer = '', authorityDer = '']: readonly string[],
  anchor: X509Certificate,
  anchorKey: KeyObject,
  at: number,
  usage: string,
): Issuer {
  const leaf = new X509Certificate(Buffer.from(leafDer, 'base64'))
  const authority = new X509Certificate(Buffer.from(authorityDer, 'base64'))
  assert(!leaf.ca && authority.ca, 'an authority above, a signer below')
  assert(leaf.checkIssued(authority) && authority.checkIssued(anchor), 'names of the issuers')
  assert(authority.verify(anchorKey), 'signature of the anchor')
  assert(leaf.verify(authority.publicKey), 'signature of the authority')
  assert(leaf.keyUsage?.includes(usage), 'extended key usage')
  const notBefore = Math.max(Date.parse(leaf.validFrom), Date.parse(authority.validFrom))
  const notAfter = Math.min(Date.parse(leaf.validTo), Date.parse(authority.validTo))
  assert(notBefore <= at && at <= notAfter, 'in force')
  return {
    key: leaf.publicKey,
    names: (leaf.subjectAltName ?? '').split(', '),
    notBefore,
    notAfter,
  }
}

export type Expected = {
  at: number
  nonce: string
  audience: string
  issuerOf(x5c: readonly string[]): Issuer
}

type Json = Record<string, unknown>

/** Whether the signing certificate names this very URI, or its host. */
export const isNamed = ({ names }: Issuer, iss: string): boolean =>
  names.includes(`URI:${iss}`) || names.includes(`DNS:${new URL(iss).hostname}`)

/**
 * An SD-JWT VC with key binding: header, both signatures, chain (as `issuerOf` finds it), name of the
 * issuer, validity, every disclosure by its digest, and nonce, audience, age and `sd_hash` of the
 * KB-JWT. Gives back the claims in their places. It takes JSON as JSON.parse does, so names may repeat
 * and texts be of any depth; it tells of one fault and not of all, and knows no claims that must not
 * be disclosed.
 */
export function verifySdJwtVc(text: string, { at, nonce, audience, issuerOf }: Expected): Json {
  const end = text.lastIndexOf('~')
  const [jwt = '', ...disclosures] = text.slice(0, end).split('~')
  const kbJwt = text.slice(end + 1)
  const [header, payload] = jwt.split('.', 2).map(read)
  assert(header.typ === 'dc+sd-jwt' && header.alg === 'ES256' && !header.crit, 'header')
  const issuer = issuerOf(header.x5c)
  assert(verifyEs256(issuer.key, jwt), 'signature of the issuer')
  assert(isNamed(issuer, payload.iss), 'name of the issuer')
  const claims = reveal(payload, disclosures)
  const now = at / 1000
  assert(!(payload.nbf > now) && !(payload.exp <= now), 'validity')

  const [kbHeader, kb] = kbJwt.split('.', 2).map(read)
  assert(kbHeader.typ === 'kb+jwt' && kbHeader.alg === 'ES256' && !kbHeader.crit, 'header of proof')
  assert(verifyEs256(importPublic(payload.cnf.jwk), kbJwt), 'signature of the holder')
  assert(kb.nonce === nonce && kb.aud === audience, 'nonce and audience')
  assert(kb.iat > now - 300 && kb.iat <= now + 10, 'age of the proof')
  assert(kb.sd_hash === digest(text.slice(0, end + 1)), 'sd_hash')
  return claims
}

/** Puts disclosed claims in the place of their digests (RFC 9901 7.1). */
export function reveal(payload: Json, disclosures: readonly string[]): Json {
  const byDigest = new Map<string, unknown[]>()
  for (const disclosure of disclosures) byDigest.set(digest(disclosure), read(disclosure))
  assert(byDigest.size === disclosures.length, 'a disclosure twice')
  let used = 0
  const take = (digestOf: unknown): unknown[] | undefined => {
    const found = byDigest.get(digestOf as string)
    if (found) used++
    return found
  }
  const open = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      return value.flatMap((element) => {
        if (typeof element !== 'object' || element === null || !('...' in element)) {
          return [open(element)]
        }
        const found = take(element['...'])
        return found ? [open(found[1])] : []
      })
    }
    const result: Json = {}
    for (const [name, member] of Object.entries(value)) {
      if (name === '_sd_alg') continue
      if (name !== '_sd') {
        result[name] = open(member)
        continue
      }
      for (const digestOf of member as unknown[]) {
        const found = take(digestOf)
        if (!found) continue
        assert(!Object.hasOwn(value, found[1] as string), 'a claim twice')
        result[found[1] as string] = open(found[2])
      }
    }
    return result
  }
  const claims = open(payload) as Json
  assert(used === disclosures.length, 'a disclosure without a digest')
  return claims
}

/** An SD-JWT VC: a salt of 128 bits for each claim, its disclosure and digest, sorted, and ES256. */
export function issueSdJwtVc(key: KeyObject, header: Json, visible: Json, selective: Json): string {
  const disclosures = Object.entries(selective).map(([name, value]) =>
    Buffer.from(JSON.stringify([randomBytes(16).toString('base64url'), name, value])).toString(
      'base64url',
    ),
  )
  const payload = { ...visible, _sd: disclosures.map(digest).sort(), _sd_alg: 'sha-256' }
  const jwt = signEs256(key, { ...header, alg: 'ES256', typ: 'dc+sd-jwt' }, payload)
  return `${[jwt, ...disclosures].join('~')}~`
}

/** A compact JWE by ECDH-ES on P-256 and AES-GCM, with a key that was imported. */
export function decryptJwe(jwe: string, privateKey: KeyObject): Buffer {
  const [head = '', , iv = '', ciphertext = '', tag = ''] = jwe.split('.')
  const { alg, enc, epk, apu = '', apv = '' } = read(head)
  assert(alg === 'ECDH-ES' && (enc === 'A128GCM' || enc === 'A256GCM'), 'algorithms')
  const shared = diffieHellman({ privateKey, publicKey: importPublic(epk) })
  const key = concatKdf(shared, enc, apu, apv)
  const decipher = createDecipheriv(
    enc === 'A128GCM' ? 'aes-128-gcm' : 'aes-256-gcm',
    key,
    Buffer.from(iv, 'base64url'),
    { authTagLength: 16 },
  )
  decipher.setAAD(Buffer.from(head))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(ciphertext, 'base64url'), decipher.final()])
}

/** RFC 7518 4.6.2, in one round: keys of up to 256 bits. */
export function concatKdf(shared: Buffer, enc: string, apu: string, apv: string): Buffer {
  const bits = enc === 'A128GCM' ? 128 : 256
  const parts = [
    ...[uint32(1), shared, sized(Buffer.from(enc))],
    ...[sized(Buffer.from(apu, 'base64url')), sized(Buffer.from(apv, 'base64url')), uint32(bits)],
  ]
  return hash('sha256', Buffer.concat(parts), 'buffer').subarray(0, bits / 8)
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const sized = (bytes: Buffer) => Buffer.concat([uint32(bytes.length), bytes])

/** A compact JWE to a P-256 key, by ECDH-ES and AES-GCM. */
export function encryptJwe(
  plaintext: string,
  recipient: KeyObject,
  enc: 'A128GCM' | 'A256GCM',
  kid?: string,
): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  const header = { alg: 'ECDH-ES', enc, ...(kid !== undefined && { kid }), epk: { kty, crv, x, y } }
  const head = encode(header)
  const key = concatKdf(diffieHellman({ privateKey, publicKey: recipient }), enc, '', '')
  const iv = randomBytes(12)
  const cipher = createCipheriv(enc === 'A128GCM' ? 'aes-128-gcm' : 'aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(head))
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [head, '', ...parts].join('.')
}

/** The order of P-256 (SP 800-186 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** A P-256 key pair out of a secret, as a JWK (FIPS 186-5 A.2.1). */
export function keyPairOf(secret: Buffer): JsonWebKey {
  const wide = Buffer.from(hkdfSync('sha256', secret, '', 'P-256 key pair', 48)).toString('hex')
  const scalar = (BigInt(`0x${wide}`) % (order - 1n)) + 1n
  const d = thirtyTwo(scalar.toString(16))
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(d)
  return jwkOf(pair.getPublicKey(), d)
}

export function freshKeyPair(): JsonWebKey {
  const pair = createECDH('prime256v1')
  return jwkOf(pair.generateKeys(), thirtyTwo(pair.getPrivateKey('hex')))
}

const thirtyTwo = (hex: string) => Buffer.from(hex.padStart(64, '0'), 'hex')

function jwkOf(point: Buffer, d: Buffer): JsonWebKey {
  const [x, y] = [point.toString('base64url', 1, 33), point.toString('base64url', 33)]
  return { kty: 'EC', crv: 'P-256', x, y, d: d.toString('base64url') }
}
