import { parseCertificate } from '../credential/certificate.ts'
import { dnsNames, x509Hash } from '../credential/x509.ts'
import type { KeyRing } from '../platform/keys.ts'
import { shortId } from '../trust/entity-id.ts'

/** The key that signs a relying party's requests, and what its certificate makes it known by. */
export type AccessKey = {
  /** In the key ring. */
  purpose: string
  x5c: readonly string[]
  /** Base64url SHA-256 of the leaf (OpenID4VP 1.0 5.9.3, `x509_hash`). */
  hash: string
  /** The host names that the leaf has (`x509_san_dns`). */
  hosts: readonly string[]
}

/** What was read of each leaf. There are as many as the ring has had keys. */
const known = new Map<string, Pick<AccessKey, 'hash' | 'hosts'>>()

/** The access key of a relying party (entity identifier). Throws when there is none: our own fault. */
export async function accessKey(
  keys: Pick<KeyRing, 'publicKeys'>,
  relyingParty: string,
): Promise<AccessKey> {
  const purpose = `access:${shortId(relyingParty)}`
  const [{ x5c = [] }] = keys.publicKeys(purpose)
  const [leaf] = x5c
  if (leaf === undefined) throw new Error(`${relyingParty} has no access certificate`)
  const names = known.get(leaf) ?? (await read(leaf))
  known.set(leaf, names)
  return { purpose, x5c, ...names }
}

async function read(leaf: string): Promise<Pick<AccessKey, 'hash' | 'hosts'>> {
  const certificate = parseCertificate(leaf)
  if (!certificate) throw new Error('an access certificate of the key ring cannot be read')
  return { hash: await x509Hash(leaf), hosts: dnsNames(certificate) }
}
