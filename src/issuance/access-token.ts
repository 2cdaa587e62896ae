import { newSecret } from '../credential/secret.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { ok, type Result, refuse } from '../result.ts'
import { proofSpent, verifyDpopProof } from './dpop.ts'
import { type RememberProof, spendProof } from './freshness.ts'
import { type Grant, openGrant, sealGrant } from './grant.ts'
import type { Issuer } from './issuer.ts'
import { hashOfSecret } from './secret.ts'

export type AccessTokenStore = {
  add(token: {
    tokenHash: string
    issuer: string
    sealedGrant: string
    jkt?: string
    expiresAt: Date
  }): Promise<void>
  find(
    issuer: string,
    tokenHash: string,
    now: Date,
  ): Promise<{ sealedGrant: string; jkt?: string } | undefined>
}

export type AccessTokenDeps = {
  clock: Clock
  random: Random
  accessTokens: AccessTokenStore
  rememberProof: RememberProof
}

/** Seconds. A Bearer token must not live longer (OpenID4VCI 1.0 13.10); a bound one need not. */
export const tokenLifetime = 300

/** Makes an access token, bound to a DPoP key if there is one. */
export async function createAccessToken(
  { clock, random, accessTokens }: AccessTokenDeps,
  issuer: Issuer,
  grant: Grant,
  jkt: string | undefined,
): Promise<string> {
  const token = newSecret(random)
  await accessTokens.add({
    tokenHash: await hashOfSecret(token),
    issuer: issuer.cc,
    sealedGrant: await sealGrant(token, grant),
    ...(jkt && { jkt }),
    expiresAt: new Date(clock().getTime() + tokenLifetime * 1000),
  })
  return token
}

/** What a request to a protected resource brings (RFC 6750 2.1, RFC 9449 7.1). */
export type ResourceRequest = {
  authorization: string | undefined
  dpop: string | undefined
  method: string
  url: string
}

/** A refusal, and the scheme by which it can be mended; none where no token was sent. */
export type AccessRefusal = Refusal<'unauthenticated' | 'access_proof_rejected'> & {
  scheme: TokenScheme | undefined
}

type TokenScheme = 'Bearer' | 'DPoP'

/** What the access token in a request may fetch from this issuer. */
export async function authorizeAccess(
  deps: AccessTokenDeps,
  issuer: Issuer,
  { authorization, dpop, method, url }: ResourceRequest,
): Promise<Result<Grant, AccessRefusal>> {
  const [, name = '', token] = /^(Bearer|DPoP) ([^ ]+)$/i.exec(authorization ?? '') ?? []
  if (!token) return noAccess(undefined, 'Send an access token in the Authorization header.')
  const scheme = name.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer'
  const now = deps.clock()
  const found = await deps.accessTokens.find(issuer.cc, await hashOfSecret(token), now)
  if (!found) return noAccess(scheme, 'The access token is unknown here, or it expired.')
  const bound = found.jkt !== undefined
  if (bound !== (scheme === 'DPoP')) {
    // RFC 9449 7.2: a bound token as Bearer is what a thief without the key would send.
    return bound
      ? noAccess('DPoP', 'The access token is bound to a key. Send it with scheme DPoP.')
      : noAccess('Bearer', 'The access token is not bound to a key. Send it with scheme Bearer.')
  }
  if (bound) {
    const proof = await verifyDpopProof(dpop ?? '', { method, url, accessToken: token }, now)
    if (!proof.ok) return badProof(proof.error)
    if (proof.value.key !== found.jkt) return badProof('It is not made with the key of the token.')
    if (!(await spendProof(deps.rememberProof, proof.value, now))) return badProof(proofSpent)
  }
  return ok(await openGrant(token, found.sealedGrant))
}

const noAccess = (scheme: TokenScheme | undefined, detail: string) =>
  refuse({ code: 'unauthenticated' as const, detail, scheme })

const badProof = (why: string) =>
  refuse({
    code: 'access_proof_rejected' as const,
    detail: `The DPoP proof is no good. ${why}`,
    scheme: 'DPoP' as const,
  })
