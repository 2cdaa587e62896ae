import { base64url, type JWK } from 'jose'
import type { KeyPeriod, KeyRing, MacPurpose, PublicSigningKey } from './keys.ts'

/** A private key as it lies in `keys.jwks.json`: a JWK that says what it is for, and since when. */
export type PurposeJwk = JWK & KeyPeriod & { kid: string; purpose: string; x5c?: string[] }

/** What `keys.jwks.json` holds: private keys by purpose, and the anchors of their certificates. */
export type KeyFile = { keys: PurposeJwk[]; anchors: Record<string, string> }

type SigningJwk = PurposeJwk & { kty: 'EC' }

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' } as const
const hmac = { name: 'HMAC', hash: 'SHA-256' } as const

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
export function jwkKeyRing(jwks: { keys: readonly PurposeJwk[] }): KeyRing {
  const byPurpose = Map.groupBy(jwks.keys, (jwk) => jwk.purpose)
  const kids = new Set(jwks.keys.map((jwk) => jwk.kid))
  if (kids.size !== jwks.keys.length) throw new Error('two keys of the ring share one kid')
  for (const [current, ...retired] of byPurpose.values()) {
    if (current) assertUsable(current)
    for (const jwk of retired) assertReadable(jwk)
  }

  // The finished keys, never their promises: on Workers one belongs to the request that made it.
  const imported = new Map<string, CryptoKey>()
  const once = async (name: string, importKey: () => Promise<CryptoKey>) => {
    const key = imported.get(name) ?? (await importKey())
    imported.set(name, key)
    return key
  }
  const current = (purpose: string): PurposeJwk => {
    const [jwk] = byPurpose.get(purpose) ?? []
    if (!jwk) throw new Error(`no key for the purpose ${purpose}`)
    return jwk
  }
  const macKey = (purpose: MacPurpose) => current(byPurpose.has(purpose) ? purpose : common)

  return {
    async sign(purpose, bytes) {
      const jwk = current(purpose)
      const key = await once(jwk.kid, () =>
        crypto.subtle.importKey('jwk', ecKeyOnly(jwk), ecdsa, false, ['sign']),
      )
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
      return new Uint8Array(await crypto.subtle.sign(algorithm, key, Uint8Array.from(bytes)))
    },
    async mac(purpose, bytes) {
      const jwk = macKey(purpose)
      const key = await once(`${purpose} ${jwk.kid}`, () =>
        jwk.purpose === common ? derive(jwk, purpose) : importHmac(jwk),
      )
      return new Uint8Array(await crypto.subtle.sign('HMAC', key, Uint8Array.from(bytes)))
    },
    macKeyId: (purpose) => macKey(purpose).kid,
    publicKeys(purpose) {
      const [first, ...retired] = (byPurpose.get(purpose) ?? []).filter(isSigning)
      if (!first) throw new Error(`no signing key for the purpose ${purpose}`)
      return [publicHalf(first), ...retired.map(publicHalf)]
    },
  }
}

const isSigning = (jwk: PurposeJwk): jwk is SigningJwk => jwk.kty === 'EC'

/** What WebCrypto needs to see: other members (`use`, `alg`, `key_ops`) could only contradict us. */
const ecKeyOnly = ({ kty, crv, x, y, d }: JWK) => ({ kty, crv, x, y, d }) as JsonWebKey

const bytesOf = ({ k }: JWK) => Uint8Array.from(base64url.decode(k ?? ''))

const importHmac = (jwk: JWK): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytesOf(jwk), hmac, false, ['sign'])

/** HKDF-SHA-256 (RFC 5869): one purpose's key tells nothing of another's. */
async function derive(jwk: JWK, purpose: MacPurpose): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', bytesOf(jwk), 'HKDF', false, ['deriveKey'])
  const info = new TextEncoder().encode(purpose)
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  return crypto.subtle.deriveKey(hkdf, base, { ...hmac, length: 256 }, false, ['sign'])
}

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
