import type { ClaimsPathPointer } from '../credential/claims-path-pointer.ts'
import type { JsonObject } from '../credential/json.ts'
import { typesOf } from './dcql.ts'
import {
  type DigitalCredential,
  type DigitalCredentialOptions,
  readPageRequest,
} from './digital-credentials.ts'
import type { HeldCredential } from './held-credential.ts'
import type { Lies } from './lies.ts'
import { createVpToken, encryptResponse, type Presented, respond } from './present.ts'
import { type ReceiveDeps, type ReceiveOptions, receive } from './receive.ts'
import type { Registration } from './registration.ts'
import {
  type AuthorizationRequest,
  fetchRequest,
  type LinkRequest,
  type RequestDeps,
} from './request.ts'
import { type Selection, select } from './select.ts'
import { canAuthorise } from './transaction-data.ts'

export type WalletDeps = ReceiveDeps & RequestDeps & { credentials?: readonly HeldCredential[] }

/** Who asks for what, and what the wallet would show: what a consent screen needs. */
export type Preview = {
  verifier: { clientId: string; name: string }
  asked: { queryId: string; types: string[]; claims: ClaimsPathPointer[] }[]
  /** What `present` would show, by credential query id; undefined when it would have to say no. */
  wouldDisclose: Record<string, ClaimsPathPointer[]> | undefined
  /** What registrars say of the verifier (OpenID4VP 1.0 5.1), where its purpose is told; verified. */
  registrations: Registration[]
  /** What the holder would authorise with her answer. */
  transactions: JsonObject[]
  request: JsonObject
}

export type PresentOptions = {
  lies?: Lies
  /** Whether to answer credential sets that are not required, too. */
  optional?: boolean
}

export type Wallet = ReturnType<typeof createWallet>

/**
 * A wallet: takes credential offers (OpenID4VCI 1.0, pre-authorized code) and answers authorization
 * requests (OpenID4VP 1.0 and HAIP 1.0 with `direct_post.jwt`) with SD-JWT VCs and mdocs.
 *
 * It is honest: it shows what is asked for and nothing more, and throws a sentence that names the rule
 * when an issuer or a verifier breaks one. It lies only where `lies` says so, for the sake of tests.
 */
export function createWallet({ credentials = [], ...deps }: WalletDeps) {
  const held = [...credentials]

  return {
    /** What is held, oldest first. */
    credentials: (): readonly HeldCredential[] => [...held],

    /** Gets what is offered by a credential offer link (`openid-credential-offer://…`), and keeps it. */
    async accept(offer: string, options: ReceiveOptions = {}): Promise<HeldCredential[]> {
      const received = await receive(deps, offer, options)
      held.push(...received)
      return received
    },

    /** Verifies an authorization request and says what it asks, without answering it. */
    async preview(
      authorizationRequest: string,
      options: Pick<PresentOptions, 'optional'> = {},
    ): Promise<Preview> {
      const request = await fetchRequest(deps, authorizationRequest)
      const selections = await selectFor(request, options)
      return previewOf(request, selections)
    },

    /**
     * Answers an authorization request (`openid4vp://?client_id=…&request_uri=…`); with
     * `access_denied` when the wallet does not hold what is asked for (OpenID4VP 1.0 8.5).
     */
    async present(
      authorizationRequest: string,
      { lies = {}, ...options }: PresentOptions = {},
    ): Promise<Presented> {
      const request = await fetchRequest(deps, authorizationRequest)
      const selections = await selectFor(request, options)
      const vpToken = await vpTokenOf(request, selections, lies)
      const denial = lies.error ?? (vpToken === undefined ? 'access_denied' : undefined)
      const response = denial === undefined ? { vp_token: vpToken } : { error: denial }
      const given =
        denial === undefined
          ? { disclosed: pathsOf(selections ?? []), authorised: contentsOf(request) }
          : nothing
      return { ...(await respond(deps.fetch, request, response, lies)), ...given }
    },

    /**
     * What `navigator.credentials.get` gives to a page of this origin, when the person chooses this wallet
     * (W3C Digital Credentials API, OpenID4VP 1.0 A). A browser offers no wallet that cannot answer; who
     * signed for other origins hears `invalid_request`.
     */
    async get(
      origin: string,
      page: DigitalCredentialOptions,
      { lies = {}, protocol: chosen, ...options }: PresentOptions & { protocol?: string } = {},
    ): Promise<DigitalCredential> {
      const { protocol, isExpected, ...asked } = await readPageRequest(deps, origin, page, chosen)
      const request = { ...asked, origin: lies.origin ?? origin }
      const isFooled = !isExpected && !lies.ignoreExpectedOrigins
      const error = isFooled ? 'invalid_request' : lies.error
      if (error !== undefined) return { protocol, data: { error } }
      const vpToken = await vpTokenOf(request, await selectFor(request, options), lies)
      if (vpToken === undefined) throw new DOMException('No wallet can answer', 'NotAllowedError')
      const honest = { vp_token: vpToken }
      const response = lies.parameters ? lies.parameters(honest) : honest
      const data = lies.plaintext
        ? response
        : { response: await encryptResponse(response, request, lies) }
      return { protocol, data }
    },

    /** Says no: `access_denied` (OpenID4VP 1.0 8.5), encrypted like an answer, or `plain`. */
    async decline(authorizationRequest: string, { plain = false } = {}): Promise<Presented> {
      const request = await fetchRequest(deps, authorizationRequest)
      const lies: Lies = plain ? { plaintext: true } : {}
      const denial = { error: 'access_denied' }
      return { ...(await respond(deps.fetch, request, denial, lies)), ...nothing }
    },
  }

  /** What to show: it must answer the query, and be able to authorise what there is to authorise. */
  async function selectFor(
    { query, transactions }: AuthorizationRequest,
    options: Pick<PresentOptions, 'optional'>,
  ): Promise<Selection[] | undefined> {
    const selections = await select(query, held, options)
    return selections && canAuthorise(transactions, selections) ? selections : undefined
  }

  async function vpTokenOf(
    request: AuthorizationRequest,
    selections: readonly Selection[] | undefined,
    lies: Lies,
  ): Promise<unknown> {
    const { presentations, vpToken } = lies
    const honest = selections && (await createVpToken(request, selections, deps.now(), lies))
    const ids = honest ? Object.keys(honest) : request.query.credentials.map(({ id }) => id)
    const replayed: Record<string, string[]> | undefined =
      presentations && Object.fromEntries(ids.map((id) => [id, [...presentations]]))
    return vpToken ? vpToken(replayed ?? honest ?? {}) : (replayed ?? honest)
  }
}

function previewOf(request: LinkRequest, selections: readonly Selection[] | undefined): Preview {
  const { clientId, verifierName: name, query, registrations, payload } = request
  return {
    verifier: { clientId, name },
    asked: query.credentials.map((credential) => ({
      queryId: credential.id,
      types: typesOf(credential),
      claims: credential.claims?.map(({ path }) => path) ?? [],
    })),
    wouldDisclose: selections && pathsOf(selections),
    registrations,
    transactions: contentsOf(request),
    request: payload,
  }
}

const pathsOf = (selections: readonly Selection[]): Record<string, ClaimsPathPointer[]> =>
  Object.fromEntries(selections.map(({ queryId, paths }) => [queryId, paths]))

const contentsOf = ({ transactions }: AuthorizationRequest): JsonObject[] =>
  transactions.map(({ content }) => content)

const nothing = { disclosed: {}, authorised: [] }
