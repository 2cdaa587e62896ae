import { Hono } from 'hono'
import * as z from 'zod/mini'
import type { CredentialStatus } from '../credential/credential-status.ts'
import { configurationsFor } from '../issuance/credential-configurations.ts'
import { createOffer, type OfferDeps } from '../issuance/credential-offer.ts'
import { findIssuer, type IssuerDeps } from '../issuance/issuer.ts'
import { changeStatus, type StatusDeps } from '../issuance/status.ts'
import { readJson } from './body.ts'
import { problem } from './render.ts'

export type SandboxRoutesDeps = IssuerDeps &
  OfferDeps &
  Pick<StatusDeps, 'statusLists'> & { env: 'sandbox' | 'production' }

const OfferRequest = z.strictObject({
  issuer: z.string(),
  persona: z.string(),
  credential_configuration_ids: z.array(z.string()).check(z.minLength(1), z.maxLength(20)),
  grant: z.enum(['pre-authorized_code', 'authorization_code']),
  tx_code: z.optional(z.boolean()),
  validity: z.optional(z.enum(['expired', 'not-yet-valid'])),
  deferred: z.optional(z.number().check(z.minimum(0))),
})

const StatusChange = z.strictObject({
  status_list_uri: z.string(),
  idx: z.int().check(z.minimum(0)),
  status: z.enum(['valid', 'suspended', 'revoked']),
})

/** What the back office calls a status, in the words of Token Status List 7.1. */
const statuses = {
  valid: 'valid',
  suspended: 'suspended',
  revoked: 'invalid',
} as const satisfies Record<string, CredentialStatus>

/**
 * `/sandbox`: what a demo or a test needs from an issuer's back office. In production there are no
 * such paths.
 */
export function sandboxRoutes(deps: SandboxRoutesDeps) {
  const routes = new Hono()
  if (deps.env !== 'sandbox') return routes
  return routes
    .get('/sandbox/personas', (c) => c.json({ personas: personas(deps) }))
    .post('/sandbox/offers', async (c) => {
      const body = await readJson(c, OfferRequest)
      if (!body.ok) return problem(body.error)
      const issuer = findIssuer(deps, body.value.issuer)
      if (!issuer) return problem({ code: 'not_found', detail: 'There is no such issuer.' })
      if (body.value.grant !== 'pre-authorized_code' || body.value.deferred !== undefined) {
        const detail = 'Only the grant pre-authorized_code, not deferred, can be offered for now.'
        return problem({ code: 'offer_not_possible', detail })
      }
      const created = await createOffer(deps, issuer, {
        persona: body.value.persona,
        configurationIds: body.value.credential_configuration_ids,
        txCode: body.value.tx_code ?? false,
        validity: body.value.validity ?? 'current',
      })
      if (!created.ok) return problem(created.error)
      const { offer, uri, txCode } = created.value
      const answer = {
        credential_offer: offer,
        credential_offer_uri: `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(uri)}`,
        ...(txCode && { tx_code: txCode }),
      }
      return c.json(answer, 201, { 'Cache-Control': 'no-store' })
    })
    .post('/sandbox/credentials/status', async (c) => {
      const body = await readJson(c, StatusChange)
      if (!body.ok) return problem(body.error)
      const { status_list_uri: uri, idx, status } = body.value
      const changed = await changeStatus(deps, { uri, idx, status: statuses[status] })
      return changed.ok ? c.body(null, 204) : problem(changed.error)
    })
}

const personas = ({ states }: IssuerDeps) =>
  [...states].flatMap(([cc, { personas }]) =>
    personas.map((persona) => ({
      id: persona.id,
      issuer: cc,
      name: persona.person.name,
      kind: persona.kind,
      credential_configuration_ids: configurationsFor(persona).map(({ id }) => id),
    })),
  )
