import { type CredentialStatus, credentialStatuses } from '../credential/credential-status.ts'
import type { Sign } from '../credential/jws.ts'
import {
  packStatuses,
  type StatusListDraft,
  type StatusListPolicy,
  signStatusListToken,
  verifyStatusListToken,
} from '../credential/status-list.ts'
import { signStatusListCwt, verifyStatusListCwt } from '../credential/status-list-cwt.ts'
import type { TrustedCertificate } from '../credential/x509.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/keys.ts'
import { ok, type Result, refuse } from '../result.ts'
import { issuerId } from './issuer.ts'
import { type StatusListStore, statusListId, statusListSize, statusListUri } from './status-list.ts'

export type StatusDeps = {
  origin: string
  clock: Clock
  keys: KeyRing
  statusLists: StatusListStore
  trustAnchors(use: 'issuer_ca', at: Date): Promise<readonly TrustedCertificate[]>
}

/** Seconds that others may keep a list: so long they may not know of a revocation, and no longer. */
const statusListTtl = 300

/**
 * Seconds until a token expires. More than `ttl`, so that whoever cannot fetch anew is not cut off
 * at once; not much more, because so long an old token can be replayed to hide a revocation.
 */
const tokenLifetime = 1200

/** Changes the status of a credential we issued. It binds our own verifier at once. */
export async function changeStatus(
  deps: Pick<StatusDeps, 'origin' | 'clock' | 'statusLists'>,
  { uri, idx, status }: { uri: string; idx: number; status: CredentialStatus },
): Promise<Result<void, Refusal<'not_found' | 'status_final'>>> {
  const statusList = statusListId(deps, uri) ?? ''
  const at = deps.clock()
  if (await deps.statusLists.append({ statusList, idx, status, at })) return ok(undefined)
  const before = await deps.statusLists.statusAt(statusList, idx, at)
  if (before === undefined) {
    return refuse({ code: 'not_found', detail: 'No credential was issued with this status.' })
  }
  if (status === 'invalid') return ok(undefined)
  return refuse({ code: 'status_final', detail: 'The credential is revoked, and stays revoked.' })
}

/**
 * The status, at an instant, of a credential of one of our issuers, by its identifier: without a list,
 * and so without delay. Undefined when the list is not ours, or at this index that issuer issued
 * nothing: what one issuer says of its credentials is no word on another's (Token Status List 11.3).
 */
export async function ownStatus(
  deps: { origin: string; statusLists: Pick<StatusListStore, 'statusAt'> },
  { uri, idx }: { uri: string; idx: number },
  issuer: string,
  at: Date,
): Promise<CredentialStatus | undefined> {
  const list = statusListId(deps, uri)
  const issued = list ? await deps.statusLists.statusAt(list, idx, at) : undefined
  return issued && issuerId(deps, issued.issuer) === issuer ? issued.status : undefined
}

/** The forms of a Status List Token (Token Status List 5.1, 5.2): the same list, said twice. */
export type StatusListForm = 'jwt' | 'cwt'
type Token = string | Uint8Array<ArrayBuffer>

/**
 * Gives a list's current Status List Token, or undefined for an unknown list.
 *
 * One token of each form is kept per list, and made anew when there is a newer event, or when its `ttl`
 * is over: what we hand out is good for much longer than its reader may keep it.
 */
export function statusListTokens(deps: StatusDeps) {
  const kept = {
    jwt: new Map<string, KeptToken>(),
    cwt: new Map<string, KeptToken>(),
  }

  return async function statusListToken(
    id: string,
    form: StatusListForm,
  ): Promise<Token | undefined> {
    const issuer = await deps.statusLists.issuerOf(id)
    if (issuer === undefined) return undefined
    const now = deps.clock()
    const newestEvent = await deps.statusLists.newestEvent(id)
    const known = kept[form].get(id)
    if (known?.newestEvent === newestEvent && now < known.renewAt) return known.token
    const token = await signList(deps, { id, issuer, newestEvent, now }, form)
    const renewAt = new Date(now.getTime() + statusListTtl * 1000)
    kept[form].set(id, { newestEvent, token, renewAt })
    return token
  }
}

type KeptToken = { newestEvent: number; token: Token; renewAt: Date }

async function signList(
  deps: StatusDeps,
  list: { id: string; issuer: string; newestEvent: number; now: Date },
  form: StatusListForm,
): Promise<Token> {
  const events = await deps.statusLists.events(list.id, list.newestEvent)
  const statuses = new Map(
    events.map(({ idx, status }) => [idx, credentialStatuses.indexOf(status)]),
  )
  const purpose = `status-list:${list.issuer}`
  const [{ kid, x5c }] = deps.keys.publicKeys(purpose)
  if (!x5c) throw new Error(`the key for ${purpose} has no certificates`)
  const draft = {
    uri: statusListUri(deps, list.id),
    bits: 2,
    list: packStatuses(statusListSize, 2, statuses),
    issuedAt: list.now,
    expiresAt: new Date(list.now.getTime() + tokenLifetime * 1000),
    ttl: statusListTtl,
  } as const
  const sign = (bytes: Uint8Array) => deps.keys.sign(purpose, bytes)
  const anchors = await deps.trustAnchors('issuer_ca', list.now)
  const policy = { uri: draft.uri, at: list.now, anchors }
  const { token, verified } = await make[form](draft, { kid, x5c }, sign, policy)
  if (!verified.ok) throw new Error(`our verifier refuses our status list: ${verified.error}`)
  return token
}

type Signer = { kid: string; x5c: string[] }

/** Signs a list, and has our own verifier look at it. */
const make = {
  async jwt(draft: StatusListDraft, signer: Signer, sign: Sign, policy: StatusListPolicy) {
    const token = await signStatusListToken(draft, signer, sign)
    return { token, verified: await verifyStatusListToken(token, policy) }
  },
  async cwt(draft: StatusListDraft, signer: Signer, sign: Sign, policy: StatusListPolicy) {
    const token = await signStatusListCwt(draft, signer, sign)
    return { token, verified: await verifyStatusListCwt(token, policy) }
  },
}
