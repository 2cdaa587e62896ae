import type { JWK } from 'jose'
import type { KeyRing, PublicSigningKey } from './keys.ts'

/** A private key as it lies in `keys.jwks.json`: a JWK that says what it is for. */
export type PurposeJwk = JWK & { kid: string; purpose: string; x5c?: string[] }

/** What `keys.jwks.json` holds: private keys by purpose, and the anchors of their certificates. */
export type KeyFile = { keys: PurposeJwk[]; anchors: Record<string, string> }

type SigningJwk = PurposeJwk & { kty: 'EC' }

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' } as const

/**
 * A key ring over private JWKs. Of several keys for one purpose the first signs; the others are
 * retired, and their public halves stay known so that old signatures verify.
 *
 * Throws when two keys share a `kid`, or when a key is neither EC P-256 nor a 256-bit secret: a
 * gateway with such a ring must not start.
 */
export function jwkKeyRing(jwks: { keys: readonly PurposeJwk[] }): KeyRing {
  const byPurpose = Map.groupBy(jwks.keys, (jwk) => jwk.purpose)
  const kids = new Set(jwks.keys.map((jwk) => jwk.kid))
  if (kids.size !== jwks.keys.length) throw new Error('two keys of the ring share one kid')
  for (const jwk of jwks.keys) assertUsable(jwk)

  const imported = new Map<string, Promise<CryptoKey>>()
  const once = (jwk: PurposeJwk, importKey: () => Promise<CryptoKey>) => {
    const known = imported.get(jwk.kid) ?? importKey()
    imported.set(jwk.kid, known)
    return known
  }
  const current = (purpose: string): PurposeJwk => {
    const [jwk] = byPurpose.get(purpose) ?? []
    if (!jwk) throw new Error(`no key for the purpose ${purpose}`)
    return jwk
  }

  return {
    async sign(purpose, bytes) {
      const jwk = current(purpose)
      const key = await once(jwk, () =>
        crypto.subtle.importKey('jwk', keyOnly(jwk), ecdsa, false, ['sign']),
      )
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
      return new Uint8Array(await crypto.subtle.sign(algorithm, key, Uint8Array.from(bytes)))
    },
    async mac(purpose, bytes) {
      const jwk = current(purpose)
      const hmac = { name: 'HMAC', hash: 'SHA-256' }
      const key = await once(jwk, () =>
        crypto.subtle.importKey('jwk', keyOnly(jwk), hmac, false, ['sign']),
      )
      return new Uint8Array(await crypto.subtle.sign('HMAC', key, Uint8Array.from(bytes)))
    },
    publicKeys(purpose) {
      const [first, ...retired] = (byPurpose.get(purpose) ?? []).filter(isSigning)
      if (!first) throw new Error(`no signing key for the purpose ${purpose}`)
      return [publicHalf(first), ...retired.map(publicHalf)]
    },
  }
}

const isSigning = (jwk: PurposeJwk): jwk is SigningJwk => jwk.kty === 'EC'

/** What WebCrypto needs to see: other members (`use`, `alg`, `key_ops`) could only contradict us. */
function keyOnly({ kty, crv, x, y, d, k }: JWK): JsonWebKey {
  return kty === 'oct' ? { kty, k: k ?? '' } : ({ kty, crv, x, y, d } as JsonWebKey)
}

function publicHalf({ kid, kty, crv, x, y, x5c }: SigningJwk): PublicSigningKey {
  const jwk = { kty, crv, x, y } as JWK
  return { kid, alg: 'ES256', jwk, ...(x5c && { x5c }) }
}

function assertUsable(jwk: PurposeJwk): void {
  const signs = jwk.kty === 'EC' && jwk.crv === 'P-256' && jwk.d
  // 256 bits are 43 characters of base64url.
  const keepsSecrets = jwk.kty === 'oct' && (jwk.k?.length ?? 0) >= 43
  if (!signs && !keepsSecrets) {
    throw new Error(`the key ${jwk.kid} (${jwk.purpose}) is neither EC P-256 nor a 256-bit secret`)
  }
}
