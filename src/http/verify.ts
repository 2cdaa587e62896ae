import { Hono } from 'hono'
import * as z from 'zod/mini'
import type { RelyingPartyKeyStore } from '../presentation/relying-party-keys.ts'
import { presentedIn, type VerifyDeps, verifyPresented } from '../presentation/verify-presented.ts'
import { authenticate, type RelyingPartyEnv } from './authenticate.ts'
import { readJson } from './body.ts'
import { crossOrigin } from './cross-origin.ts'
import { readInstant } from './instant.ts'
import { problem } from './render.ts'

export type VerifyRoutesDeps = VerifyDeps & {
  relyingPartyKeys: Pick<RelyingPartyKeyStore, 'find'>
  trustedOrigins: readonly string[]
}

const text = z.string().check(z.minLength(1), z.maxLength(2000))
const instant = z.pipe(
  z.union([z.string(), z.int()]),
  z.transform((value, context) => {
    const read = readInstant(String(value))
    if (read) return read
    const message = 'must be an instant: RFC 3339, or seconds since the epoch'
    context.issues.push({ code: 'custom', input: value, message })
    return z.NEVER
  }),
)

const Body = z.strictObject({
  presentation: z.optional(z.string()),
  vp_token: z.optional(z.unknown()),
  dcql_query: z.optional(z.unknown()),
  purpose: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)),
  nonce: text,
  audience: text,
  at: z.optional(instant),
  /** These two are for mdoc alone: what its device signed over besides. */
  response_uri: z.optional(text),
  jwk_thumbprint: z.optional(
    z
      .string()
      .check(z.regex(/^[\w-]{43}$/, 'must be a SHA-256 thumbprint (RFC 7638) in base64url')),
  ),
})

/** `POST /v1/verify`: a relying party that asked the wallet itself has the answer judged. */
export function verifyRoutes(deps: VerifyRoutesDeps) {
  const allowed = crossOrigin({
    origin: [...deps.trustedOrigins],
    allowHeaders: ['authorization', 'content-type'],
  })
  return new Hono<RelyingPartyEnv>()
    .use('/v1/verify', allowed, authenticate(deps))
    .post('/v1/verify', async (c) => {
      const body = await readJson(c, Body)
      if (!body.ok) return problem(body.error)
      const presented = presentedIn(body.value)
      if (!presented) return problem({ code: 'malformed_request', detail: eitherForm })
      const { purpose, nonce, audience, at } = body.value
      const { response_uri: responseUri, jwk_thumbprint: jwkThumbprint } = body.value
      const request = {
        ...{ presented, purpose, nonce, audience },
        ...(responseUri !== undefined && { responseUri }),
        ...(jwkThumbprint !== undefined && { jwkThumbprint }),
        ...(at && { at }),
      }
      const verified = await verifyPresented(deps, c.get('relyingParty'), request)
      if (!verified.ok) return problem(verified.error)
      return c.json(verified.value, 200, { 'cache-control': 'no-store' })
    })
}

const eitherForm = 'Send either presentation, or vp_token and dcql_query together.'
