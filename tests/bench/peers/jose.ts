import { type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, importJWK, type JWK, SignJWT } from 'jose'
import { assert, digest, type Expected, isNamed, reveal } from '../by-hand.ts'

// What one writes by hand over `jose`: it reads and verifies the JWSs, the rest is as in by-hand.ts.

type Json = Record<string, unknown>
const utf8 = new TextDecoder()

/** The same checks as `verifySdJwtVc` by hand. */
export async function verifyWithJose(
  text: string,
  { at, nonce, audience, issuerOf }: Expected,
): Promise<Json> {
  const end = text.lastIndexOf('~')
  const [jwt = '', ...disclosures] = text.slice(0, end).split('~')
  const header = decodeProtectedHeader(jwt)
  assert(header.typ === 'dc+sd-jwt', 'header')
  const issuer = issuerOf(header.x5c ?? [])
  const algorithms = ['ES256']
  const payload = JSON.parse(
    utf8.decode((await compactVerify(jwt, issuer.key, { algorithms })).payload),
  )
  assert(isNamed(issuer, payload.iss), 'name of the issuer')
  const claims = reveal(payload, disclosures)
  const now = at / 1000
  assert(!(payload.nbf > now) && !(payload.exp <= now), 'validity')

  const holderKey = await importJWK(payload.cnf.jwk as JWK, 'ES256')
  const proof = await compactVerify(text.slice(end + 1), holderKey, { algorithms })
  const kb = JSON.parse(utf8.decode(proof.payload))
  assert(proof.protectedHeader.typ === 'kb+jwt', 'header of proof')
  assert(kb.nonce === nonce && kb.aud === audience, 'nonce and audience')
  assert(kb.iat > now - 300 && kb.iat <= now + 10, 'age of the proof')
  assert(kb.sd_hash === digest(text.slice(0, end + 1)), 'sd_hash')
  return claims
}

/** The same as `issueSdJwtVc` by hand. */
export async function issueWithJose(
  key: KeyObject,
  header: Json,
  visible: Json,
  selective: Json,
): Promise<string> {
  const disclosures = Object.entries(selective).map(([name, value]) =>
    Buffer.from(JSON.stringify([randomBytes(16).toString('base64url'), name, value])).toString(
      'base64url',
    ),
  )
  const payload = { ...visible, _sd: disclosures.map(digest).sort(), _sd_alg: 'sha-256' }
  const jwt = await new SignJWT(payload)
    .setProtectedHeader({ ...header, alg: 'ES256', typ: 'dc+sd-jwt' })
    .sign(key)
  return `${[jwt, ...disclosures].join('~')}~`
}

export const importForJose = (jwk: JsonWebKey) => importJWK(jwk as JWK, 'ECDH-ES')
