import { base64url, type JWK } from 'jose'
import type { KeyPeriod, KeyRing, MacPurpose, PublicSigningKey } from './keys.ts'

/** A private key as it lies in `keys.jwks.json`: a JWK that says what it is for, and since when. */
export type PurposeJwk = JWK & KeyPeriod & { kid: string; purpose: string; x5c?: string[] }

/** What `keys.jwks.json` holds: private keys by purpose, and the anchors of their certificates. */
export type KeyFile = { keys: PurposeJwk[]; anchors: Record<string, string> }

type SigningJwk = PurposeJwk & { kty: 'EC' }

type Awaitable<T> = T | Promise<T>
type Bytes = Uint8Array<ArrayBuffer>

/** What the keys are used with: ECDSA on P-256, HMAC and HKDF with SHA-256. */
type Cryptography<SigningKey, MacKey> = {
  signingKey(scalar: Bytes, point: Bytes): Awaitable<SigningKey>
  sign(key: SigningKey, bytes: Uint8Array): Awaitable<Bytes>
  macKey(secret: Bytes): Awaitable<MacKey>
  mac(key: MacKey, bytes: Uint8Array): Awaitable<Bytes>
  hkdf(secret: Bytes, info: Bytes, length: number): Awaitable<Bytes>
}

/** The purpose of the key that those are derived from which have none of their own. */
const common = 'secrets'

/**
 * A key ring over private JWKs. Of several keys for one purpose the first signs; the others are
 * retired, and their public halves stay known so that old signatures verify. So a retired key may come
 * without its private half, and only a retired one may have come to its end (`exp`, `revoked`).
 *
 * A MAC is made with the purpose's own key; without one, with a key that is derived for this purpose
 * from the `secrets` key. So each can be replaced later by giving it a key, which moves no other.
 *
 * Throws when two keys share a `kid`, when a key is neither EC P-256 nor a 256-bit secret, or when the
 * one that is to sign has an end: a gateway with such a ring must not start.
 */
export function jwkKeyRing<SigningKey, MacKey>(
  jwks: { keys: readonly PurposeJwk[] },
  cryptography: Cryptography<SigningKey, MacKey>,
): KeyRing {
  const byPurpose = Map.groupBy(jwks.keys, (jwk) => jwk.purpose)
  const kids = new Set(jwks.keys.map((jwk) => jwk.kid))
  if (kids.size !== jwks.keys.length) throw new Error('two keys of the ring share one kid')
  for (const [current, ...retired] of byPurpose.values()) {
    if (current) assertUsable(current)
    for (const jwk of retired) assertReadable(jwk)
  }

  // The finished keys, never their promises: on Workers one belongs to the request that made it.
  const signingKeys = new Map<string, SigningKey>()
  const macKeys = new Map<MacPurpose, MacKey>()
  const current = (purpose: string): PurposeJwk => {
    const [jwk] = byPurpose.get(purpose) ?? []
    if (!jwk) throw new Error(`no key for the purpose ${purpose}`)
    return jwk
  }
  const macJwk = (purpose: MacPurpose) => current(byPurpose.has(purpose) ? purpose : common)

  /** A purpose without a key of its own has one derived: it tells nothing of another's (RFC 5869). */
  async function makeMacKey(purpose: MacPurpose): Promise<MacKey> {
    const { k, purpose: own } = macJwk(purpose)
    const secret = bytesOf(k)
    const info = new TextEncoder().encode(purpose)
    return cryptography.macKey(own === common ? await cryptography.hkdf(secret, info, 32) : secret)
  }

  return {
    async sign(purpose, bytes) {
      const jwk = current(purpose)
      const key =
        signingKeys.get(jwk.kid) ??
        (await cryptography.signingKey(bytesOf(jwk.d), bytesOf(jwk.x, jwk.y)))
      signingKeys.set(jwk.kid, key)
      return cryptography.sign(key, bytes)
    },
    async mac(purpose, bytes) {
      const key = macKeys.get(purpose) ?? (await makeMacKey(purpose))
      macKeys.set(purpose, key)
      return cryptography.mac(key, bytes)
    },
    macKeyId: (purpose) => macJwk(purpose).kid,
    publicKeys(purpose) {
      const [first, ...retired] = (byPurpose.get(purpose) ?? []).filter(isSigning)
      if (!first) throw new Error(`no signing key for the purpose ${purpose}`)
      return [publicHalf(first), ...retired.map(publicHalf)]
    },
  }
}

const isSigning = (jwk: PurposeJwk): jwk is SigningJwk => jwk.kty === 'EC'

/** The bytes of members of a JWK, one after the other. */
const bytesOf = (...members: (string | undefined)[]): Bytes =>
  Uint8Array.from(members.flatMap((member = '') => [...base64url.decode(member)]))

function publicHalf({ kid, kty, crv, x, y, x5c, iat, exp, revoked }: SigningJwk): PublicSigningKey {
  return {
    kid,
    alg: 'ES256',
    jwk: { kty, crv, x, y } as JWK,
    ...(x5c && { x5c }),
    ...(iat !== undefined && { iat }),
    ...(exp !== undefined && { exp }),
    ...(revoked && { revoked }),
  }
}

function assertUsable(jwk: PurposeJwk): void {
  assertReadable(jwk)
  if (jwk.kty === 'EC' && !jwk.d) throw new Error(`${nameOf(jwk)} has no private half to sign with`)
  if (jwk.exp !== undefined || jwk.revoked) {
    throw new Error(`${nameOf(jwk)} has an end: put the key that follows it before it`)
  }
}

function assertReadable(jwk: PurposeJwk): void {
  const signs = jwk.kty === 'EC' && jwk.crv === 'P-256' && jwk.x && jwk.y
  // 256 bits are 43 characters of base64url.
  const keepsSecrets = jwk.kty === 'oct' && /^[\w-]{43,}$/.test(jwk.k ?? '')
  if (!signs && !keepsSecrets) {
    throw new Error(`${nameOf(jwk)} is neither EC P-256 nor a 256-bit secret`)
  }
}

const nameOf = ({ kid, purpose }: PurposeJwk) => `the key ${kid} (${purpose})`
