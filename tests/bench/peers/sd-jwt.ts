import { hash, type KeyObject, randomBytes, sign } from 'node:crypto'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { assert, type Expected, importPublic, isNamed, verifyBytes } from '../by-hand.ts'

// `@sd-jwt/sd-jwt-vc`, with node:crypto as the cryptography that it asks for.

type Json = Record<string, unknown>

const hasher = (data: string | ArrayBuffer) =>
  hash('sha256', typeof data === 'string' ? data : new Uint8Array(data), 'buffer')

const verifies = (key: KeyObject, data: string, signature: string) =>
  verifyBytes(key, Buffer.from(data), Buffer.from(signature, 'base64url'))

/** The same checks as `verifySdJwtVc` by hand: what the library leaves to its user is done around it. */
export async function verifyWithSdJwt(
  text: string,
  { at, nonce, audience, issuerOf }: Expected,
): Promise<Json> {
  const [head = ''] = text.split('.', 1)
  const header = JSON.parse(Buffer.from(head, 'base64url').toString())
  assert(header.typ === 'dc+sd-jwt' && header.alg === 'ES256', 'header')
  const issuer = issuerOf(header.x5c)
  const instance = new SDJwtVcInstance({
    hasher,
    hashAlg: 'sha-256',
    verifier: (data, signature) => verifies(issuer.key, data, signature),
    kbVerifier: (data, signature, payload) =>
      verifies(importPublic((payload.cnf as { jwk: Json }).jwk), data, signature),
  })
  // It would fetch the status list; that is another row's work.
  Object.defineProperty(instance, 'verifyStatus', { value: async () => undefined })
  const now = at / 1000
  const { payload, kb } = await instance.verify(text, {
    currentDate: Math.floor(now),
    keyBindingNonce: nonce,
  })
  assert(isNamed(issuer, String(payload.iss)), 'name of the issuer')
  const { aud, iat = 0 } = (kb?.payload ?? {}) as { aud?: string; iat?: number }
  assert(aud === audience, 'audience')
  assert(iat > now - 300 && iat <= now + 10, 'age of the proof')
  return payload as Json
}

export function sdJwtIssuer(key: KeyObject) {
  const instance = new SDJwtVcInstance({
    hasher,
    hashAlg: 'sha-256',
    saltGenerator: () => randomBytes(16).toString('base64url'),
    signAlg: 'ES256',
    signer: (data) =>
      sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  })
  return (header: Json, visible: Json, selective: Json): Promise<string> =>
    instance.issue(
      { ...visible, ...selective } as never,
      { _sd: Object.keys(selective) } as never,
      { header },
    ) as Promise<string>
}
