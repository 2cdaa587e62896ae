import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Entity } from '../trust/facts.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { clientIdOf } from './client-id.ts'
import {
  type DigitalCredentialRequest,
  digitalCredentialRequest,
} from './digital-credential-request.ts'
import type { Draft, DraftDeps } from './draft.ts'
import type { PresentationRequest } from './presentation-request.ts'
import { notRegistered } from './purpose.ts'
import { registrationCertificate } from './registration-certificate.ts'
import { sealRequest } from './sealed-request.ts'
import type { InBrowser, Requested } from './transaction.ts'

/** A transaction, and what the relying party's page gives to the browser. */
export type StartedInBrowser = {
  transaction: Extract<Requested, InBrowser>
  digitalCredentialRequest: DigitalCredentialRequest
}

/**
 * Starts a transaction whose wallet is called by the browser (OpenID4VP 1.0 A). What the page hands over
 * is said here once and for all: nobody fetches it from us.
 */
export async function startInBrowser(
  deps: DraftDeps,
  { agreed, asked, access }: Draft,
  { origin, clientIdPrefix }: PresentationRequest & { origin: string },
  entity: Entity,
  snapshot: Snapshot,
): Promise<Result<StartedInBrowser, Refusal>> {
  const { keys, env } = deps
  const { purpose, encryptionSecret, createdAt: now } = agreed
  const under = (prefix: string) => clientIdOf(prefix, { access, origin: deps.origin, env })
  const clientId = under(clientIdPrefix ?? 'x509_hash')
  if (!clientId.ok) return refuse({ code: 'option_unavailable', detail: clientId.error })
  const registered = { entity, purpose, accessHash: access.hash }
  const registration = await registrationCertificate(deps, registered, snapshot, now)
  if (registration === undefined) return refuse(notRegistered(purpose))
  const signer = {
    access,
    clientId: clientId.value,
    otherClientIds: [under('x509_hash'), under('x509_san_dns')].flatMap((name) =>
      name.ok && name.value !== clientId.value ? name.value : [],
    ),
    registration,
  }
  const request = await digitalCredentialRequest(deps, { ...agreed, ...asked, origin }, signer, now)
  const sealedRequest = await sealRequest(keys, encryptionSecret, asked)
  const transaction = {
    ...agreed,
    flow: 'dc_api',
    origin,
    status: 'requested',
    sealedRequest,
  } as const
  return ok({ transaction, digitalCredentialRequest: request })
}
