import type { JWK } from 'jose'
import { decodeBase64url } from '../../src/credential/base64url.ts'
import { cryptography } from '../../src/credential/crypto.ts'

/** The private key of a JWK on P-256, as the driver in use has it. */
export async function agreementKeyOf({ d }: JWK) {
  const scalar = decodeBase64url(d ?? '')
  if (!scalar) throw new TypeError('no private key')
  return (await cryptography().agreementKey(scalar)).key
}
